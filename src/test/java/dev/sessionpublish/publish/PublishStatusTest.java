package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.HistoryEntry;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.ManualPullRequest;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.lifecycle.History;
import dev.sessionpublish.lifecycle.LifecycleEvent;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.publish.plan.PullRequestText;
import dev.sessionpublish.publish.plan.PushPlan;
import dev.sessionpublish.sandbox.SandboxReason;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PublishStatusTest {
    private static final ObjectId COMMIT = new ObjectId("1".repeat(40));
    private static final RefusedException NETWORK = new RefusedException(SharedReason.NETWORK, "No answer.");
    private static final ManualPullRequest LINK = new ManualPullRequest("https://x/", "network", "gh");

    @Test
    void timesThatAreNoneAreNotWrittenAgain() {
        StoredPublish stored = new StoredPublish()
                .phase(Phase.Waiting)
                .status("startedAt", "yesterday")
                .status("nextAttemptAt", "soon")
                .status("push", Map.of("startedAt", "then", "commit", "1".repeat(40)))
                .status("history", List.of(Map.of("time", "then", "type", "git.push.started")));

        SessionPublishStatus written =
                PublishStatus.of(stored.publish(), StoredPublish.CLOCK).build();

        assertThat(written.startedAt()).isNull();
        assertThat(written.nextAttemptAt()).isNull();
        assertThat(written.push().startedAt()).isNull();
        assertThat(written.push().commit()).isEqualTo("1".repeat(40));
        assertThat(written.history()).isEmpty();
    }

    private static Arguments end(Phase phase, String conditions, UnaryOperator<PublishStatus> transition) {
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
                        d -> PullRequestTransitions.opening(pushed(d))),
                end(
                        Phase.Waiting,
                        "Ready=False Pushed=False PullRequestReady=False Reconciling=True Stalled=False",
                        d -> d.withRetry(NETWORK, StoredPublish.NOW)),
                end(
                        Phase.Suspended,
                        "Ready=False Pushed=False PullRequestReady=False Reconciling=False Stalled=False",
                        d -> d.withSuspension(3)),
                end(
                        Phase.Pushed,
                        "Ready=True Pushed=True PullRequestReady=False Reconciling=False Stalled=False",
                        d -> PullRequestTransitions.notWanted(pushed(d))),
                end(
                        Phase.PullRequestCreated,
                        "Ready=True Pushed=True PullRequestReady=True Reconciling=False Stalled=False"
                                + " Merged=False Mergeable=Unknown",
                        d -> PullRequestTransitions.open(pushed(d), pull(7), false, "done")),
                end(
                        Phase.ManualPullRequestRequired,
                        "Ready=True Pushed=True PullRequestReady=False Reconciling=False Stalled=False",
                        d -> PullRequestTransitions.manual(pushed(d), NETWORK, LINK, Optional.of(StoredPublish.NOW))),
                end(
                        Phase.NothingToPublish,
                        "Ready=True Pushed=False PullRequestReady=False Reconciling=False Stalled=False",
                        d -> d.withNothingToPublish(PullRequestReason.NO_CHANGES, "nothing")),
                end(
                        Phase.Failed,
                        "Ready=False Pushed=False PullRequestReady=False Reconciling=False Stalled=True",
                        d -> d.withFailure(new RefusedException(SharedReason.AUTH, "refused"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("phases")
    void eachPhaseHasItsConditionsForTheGenerationSeen(
            Phase phase, String conditions, UnaryOperator<PublishStatus> transition) {
        SessionPublishStatus status = transition.apply(begun()).build();

        assertThat(status.phase()).isEqualTo(phase);
        Map<String, String> told = new LinkedHashMap<>();
        status.conditions().forEach(each -> told.put(each.getType(), each.getStatus()));
        assertThat(told.keySet())
                .startsWith("Ready", "SourceReady", "Pushed", "PullRequestReady", "Reconciling", "Stalled");
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
        PublishStatus stored = PublishStatus.of(
                new StoredPublish()
                        .phase(Phase.Failed)
                        .status("reason", "auth")
                        .status("finishedAt", "2026-03-01T11:00:00Z")
                        .status("nextAttemptAt", "2026-03-01T11:00:00Z")
                        .publish(),
                StoredPublish.CLOCK);
        SessionPublishStatus status =
                stored.withRun(4, Optional.empty(), true).withSourceReset().build();

        assertThat(status.finishedAt()).isNull();
        assertThat(status.nextAttemptAt()).isNull();
        assertThat(status.reason()).isNull();
        assertThat(status.startedAt()).isEqualTo("2026-03-01T12:00:00Z");
    }

    @Test
    void theReasonIsTheConditionsInCamelCase() {
        PublishStatus failed =
                begun().withFailure(new RefusedException(SandboxReason.SANDBOX_TERMINATED, "The pod is gone."));

        assertThat(failed.build().conditions())
                .filteredOn(each -> List.of("Ready", "SourceReady", "Stalled").contains(each.getType()))
                .allSatisfy(each -> {
                    assertThat(each.getReason()).isEqualTo("SandboxTerminated");
                    assertThat(each.getMessage()).isEqualTo("The pod is gone.");
                });
    }

    @Test
    void theNewestThirtyTwoStepsAreKept() {
        PublishStatus status = begun();
        for (int n = 0; n < 40; n++) {
            status = status.withEvent(event(PublishEvent.GIT_PUSH_FAILED).with("n", "" + n));
        }
        assertThat(status.build().history())
                .hasSize(32)
                .extracting(each -> each.data().get("n"))
                .startsWith("8")
                .endsWith("39");
        assertThat(status.build().history())
                .extracting(HistoryEntry::ordinal)
                .startsWith(9L)
                .endsWith(40L)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void theOrdinalsGoOnWhereTheStoredHistoryEnds() {
        PublishStatus first = begun();
        for (int n = 0; n < 40; n++) {
            first = first.withEvent(event(PublishEvent.GIT_PUSH_FAILED));
        }

        History next = History.stored(first.build().history());

        assertThat(next.nextOrdinal()).isEqualTo(41);
        assertThat(next.ordinalOf(PublishEvent.GIT_PUSH_FAILED)).isEqualTo(40);
        assertThat(next.ordinalOf(PublishEvent.GIT_PR_STARTED)).isEqualTo(41);
    }

    @Test
    void aHistoryWithoutOrdinalsIsNumberedByPosition() {
        PublishStatus stored = PublishStatus.of(
                new StoredPublish()
                        .history("git.push.started", "git.push.failed")
                        .publish(),
                StoredPublish.CLOCK);

        assertThat(stored.withEvent(event(PublishEvent.GIT_PUSH_STARTED))
                        .build()
                        .history())
                .extracting(HistoryEntry::ordinal)
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void theNextAttemptIsNeverShownEarlierThanItMayBe() {
        PublishStatus waiting = begun().withRetry(NETWORK, StoredPublish.NOW.plus(Duration.ofSeconds(30)));
        assertThat(waiting.build().nextAttemptAt()).isEqualTo("2026-03-01T12:00:31Z");
    }

    @Test
    void whatHasEndedStaysAsItEndedWhenSuspended() {
        PublishStatus manual =
                PullRequestTransitions.manual(pushed(begun()), NETWORK, LINK, Optional.of(StoredPublish.NOW));
        SessionPublishStatus status = manual.withSuspension(4).build();

        assertThat(status.phase()).isEqualTo(Phase.ManualPullRequestRequired);
        assertThat(status.message()).isEqualTo(manual.get().message());
        assertThat(status.finishedAt()).isNotNull();
        assertThat(status.nextAttemptAt()).isNull();
        assertThat(status.observedGeneration()).isEqualTo(4);
    }

    @Test
    void aPullRequestItOpenedStaysItsOwnWhenFoundAgain() {
        PublishStatus opened = PullRequestTransitions.open(pushed(begun()), pull(7), false, "Opened");
        PublishStatus updated = PullRequestTransitions.open(opened, pull(7), true, "Updated");
        assertThat(updated.build().pullRequest().adopted()).isFalse();
        PublishStatus adopted = PullRequestTransitions.open(updated, pull(8), true, "Adopted");
        assertThat(adopted.build().pullRequest().adopted()).isTrue();
    }

    @Test
    void theTimeOfTheEndIsThatOfTheFirstHandover() {
        PublishStatus stored = PublishStatus.of(
                new StoredPublish()
                        .phase(Phase.ManualPullRequestRequired)
                        .status("finishedAt", "2026-03-01T10:00:00Z")
                        .publish(),
                StoredPublish.CLOCK);
        PublishStatus again = PullRequestTransitions.manual(stored, NETWORK, LINK, Optional.empty());
        assertThat(again.build().finishedAt()).isEqualTo("2026-03-01T10:00:00Z");
    }

    @Test
    void stepsAreComparedByTheirLastOccurrence() {
        PublishStatus before =
                begun().withEvent(event(PublishEvent.GIT_PR_STARTED)).withEvent(event(PublishEvent.GIT_PUSH_SUCCEEDED));
        assertThat(before.history().has(PublishEvent.GIT_PR_STARTED)).isTrue();
        assertThat(before.history().hasSince(PublishEvent.GIT_PUSH_SUCCEEDED, PublishEvent.GIT_PR_STARTED))
                .isFalse();
        History after = before.withEvent(event(PublishEvent.GIT_PR_STARTED)).history();
        assertThat(after.hasSince(PublishEvent.GIT_PUSH_SUCCEEDED, PublishEvent.GIT_PR_STARTED))
                .isTrue();
        assertThat(after.endsWith(PublishEvent.GIT_PR_STARTED)).isTrue();
    }

    private static PublishStatus begun() {
        return PublishStatus.of(new StoredPublish().publish(), StoredPublish.CLOCK)
                .withRun(3, Optional.empty(), true);
    }

    private static LifecycleEvent event(PublishEvent type) {
        return LifecycleEvent.of(type, 1, "It happened.");
    }

    private static PublishStatus pushing(PublishStatus status) {
        return PushTransitions.journaled(
                status.withBranches("work", Optional.of("main")),
                new PushPlan.Push("work", Optional.empty(), COMMIT, false, false, false, OptionalLong.of(1)),
                new PullRequestText("t", "b"),
                Optional.empty());
    }

    private static PublishStatus pushed(PublishStatus status) {
        return pushing(status).withPushed(COMMIT.hex(), 10L);
    }

    private static Forge.PullRequest pull(int number) {
        return new Forge.PullRequest(
                number,
                "https://x/" + number,
                Forge.State.OPEN,
                false,
                "work",
                "main",
                COMMIT.hex(),
                new Forge.Description("bot", ""));
    }
}
