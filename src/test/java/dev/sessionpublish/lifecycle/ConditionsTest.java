package dev.sessionpublish.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sessionpublish.lifecycle.Conditions.Status;
import dev.sessionpublish.lifecycle.Conditions.Wanted;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTest {
    private static final String EARLIER = "2026-01-01T00:00:00Z";
    private final Conditions conditions =
            new Conditions(Clock.fixed(Instant.parse("2026-02-03T04:05:06.789Z"), ZoneOffset.UTC));

    @Test
    void aFirstConditionChangedNowInWholeSeconds() {
        List<Condition> merged = conditions.merge(null, List.of(ready(Status.of(true), "Pushed", "Done.")), 3);

        assertThat(merged)
                .containsExactly(new ConditionBuilder()
                        .withType("Ready")
                        .withStatus("True")
                        .withReason("Pushed")
                        .withMessage("Done.")
                        .withObservedGeneration(3L)
                        .withLastTransitionTime("2026-02-03T04:05:06Z")
                        .build());
    }

    @Test
    void theTimeStaysWhileTheStatusStaysWhateverElseChanges() {
        List<Condition> merged =
                conditions.merge(previous("Ready", "False"), List.of(ready(Status.FALSE, "Network", "Again.")), 4);

        assertThat(merged).singleElement().satisfies(ready -> {
            assertThat(ready.getLastTransitionTime()).isEqualTo(EARLIER);
            assertThat(ready.getReason()).isEqualTo("Network");
            assertThat(ready.getObservedGeneration()).isEqualTo(4);
        });
    }

    @Test
    void theTimeIsNewWhenTheStatusChangesOrWasAnotherTypes() {
        assertThat(conditions.merge(previous("Ready", "Unknown"), List.of(ready(Status.TRUE, "Pushed", "")), 1))
                .extracting(Condition::getLastTransitionTime)
                .containsExactly("2026-02-03T04:05:06Z");
        assertThat(conditions.merge(previous("Stalled", "True"), List.of(ready(Status.TRUE, "Pushed", "")), 1))
                .extracting(Condition::getLastTransitionTime)
                .containsExactly("2026-02-03T04:05:06Z");
    }

    @Test
    void exactlyTheWantedConditionsRemainInTheirOrder() {
        List<Condition> merged = conditions.merge(
                previous("Gone", "True"),
                List.of(ready(Status.TRUE, "Pushed", ""), new Wanted("Pushed", Status.UNKNOWN, "Waiting", "")),
                1);

        assertThat(merged).extracting(Condition::getType).containsExactly("Ready", "Pushed");
        assertThat(merged).extracting(Condition::getStatus).containsExactly("True", "Unknown");
    }

    @Test
    void aTransitionAtNoTimeIsOneOfNow() {
        List<Condition> unreadable =
                List.of(new ConditionBuilder(previous("Ready", "True").get(0))
                        .withLastTransitionTime("yesterday")
                        .build());

        assertThat(conditions.merge(unreadable, List.of(ready(Status.TRUE, "Pushed", "")), 1))
                .extracting(Condition::getLastTransitionTime)
                .doesNotContain("yesterday");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no-commits", "Two words", "1st", "Ends:"})
    void aReasonThatTheApiServerRefusesIsRefusedHere(String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> ready(Status.TRUE, reason, ""));
    }

    @Test
    void aMessageThatTheApiServerRefusesIsRefusedHere() {
        assertThatIllegalArgumentException().isThrownBy(() -> ready(Status.TRUE, "Pushed", "x".repeat(32769)));
    }

    private static Wanted ready(Status status, String reason, String message) {
        return new Wanted("Ready", status, reason, message);
    }

    private static List<Condition> previous(String type, String status) {
        return List.of(new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason("Before")
                .withLastTransitionTime(EARLIER)
                .build());
    }
}
