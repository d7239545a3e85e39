package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.publish.watch.SourceState;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishScheduleTest {

    @ParameterizedTest
    @EnumSource
    void whatHasEndedOrIsSuspendedRestsAndWhatWasInterruptedDoesNot(Phase phase) {
        boolean halted = phase.isTerminal() || phase == Phase.Suspended;
        assertThat(rests(new StoredPublish().phase(phase))).isEqualTo(halted);
    }

    @Test
    void withoutAStatusThereIsWork() {
        assertThat(rests(new StoredPublish())).isFalse();
    }

    @Test
    void anotherSpecOrRetryAtIsWork() {
        assertThat(rests(new StoredPublish().phase(Phase.Failed).generation(4))).isFalse();
        assertThat(rests(new StoredPublish().phase(Phase.Failed).retryAt("x"))).isFalse();
        assertThat(rests(new StoredPublish().phase(Phase.Failed).retryAt("x").observedRetryAt("x")))
                .isTrue();
        assertThat(rests(new StoredPublish().phase(Phase.Failed).observedRetryAt("x")))
                .isTrue();
    }

    @Test
    void whatWaitsRestsUntilItIsDue() {
        StoredPublish waiting = new StoredPublish().phase(Phase.Waiting).status("reason", "network");
        assertThat(rests(waiting.status("nextAttemptAt", "2026-03-01T12:00:01Z")))
                .isTrue();
        assertThat(rests(waiting.status("nextAttemptAt", "2026-03-01T12:00:00Z")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "", "2026-03-01T12:30:00", "2026-03-03T12:00:00Z", "+99999-01-01T00:00:00Z"})
    void aTimeThatNobodyWouldPlanIsOver(String time) {
        StoredPublish waiting = new StoredPublish()
                .phase(Phase.Waiting)
                .status("reason", "network")
                .status("nextAttemptAt", time);
        assertThat(rests(waiting)).isFalse();
        assertThat(rest(waiting.publish(), null, false).nextAttempt()).isEmpty();
    }

    @Test
    void aTimeWithAnOffsetIsTheSameTime() {
        StoredPublish waiting = new StoredPublish().phase(Phase.Waiting).status("reason", "network");
        assertThat(rests(waiting.status("nextAttemptAt", "2026-03-01T14:00:01+02:00")))
                .isTrue();
        assertThat(rests(waiting.status("nextAttemptAt", "2026-03-01T14:00:00+02:00")))
                .isFalse();
    }

    @Test
    void anEndThatALaterOperatorHasAWordForIsLeftAlone() {
        StoredPublish merged = new StoredPublish()
                .status("phase", "MergedByTheFuture")
                .status("observedGeneration", 3)
                .spec("uncommittedChanges", "Stash")
                .spec("deletionPolicy", "Archive");
        assertThat(rests(merged)).isFalse();
        assertThat(rests(merged.status("finishedAt", "2026-03-01T11:00:00Z"))).isTrue();
        assertThat(rests(merged.generation(4))).isFalse();
    }

    @Test
    void whatIsSuspendedRestsThoughItIsDueOrAskedAgain() {
        StoredPublish suspended = new StoredPublish()
                .phase(Phase.ManualPullRequestRequired)
                .spec("suspend", true)
                .status("nextAttemptAt", "2026-03-01T11:00:00Z")
                .retryAt("x");
        assertThat(rests(suspended)).isTrue();
        assertThat(rests(suspended.phase(Phase.Waiting))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "project-not-found",
                "push-disabled",
                "missing-credentials",
                "auth",
                "forbidden",
                "pull-requests-disabled"
            })
    void aChangedProjectWakesWhatFailedForIt(String reason) {
        StoredPublish failed =
                new StoredPublish().phase(Phase.Failed).status("reason", reason).status("observedProject", "uid-p/1/7");
        assertThat(rests(failed, project(1, "7", null), false)).isTrue();
        assertThat(rests(failed, project(2, "7", null), false)).isFalse();
        assertThat(rests(failed, project(1, "8", null), false)).isFalse();
        assertThat(rests(failed, null, false)).isFalse();
    }

    @Test
    void aChangedProjectIsNothingToAnotherReason() {
        StoredPublish failed = new StoredPublish().phase(Phase.Failed).status("reason", "non-fast-forward");
        assertThat(rests(failed, project(2, "7", null), false)).isTrue();
    }

    @Test
    void aKnownDefaultBranchWakesWhatWaitedForTheProject() {
        StoredPublish waiting = new StoredPublish()
                .phase(Phase.Waiting)
                .status("reason", "project-not-ready")
                .status("observedProject", "uid-p/1/7")
                .status("nextAttemptAt", "2026-03-01T13:00:00Z");
        assertThat(rests(waiting, project(1, "7", null), false)).isTrue();
        assertThat(rests(waiting, project(1, "7", "main"), false)).isFalse();
    }

    @Test
    void aSourceThatIsUpWakesWhatWaitedForIt() {
        StoredPublish waiting = new StoredPublish()
                .phase(Phase.Waiting)
                .status("reason", "sandbox-not-ready")
                .status("nextAttemptAt", "2026-03-01T13:00:00Z");
        assertThat(rests(waiting, null, false)).isTrue();
        assertThat(rests(waiting, null, true)).isFalse();
        assertThat(rests(waiting.status("reason", "sandbox-suspended"), null, true))
                .isFalse();
        assertThat(rests(waiting.status("reason", "exec-failed"), null, true)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aPodThatGetsTheLabelWakesWhatFailedForIt(SourceState source) {
        SessionPublish failed = new StoredPublish()
                .phase(Phase.Failed)
                .status("reason", "sandbox-label-missing")
                .publish();

        assertThat(new PublishSchedule(failed, Optional.empty(), source, true, StoredPublish.CLOCK).isIdle())
                .isEqualTo(source == SourceState.UNKNOWN);
    }

    @Test
    void aReplacedPodIsPublishedFromOnlyWhenAsked() {
        StoredPublish failed = new StoredPublish().phase(Phase.Failed).status("reason", "wrong-pod");
        assertThat(rests(failed, null, true)).isTrue();
    }

    @Test
    void itsTimeIsCountedFromItsEnd() {
        StoredPublish ended = new StoredPublish()
                .phase(Phase.Pushed)
                .spec("ttlSecondsAfterFinished", 60)
                .status("finishedAt", "2026-03-01T12:00:00Z");
        assertThat(rest(ended.publish(), null, false).expiry()).contains(Instant.parse("2026-03-01T12:01:00Z"));
    }

    @Test
    void anEndThatCanNotBeReadEndsNoTime() {
        StoredPublish ended = new StoredPublish()
                .phase(Phase.Pushed)
                .spec("ttlSecondsAfterFinished", 60)
                .status("finishedAt", "yesterday");
        assertThat(rest(ended.publish(), null, false).expiry()).isEmpty();
    }

    @Test
    void whatTheOperatorWasNotToPublishWaitsForTheOperatorToBeSetOtherwise() {
        SessionPublish publish = new StoredPublish()
                .phase(Phase.Failed)
                .status("reason", "publishing-disabled")
                .publish();

        assertThat(new PublishSchedule(publish, Optional.empty(), SourceState.UNKNOWN, false, StoredPublish.CLOCK)
                        .isIdle())
                .isTrue();
        assertThat(new PublishSchedule(publish, Optional.empty(), SourceState.UNKNOWN, true, StoredPublish.CLOCK)
                        .isIdle())
                .isFalse();
    }

    @Test
    void whatHasNotEndedOrIsTriedAgainHasNoEndOfItsTime() {
        StoredPublish running = new StoredPublish().phase(Phase.Waiting).spec("ttlSecondsAfterFinished", 0);
        assertThat(rest(running.publish(), null, false).expiry()).isEmpty();
        StoredPublish tried = new StoredPublish()
                .phase(Phase.ManualPullRequestRequired)
                .spec("ttlSecondsAfterFinished", 0)
                .status("finishedAt", "2026-03-01T12:00:00Z")
                .status("nextAttemptAt", "2026-03-01T13:00:00Z");
        assertThat(rest(tried.publish(), null, false).expiry()).isEmpty();
        assertThat(rest(new StoredPublish().phase(Phase.Pushed).publish(), null, false)
                        .expiry())
                .isEmpty();
    }

    private static boolean rests(StoredPublish stored) {
        return rests(stored, null, false);
    }

    private static boolean rests(StoredPublish stored, SessionProject project, boolean sourceReady) {
        return rest(stored.publish(), project, sourceReady).isIdle();
    }

    private static PublishSchedule rest(SessionPublish publish, SessionProject project, boolean sourceReady) {
        SourceState source = sourceReady ? SourceState.READY : SourceState.UNKNOWN;
        return new PublishSchedule(publish, Optional.ofNullable(project), source, true, StoredPublish.CLOCK);
    }

    private static SessionProject project(long generation, String credentials, String defaultBranch) {
        SessionProject project = new SessionProject();
        project.setMetadata(new ObjectMetaBuilder()
                .withName("web")
                .withUid("uid-p")
                .withGeneration(generation)
                .build());
        project.setStatus(
                new SessionProjectStatus(generation, null, defaultBranch, null, null, null, credentials, null, null));
        return project;
    }
}
