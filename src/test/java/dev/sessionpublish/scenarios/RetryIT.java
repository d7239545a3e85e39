package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.embedded.cluster.ApiRequest;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is tried again, what rests until something changes, and what starts it. */
class RetryIT extends OperatorScenario {

    @Test
    void aForgeThatAsksToWaitIsNotAskedBefore() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        world().git()
                .fault(Fault.on("GET", scene.name() + ".git/info/refs")
                        .answering(429, Map.of("Retry-After", "4"), "slow down"));
        Instant begin = Instant.now();

        scene.publish("");

        SessionPublishStatus waiting = scene.awaitReason("rate-limited");
        assertThat(waiting.phase()).isEqualTo(Phase.Waiting);
        assertThat(Instant.parse(waiting.nextAttemptAt())).isAfter(begin.plusSeconds(3));
        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(Instant.now()).isAfter(begin.plusSeconds(4));
        assertThat(scene.gitRequests()).hasSize(3);
        assertThat(Scene.types(end)).doesNotContain("git.push.failed");
    }

    @Test
    void aServerErrorBeforeThePushIsTriedAgain() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        world().git()
                .fault(Fault.on("GET", scene.name() + ".git/info/refs").times(2).answering(503, Map.of(), "down"));

        scene.publish("");

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.history())
                .isEqualTo(List.of("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded"));
    }

    @Test
    void aConnectionLostInThePushIsToldAndTriedAgain() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        scene.faultOfPush(Fault.Match::resetting);

        scene.publish("");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.tip()).contains(checkout.head());
        assertThat(Scene.types(end))
                .isEqualTo(List.of(
                        "git.push.started",
                        "git.push.failed",
                        "git.push.started",
                        "git.push.succeeded",
                        "git.pr.started",
                        "git.pr.succeeded"));
        assertThat(scene.eventActions()).isEqualTo(Scene.types(end));
    }

    @Test
    void aPushWhoseAnswerIsLostHasHappenedAllTheSame() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        scene.faultOfPush(Fault.Match::resettingAfterProcessing);

        scene.publish("");

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.branchUpdates()).isEqualTo(1);
        assertThat(scene.pushes()).hasSize(1);
        assertThat(scene.history()).doesNotContain("git.push.failed");
    }

    @Test
    void aBranchThatMovesDuringAForcedPushIsLookedAtOnceMoreAndThenLeft() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Path bare = scene.bare();
        scene.remote().run("branch", scene.branch(), "main");
        world().git()
                .hook(
                        scene.repository(),
                        "pre-receive",
                        "unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES\n"
                                + "export GIT_AUTHOR_NAME=p GIT_AUTHOR_EMAIL=p GIT_COMMITTER_NAME=p GIT_COMMITTER_EMAIL=p\n"
                                + "new=$(git --git-dir='" + bare
                                + "' commit-tree -m \"$$\" -p refs/heads/main main^{tree})\n"
                                + "git --git-dir='" + bare + "' update-ref refs/heads/" + scene.branch() + " $new");

        scene.publish("  force: true\n  headBranch: " + scene.branch());

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).as(end.toString()).isEqualTo(Phase.Failed);
        assertThat(end.reason()).isEqualTo("lease-stale");
        assertThat(end.attempts()).isEqualTo(2);
        assertThat(scene.pushes()).hasSize(1);
        assertThat(scene.tip()).isNotEqualTo(Optional.of(checkout.head()));
    }

    @Test
    void aRefusedPushRestsUntilTheSpecIsMended() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        commitOfAnother(scene);
        String named = "  headBranch: " + scene.branch() + "\n";
        scene.publish(named);
        SessionPublishStatus failed = scene.end();
        assertThat(failed.phase()).isEqualTo(Phase.Failed);
        assertThat(failed.reason()).isEqualTo("non-fast-forward");
        assertThat(failed.nextAttemptAt()).isNull();

        scene.publish(named + "  force: true");

        SessionPublishStatus end = scene.awaitPhase(Phase.PullRequestCreated);
        assertThat(scene.tip()).contains(checkout.head());
        assertThat(end.push().forced()).isTrue();
        assertThat(Scene.types(end))
                .isEqualTo(List.of(
                        "git.push.started",
                        "git.push.failed",
                        "git.push.started",
                        "git.push.succeeded",
                        "git.pr.started",
                        "git.pr.succeeded"));
        assertThat(scene.events()).hasSize(6);
    }

    @Test
    void aRetryAtStartsAgainWhatRests() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        world().git().hook(scene.repository(), "pre-receive", "echo no pushes today; exit 1");
        scene.publish("");
        SessionPublishStatus failed = scene.end();
        assertThat(failed.reason()).isEqualTo("remote-rejected");
        assertThat(failed.message()).contains("no pushes today");

        Files.delete(scene.bare().resolve("hooks/pre-receive"));
        scene.retry("2026-01-01");

        assertThat(scene.awaitPhase(Phase.PullRequestCreated).observedRetryAt()).isEqualTo("2026-01-01");
        assertThat(scene.eventActions()).hasSize(6).containsOnlyOnce("git.push.failed", "git.push.succeeded");
    }

    @Test
    void aTimeThatAWrongClockHasPlannedIsNotWaitedFor() throws Exception {
        Scene scene = scene().ready();
        scene.checkout();
        scene.publish("");
        scene.awaitReason("sandbox-not-ready");
        world().client()
                .resources(SessionPublish.class)
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(scene.name())
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\":{\"nextAttemptAt\":\"2099-01-01T00:00:00Z\"}}");

        scene.await(status -> !status.nextAttemptAt().startsWith("2099"));
        world().client().resource(scene.get()).delete();
    }

    @Test
    void whatIsSuspendedBeforeItBeginsGoesOnWhenItIsNotAnyMore() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        scene.publish("  suspend: true");
        SessionPublishStatus suspended = scene.awaitPhase(Phase.Suspended);
        assertThat(Scene.condition(suspended, "Ready")).isEqualTo("False Suspended");
        assertThat(Scene.condition(suspended, "Reconciling")).isEqualTo("False Suspended");
        assertThat(Scene.condition(suspended, "Stalled")).isEqualTo("False Suspended");
        assertThat(scene.gitRequests()).isEmpty();

        scene.publish("  suspend: false");

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
    }

    @Test
    void suspendingAfterTheEndChangesNothing() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        SessionPublishStatus end = scene.publish("").end();

        scene.publish("  suspend: true");
        SessionPublishStatus suspended = scene.await(status -> true);
        scene.publish("  suspend: false");
        SessionPublishStatus resumed = scene.await(status -> true);

        for (SessionPublishStatus each : List.of(suspended, resumed)) {
            assertThat(each.phase()).isEqualTo(Phase.PullRequestCreated);
            assertThat(each.finishedAt()).isEqualTo(end.finishedAt());
            assertThat(each.history()).isEqualTo(end.history());
        }
        assertThat(scene.gitRequests()).hasSize(2);
        assertThat(scene.events()).hasSize(4);
    }

    @Test
    void anObjectWhoseTimeIsOverIsDeleted() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();

        scene.publish("  createPullRequest: false\n  ttlSecondsAfterFinished: 1");

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> scene.get() == null);
        assertThat(scene.pushes()).hasSize(1);
    }

    @Test
    void anObjectThatIsEditedWhenItsTimeIsOverIsNotDeleted() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        Predicate<ApiRequest> deletes = request ->
                request.method().equals("DELETE") && request.path().endsWith("/sessionpublishes/" + scene.name());
        world().cluster()
                .faults()
                .beforeNext(deletes, () -> scene.publish("  createPullRequest: false\n  ttlSecondsAfterFinished: 600"));

        scene.publish("  createPullRequest: false\n  ttlSecondsAfterFinished: 1");

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> scene.audit().stream()
                .anyMatch(entry -> deletes.test(entry.request())));
        assertThat(scene.end().phase()).isEqualTo(Phase.Pushed);
    }

    @Test
    void aPodReplacedBetweenTwoAttemptsIsAnotherOne() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        checkout.indexLock();
        scene.publish("");
        scene.awaitReason("workspace-busy");

        world().cluster().replacePod(EmbeddedWorld.NAMESPACE, scene.name(), scene.root());

        SessionPublishStatus end = scene.awaitPhase(Phase.Failed);
        assertThat(end.reason()).isEqualTo("wrong-pod");
        checkout.withoutIndexLock();
        scene.retry("1");
        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
    }

    @Test
    void aPodThatWasSeenAndIsGoneHasTerminated() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox().indexLock();
        scene.publish("");
        scene.awaitReason("workspace-busy");

        world().client()
                .pods()
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(scene.name())
                .delete();

        assertThat(scene.awaitPhase(Phase.Failed).reason()).isEqualTo("sandbox-terminated");
    }

    @Test
    void aPodThatHasEndedHasTerminated() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        world().cluster().terminatePod(EmbeddedWorld.NAMESPACE, scene.name(), true);

        scene.publish("");

        assertThat(scene.end().reason()).isEqualTo("sandbox-terminated");
    }

    @Test
    void anEditDuringTheJournalIsReadAgainBeforeAnythingIsPushed() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        world().cluster().faults().conflictNext(request -> isStatusOf(scene, request));

        scene.publish("");

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.pushes()).hasSize(1);
        assertThat(scene.execs()).isEqualTo(2);
        assertThat(scene.eventActions()).hasSize(4).isEqualTo(scene.history());
    }

    @Test
    void failuresOfTheApiServerAreSurvived() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        world().cluster().faults().fail(request -> isStatusOf(scene, request), 500, 14);
        world().cluster()
                .faults()
                .fail(
                        request -> request.path().endsWith("/events")
                                && request.method().equals("POST")
                                && request.body().contains("\"" + scene.name() + "\""),
                        500,
                        14);

        scene.publish("");

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.branchUpdates()).isEqualTo(1);
        assertThat(scene.pulls()).hasSize(1);
        assertThat(scene.history())
                .isEqualTo(List.of("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded"));
        assertThat(scene.eventActions()).isEqualTo(scene.history());
    }

    private static boolean isStatusOf(Scene scene, ApiRequest request) {
        return request.method().equals("PATCH")
                && request.path().endsWith("/sessionpublishes/" + scene.name() + "/status");
    }

    /** A person's commit on the branch, which the checkout doesn't have. */
    private static void commitOfAnother(Scene scene) {
        var git = scene.remote();
        String commit = git.run("commit-tree", "-m", "By a person", "-p", "main", "main^{tree}");
        git.run("update-ref", "refs/heads/" + scene.branch(), commit);
    }
}
