package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.PushBuilder;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatusBuilder;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.lifecycle.Backoff;
import dev.sessionpublish.lifecycle.LifecycleEvent;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.ProjectReason;
import dev.sessionpublish.publish.plan.PushPlan;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AfterRefusalTest {
    private static final AfterRefusal AFTER = new AfterRefusal(
            ForgeHosts.DEFAULT,
            new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(15), new Random(7)),
            StoredPublish.CLOCK);

    private static Run settled(SessionPublish publish, Reason reason) {
        Run begun = Run.begin(publish, Optional.empty(), StoredPublish.CLOCK);
        RefusedException why = new RefusedException(reason, "It was refused.");
        return AFTER.settle(begun.refused(why), why);
    }

    private static String events(Run run) {
        return run.unannounced().stream()
                .map(LifecycleEvent::type)
                .map(Object::toString)
                .toList()
                .toString();
    }

    @ParameterizedTest(name = "{1} after {0}")
    @CsvSource({
        "Pending, AUTH, Failed, [GIT_PUSH_FAILED]",
        "Pending, NON_FAST_FORWARD, Failed, [GIT_PUSH_FAILED]",
        "Pending, NETWORK, Waiting, []",
        "Waiting, SANDBOX_NOT_READY, Waiting, []",
        "Waiting, SANDBOX_TERMINATED, Failed, [GIT_PUSH_FAILED]",
        "Pushing, NETWORK, Waiting, [GIT_PUSH_FAILED]",
        "Pushing, REMOTE_REJECTED, Failed, [GIT_PUSH_FAILED]",
        "Pending, LEASE_STALE, Waiting, []",
    })
    void aReasonThatMayPassIsRetriedAndAJournaledPushEndsWithAnEvent(
            Phase before, @ReasonByName Reason reason, Phase after, String events) {
        Run run = settled(new StoredPublish().phase(before).publish(), reason);

        SessionPublishStatus status = run.status().build();
        assertThat(status.phase()).isEqualTo(after);
        assertThat(status.reason()).isEqualTo(reason.code());
        assertThat(status.message()).isEqualTo("It was refused.");
        assertThat(status.attempts()).isPositive();
        assertThat(status.nextAttemptAt() != null).isEqualTo(after == Phase.Waiting);
        assertThat(events(run)).isEqualTo(events);
    }

    @Test
    void whatIsRetriedOnceFailsTheSecondTime() {
        StoredPublish waiting = new StoredPublish().phase(Phase.Waiting).status("reason", "lease-stale");

        assertThat(settled(waiting.publish(), PushReason.LEASE_STALE).status().phase())
                .isEqualTo(Phase.Failed);
    }

    @Test
    void pushedWorkStaysPushedWithoutItsProject() {
        StoredPublish pushed = new StoredPublish()
                .phase(Phase.OpeningPullRequest)
                .status("repository", "https://github.com/acme/web")
                .status("headBranch", "work")
                .status("baseBranch", "main")
                .status("commit", "1".repeat(40));

        Run run = settled(pushed.publish(), ProjectReason.PROJECT_NOT_FOUND);

        SessionPublishStatus status = run.status().build();
        assertThat(status.phase()).isEqualTo(Phase.ManualPullRequestRequired);
        assertThat(status.manualPullRequest().url()).startsWith("https://github.com/acme/web/compare/main...work");
        assertThat(events(run)).isEqualTo("[GIT_PR_MANUAL]");
    }

    @ParameterizedTest(name = "previous {0}, own {1}: {2}")
    @CsvSource({
        ", , new",
        "old, old, new",
        "old, , ",
        "theirs, old, ",
        "new, new, new",
        "new, old, ",
    })
    void aCommitIsOurOwnOnlyOverNothingOrOverOurOwn(String previous, String own, String after) {
        SessionPublish pushing = new StoredPublish().phase(Phase.Pushing).publish();
        pushing.setStatus(SessionPublishStatusBuilder.builder(pushing.getStatus())
                .push(PushBuilder.builder()
                        .startedAt("2026-03-01T11:00:00Z")
                        .previousCommit(previous)
                        .ownCommit(own)
                        .build())
                .build());
        PublishStatus stored = PublishStatus.of(pushing, StoredPublish.CLOCK);

        PublishStatus arrived = stored.withPushed("new", 7L);

        Optional<PushPlan.OwnCommit> expected = Optional.ofNullable(after).map(id -> new PushPlan.OwnCommit(id, false));
        assertThat(arrived.push().flatMap(PushTransitions::own)).isEqualTo(expected);
        assertThat(arrived.withPushed("new", null).push().flatMap(PushTransitions::own))
                .isEqualTo(expected);
    }
}
