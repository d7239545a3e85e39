package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.ManualPullRequest;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.PullRequestText;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.sandbox.SandboxReason;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PublishStatusTest {
    private static final ObjectId COMMIT = new ObjectId("1".repeat(40));
    private static final ManualPullRequest LINK = new ManualPullRequest("https://x/", "network", "gh");

    @Test
    void timesThatAreNoneAreNotWrittenAgain() {
        StoredPublish stored = new StoredPublish()
                .phase(Phase.Waiting)
                .status("startedAt", "yesterday")
                .status("nextAttemptAt", "soon")
                .status("push", Map.of("startedAt", "then", "commit", "1".repeat(40)))
                .status("history", List.of(Map.of("time", "then", "type", "git.push.started")));

        SessionPublishStatus written = new PublishStatus(stored.publish(), StoredPublish.CLOCK).build();

        assertThat(written.startedAt()).isNull();
        assertThat(written.nextAttemptAt()).isNull();
        assertThat(written.push().startedAt()).isNull();
        assertThat(written.push().commit()).isEqualTo("1".repeat(40));
        assertThat(written.history()).isEmpty();
    }

    private static Arguments end(Phase phase, String conditions, Consumer<PublishStatus> transition) {
        return Arguments.of(phase, conditions, transition);
    }

    private static Stream<Arguments> phases() {
        return Stream.of(
                end(
                        Phase.Pushing,
                        "Ready=False Pushed=False PullRequestReady=False Reconciling=True Stalled=False",
                        d -> pushing(d)),
                end(
                        Phase.OpeningPullRequest,
                        "Ready=False Pushed=True PullRequestReady=False Reconciling=True Stalled=False",
                        d -> pushed(d).openingPullRequest()),
                end(
                        Phase.Waiting,
                        "Ready=False Pushed=False PullRequestReady=False Reconciling=True Stalled=False",
                        d -> d.waiting(SharedReason.NETWORK, "no answer", StoredPublish.NOW)),
                end(
                        Phase.Suspended,
                        "Ready=False Pushed=False PullRequestReady=False Reconciling=False Stalled=False",
                        d -> d.suspended(3)),
                end(
                        Phase.Pushed,
                        "Ready=True Pushed=True PullRequestReady=False Reconciling=False Stalled=False",
                        d -> pushed(d).pushOnly(null, "done")),
                end(
                        Phase.PullRequestCreated,
                        "Ready=True Pushed=True PullRequestReady=True Reconciling=False Stalled=False",
                        d -> pushed(d).pullRequest(pull(7), false, "done")),
                end(
                        Phase.ManualPullRequestRequired,
                        "Ready=True Pushed=True PullRequestReady=False Reconciling=False Stalled=False",
                        d -> pushed(d).manual(SharedReason.NETWORK, "open it", LINK, Optional.of(StoredPublish.NOW))),
                end(
                        Phase.NothingToPublish,
                        "Ready=True Pushed=False PullRequestReady=False Reconciling=False Stalled=False",
                        d -> d.nothingToPublish(PullRequestReason.NO_CHANGES, "nothing")),
                end(
                        Phase.Failed,
                        "Ready=False Pushed=False PullRequestReady=False Reconciling=False Stalled=True",
                        d -> d.failed(SharedReason.AUTH, "refused")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("phases")
    void eachPhaseHasItsConditionsForTheGenerationSeen(
            Phase phase, String conditions, Consumer<PublishStatus> transition) {
        PublishStatus draft = begun();
        transition.accept(draft);
        SessionPublishStatus status = draft.build();

        assertThat(status.phase()).isEqualTo(phase);
        Map<String, String> told = new LinkedHashMap<>();
        status.conditions().forEach(each -> told.put(each.getType(), each.getStatus()));
        assertThat(told.keySet())
                .containsExactly("Ready", "SourceReady", "Pushed", "PullRequestReady", "Reconciling", "Stalled");
        told.remove("SourceReady");
        assertThat(told.entrySet().stream().map(Object::toString).collect(Collectors.joining(" ")))
                .isEqualTo(conditions);
        assertThat(status.conditions())
                .extracting(Condition::getObservedGeneration)
                .containsOnly(3L);
        assertThat(status.observedGeneration()).isEqualTo(3);
        assertThat(status.finishedAt() != null).isEqualTo(phase.isTerminal());
    }

    @Test
    void aNewRunHasNotEnded() {
        PublishStatus draft = new PublishStatus(
                new StoredPublish()
                        .phase(Phase.Failed)
                        .status("reason", "auth")
                        .status("finishedAt", "2026-03-01T11:00:00Z")
                        .status("nextAttemptAt", "2026-03-01T11:00:00Z")
                        .publish(),
                StoredPublish.CLOCK);
        draft.begin(4, null, true);
        draft.forgetSource();
        SessionPublishStatus status = draft.build();

        assertThat(status.finishedAt()).isNull();
        assertThat(status.nextAttemptAt()).isNull();
        assertThat(status.reason()).isNull();
        assertThat(status.startedAt()).isEqualTo("2026-03-01T12:00:00Z");
    }

    @Test
    void theReasonIsTheConditionsInCamelCase() {
        PublishStatus draft = begun();
        draft.failed(SandboxReason.SANDBOX_TERMINATED, "The pod is gone.");

        assertThat(draft.build().conditions())
                .filteredOn(each -> List.of("Ready", "SourceReady", "Stalled").contains(each.getType()))
                .allSatisfy(each -> {
                    assertThat(each.getReason()).isEqualTo("SandboxTerminated");
                    assertThat(each.getMessage()).isEqualTo("The pod is gone.");
                });
    }

    @Test
    void theNewestThirtyTwoStepsAreKept() {
        PublishStatus draft = begun();
        for (int n = 0; n < 40; n++) {
            draft.record("git.push.failed", Map.of("n", "" + n));
        }
        assertThat(draft.build().history())
                .hasSize(32)
                .extracting(each -> each.data().get("n"))
                .startsWith("8")
                .endsWith("39");
    }

    @Test
    void theNextAttemptIsNeverShownEarlierThanItMayBe() {
        PublishStatus draft = begun();
        draft.waiting(SharedReason.RATE_LIMITED, "slow down", StoredPublish.NOW.plus(Duration.ofSeconds(30)));
        assertThat(draft.build().nextAttemptAt()).isEqualTo("2026-03-01T12:00:31Z");
    }

    @Test
    void whatHasEndedStaysAsItEndedWhenSuspended() {
        PublishStatus draft = begun();
        pushed(draft).manual(SharedReason.NETWORK, "open it", LINK, Optional.of(StoredPublish.NOW));
        draft.suspended(4);
        SessionPublishStatus status = draft.build();

        assertThat(status.phase()).isEqualTo(Phase.ManualPullRequestRequired);
        assertThat(status.message()).isEqualTo("open it");
        assertThat(status.finishedAt()).isNotNull();
        assertThat(status.nextAttemptAt()).isNull();
        assertThat(status.observedGeneration()).isEqualTo(4);
    }

    @Test
    void aPullRequestItOpenedStaysItsOwnWhenFoundAgain() {
        PublishStatus draft = begun();
        pushed(draft).pullRequest(pull(7), false, "Opened");
        draft.pullRequest(pull(7), true, "Updated");
        assertThat(draft.build().pullRequest().adopted()).isFalse();
        draft.pullRequest(pull(8), true, "Adopted");
        assertThat(draft.build().pullRequest().adopted()).isTrue();
    }

    @Test
    void theTimeOfTheEndIsThatOfTheFirstHandover() {
        PublishStatus draft = new PublishStatus(
                new StoredPublish()
                        .phase(Phase.ManualPullRequestRequired)
                        .status("finishedAt", "2026-03-01T10:00:00Z")
                        .publish(),
                StoredPublish.CLOCK);
        draft.manual(SharedReason.NETWORK, "open it", LINK, Optional.empty());
        assertThat(draft.build().finishedAt()).isEqualTo("2026-03-01T10:00:00Z");
    }

    @Test
    void stepsAreComparedByTheirLastOccurrence() {
        PublishStatus draft = begun();
        draft.record("git.pr.started", Map.of());
        draft.record("git.push.succeeded", Map.of());
        assertThat(draft.isRecorded(PublishEvent.GIT_PR_STARTED)).isTrue();
        assertThat(draft.isRecordedSince(PublishEvent.GIT_PUSH_SUCCEEDED, PublishEvent.GIT_PR_STARTED))
                .isFalse();
        draft.record("git.pr.started", Map.of());
        assertThat(draft.isRecordedSince(PublishEvent.GIT_PUSH_SUCCEEDED, PublishEvent.GIT_PR_STARTED))
                .isTrue();
        assertThat(draft.isLastRecorded(PublishEvent.GIT_PR_STARTED)).isTrue();
    }

    private static PublishStatus begun() {
        PublishStatus draft = new PublishStatus(new StoredPublish().publish(), StoredPublish.CLOCK);
        draft.begin(3, null, true);
        return draft;
    }

    private static PublishStatus pushing(PublishStatus draft) {
        draft.branches("work", "main");
        draft.pushing(COMMIT, Optional.empty(), 1L, false, new PullRequestText("t", "b"));
        return draft;
    }

    private static PublishStatus pushed(PublishStatus draft) {
        pushing(draft).pushed(COMMIT.hex(), 10L);
        return draft;
    }

    private static Forge.PullRequest pull(int number) {
        return new Forge.PullRequest(
                number, "https://x/" + number, Forge.State.OPEN, false, "work", "main", COMMIT.hex());
    }
}
