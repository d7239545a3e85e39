package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest.Lifecycle;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest.Mergeable;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest.ReviewDecision;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.ForgeStandIns;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.embedded.GitHubRepository;
import dev.sessionpublish.embedded.SandboxCheckout;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What becomes of a pull request is seen on its publish. */
class FollowIT extends OperatorScenario {
    @Override
    Map<String, String> settings() {
        return ForgeStandIns.follow(Duration.ofSeconds(1));
    }

    private GitHubRepository atGitHub(Scene scene) {
        return world().gitHub().repository(scene.repository());
    }

    private Scene published() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        assertThat(scene.publish("").end().phase()).isEqualTo(Phase.PullRequestCreated);
        return scene;
    }

    private static ObservedPullRequest pull(SessionPublishStatus status) {
        return Objects.requireNonNull(status.pullRequest());
    }

    private static SessionPublishStatus mergeable(Scene scene, Mergeable expected) {
        return scene.await(
                status -> status.pullRequest() != null && status.pullRequest().mergeable() == expected);
    }

    @Test
    void checksTurnGreenAndTheMergeIsSeen() throws Exception {
        Scene scene = published();
        String head = scene.tip().orElseThrow();
        atGitHub(scene).state(1).checkRun(head, "build", "IN_PROGRESS").status(head, "ci/docs", "SUCCESS");

        SessionPublishStatus running = scene.await(status -> status.pullRequest() != null
                && status.pullRequest().checks() != null
                && status.pullRequest().checks().pending() == 1
                && status.pullRequest().mergeable() == Mergeable.True);
        assertThat(pull(running).lifecycle()).isEqualTo(Lifecycle.Open);
        assertThat(pull(running).checks()).isEqualTo(new ObservedPullRequest.Checks(2, 1, 0, 1, "1/2"));
        assertThat(pull(running).blockedBy()).containsExactly("checks-pending");
        assertThat(pull(running).headCommit()).isEqualTo(head);
        assertThat(pull(running).nodeId()).startsWith("PR_");
        assertThat(Scene.condition(running, "Mergeable")).isEqualTo("False ChecksPending");
        assertThat(Scene.condition(running, "Merged")).isEqualTo("False Open");
        atGitHub(scene).state(1).checkRun(head, "build", "SUCCESS").review("APPROVED");

        SessionPublishStatus green =
                scene.await(status -> Scene.condition(status, "Mergeable").startsWith("True"));
        assertThat(pull(green).checks().summary()).isEqualTo("2/2");
        assertThat(pull(green).blockedBy()).isNull();
        scene.await(status -> pull(status).reviewDecision() == ReviewDecision.Approved);
        atGitHub(scene).end(1, true);

        SessionPublishStatus merged = scene.awaitPhase(Phase.Merged);
        assertThat(merged.finishedAt()).isEqualTo(running.finishedAt());
        assertThat(pull(merged).state()).isEqualTo("merged");
        assertThat(pull(merged).mergeCommit()).isEqualTo(scene.tip("main").orElseThrow());
        assertThat(pull(merged).mergedBy()).isEqualTo("agent-bot");
        assertThat(pull(merged).mergedAt()).isNotNull();
        assertThat(pull(merged).mergeable()).isNull();
        assertThat(merged.message())
                .contains("was merged by agent-bot as " + pull(merged).mergeCommit());
        assertThat(Scene.condition(merged, "Ready")).isEqualTo("True Merged");
        assertThat(Scene.condition(merged, "Merged")).isEqualTo("True Merged");
        assertThat(Scene.condition(merged, "Mergeable")).isEqualTo("absent");
        assertThat(scene.history())
                .containsExactly(
                        "git.push.started",
                        "git.push.succeeded",
                        "git.pr.started",
                        "git.pr.succeeded",
                        "git.merge.succeeded");
        assertThat(scene.eventActions()).isEqualTo(scene.history());
    }

    @Test
    void aCloseIsSeenAndSoIsAReopening() throws Exception {
        Scene scene = published();
        atGitHub(scene).end(1, false);

        SessionPublishStatus closed = scene.awaitPhase(Phase.Closed);
        assertThat(pull(closed).lifecycle()).isEqualTo(Lifecycle.Closed);
        assertThat(pull(closed).closedAt()).isNotNull();
        assertThat(Scene.condition(closed, "Ready")).isEqualTo("True Closed");
        assertThat(Scene.condition(closed, "PullRequestReady")).isEqualTo("False Closed");
        assertThat(closed.message()).contains("#1", "closed without merging", "retry-at");
        atGitHub(scene).reopen(1);

        SessionPublishStatus open = scene.awaitPhase(Phase.PullRequestCreated);
        assertThat(pull(open).closedAt()).isNull();
        assertThat(scene.history()).endsWith("git.pr.closed", "git.pr.reopened");
        assertThat(scene.eventActions()).isEqualTo(scene.history());
    }

    @Test
    void aRetryAfterACloseOpensANewPullRequest() throws Exception {
        Scene scene = published();
        atGitHub(scene).end(1, false);
        scene.awaitPhase(Phase.Closed);

        scene.retry("1");

        SessionPublishStatus end = scene.awaitPhase(Phase.PullRequestCreated);
        assertThat(pull(end).number()).isEqualTo(2);
        assertThat(pull(mergeable(scene, Mergeable.True)).number()).isEqualTo(2);
    }

    private static void edit(Scene scene, String spec) {
        world().client().resource(scene.get()).patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": " + spec + "}");
    }

    @Test
    void aChangeOfWhatThePullRequestShowsOpensANewOneAfterAClose() throws Exception {
        Scene scene = published();
        atGitHub(scene).end(1, false);
        scene.awaitPhase(Phase.Closed);

        edit(scene, "{\"title\": \"Another page\", \"labels\": [\"agent\"]}");

        SessionPublishStatus end = scene.awaitPhase(Phase.PullRequestCreated);
        assertThat(pull(end).number()).isEqualTo(2);
        assertThat(end.message()).contains("#2", "Pull request #1 was closed without merging");
        assertThat(scene.pulls().get(0).title()).isEqualTo("Another page");
        assertThat(scene.pushes()).hasSize(1);
        assertThat(scene.execs()).isEqualTo(1);
        assertThat(scene.history()).endsWith("git.pr.succeeded", "git.pr.closed", "git.pr.started", "git.pr.succeeded");
    }

    @Test
    void aForgeThatFailsForNowDelaysTheNewOneAfterAClose() throws Exception {
        Scene scene = published();
        atGitHub(scene).end(1, false);
        scene.awaitPhase(Phase.Closed);
        world().gitHub()
                .next(GitHubFault.answer(
                        "GET", "/repos/" + scene.repository() + "/pulls/1", GitHubReply.error(502, "Bad Gateway")));

        edit(scene, "{\"title\": \"Another page\"}");

        SessionPublishStatus failed = scene.await(status -> status.nextAttemptAt() != null);
        assertThat(failed.phase()).isEqualTo(Phase.Closed);
        assertThat(pull(scene.awaitPhase(Phase.PullRequestCreated)).number()).isEqualTo(2);
    }

    @Test
    void anyOtherChangeOpensNothingAfterAClose() throws Exception {
        Scene scene = published();
        atGitHub(scene).end(1, false);
        scene.awaitPhase(Phase.Closed);

        edit(scene, "{\"ttlSecondsAfterFinished\": 3600, \"deletionPolicy\": \"ClosePullRequest\", \"suspend\": true}");
        scene.await(status ->
                status.observedGeneration().equals(scene.get().getMetadata().getGeneration()));
        edit(scene, "{\"suspend\": false}");

        SessionPublishStatus end = scene.await(status ->
                status.observedGeneration().equals(scene.get().getMetadata().getGeneration()));
        assertThat(end.phase()).isEqualTo(Phase.Closed);
        assertThat(end.finishedAt()).isNotNull();
        assertThat(scene.pulls()).hasSize(1);
        assertThat(scene.history()).endsWith("git.pr.closed");
    }

    @Test
    void nothingIsWrittenWhenNothingHasChanged() throws Exception {
        Scene scene = published();
        String head = scene.tip().orElseThrow();
        atGitHub(scene).state(1).checkRun(head, "build", "SUCCESS");
        scene.await(status -> Scene.condition(status, "Mergeable").startsWith("True"));
        String version = scene.get().getMetadata().getResourceVersion();
        int requests = scene.audit().size();
        long polls = polls();

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> polls() >= polls + 3);

        assertThat(scene.get().getMetadata().getResourceVersion()).isEqualTo(version);
        assertThat(scene.audit().subList(requests, scene.audit().size()))
                .noneMatch(entry -> entry.path().endsWith("/" + scene.name() + "/status"));
    }

    private static long polls() {
        return world().gitHub().exchanges().stream()
                .filter(exchange -> exchange.path().equals("/graphql"))
                .count();
    }

    @Test
    void aPushOfTheNextRunShowsTheChecksOfItsHead() throws Exception {
        Scene scene = published();
        String first = scene.tip().orElseThrow();
        atGitHub(scene).state(1).checkRun(first, "build", "FAILURE");
        scene.await(status -> Scene.condition(status, "Mergeable").equals("False ChecksFailed"));
        SandboxCheckout checkout = SandboxCheckout.at(scene.repo()).commit("Fix it", "more.txt", "x\n");

        scene.retry("1");

        SessionPublishStatus seen = scene.await(status -> pull(status).mergeable() == Mergeable.True
                && checkout.head().equals(pull(status).headCommit()));
        assertThat(pull(seen).checks().total()).isZero();
        assertThat(pull(seen).blockedBy()).isNull();
    }

    @Test
    void aTokenThatHasEndedIsReportedWithItsTimeAndARenewedOneIsUsed() throws Exception {
        Scene scene = published();
        mergeable(scene, Mergeable.True);
        world().gitHub().revoke(scene.token());

        SessionPublishStatus unknown = scene.await(status -> pull(status).unreadable() != null);
        assertThat(pull(unknown).unreadable().reason()).isEqualTo("auth");
        assertThat(unknown.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(Scene.condition(unknown, "Mergeable")).isEqualTo("Unknown Auth");
        assertThat(Scene.condition(unknown, "Ready")).isEqualTo("True PullRequestCreated");
        scene.renewToken();

        scene.await(status -> pull(status).unreadable() == null);
    }

    @Test
    void aDeletedProjectEndsTheFollowingAndIsReported() throws Exception {
        Scene scene = published();
        mergeable(scene, Mergeable.True);

        world().client().resource(scene.storedProject().orElseThrow()).delete();

        SessionPublishStatus unknown = scene.await(status -> pull(status).unreadable() != null);
        assertThat(pull(unknown).unreadable().reason()).isEqualTo("project-not-found");
        assertThat(Scene.condition(unknown, "Mergeable")).isEqualTo("Unknown ProjectNotFound");
    }

    @Test
    void aGatewayThatFailsIsNoNews() throws Exception {
        Scene scene = published();
        mergeable(scene, Mergeable.True);
        long writes = scene.statusWrites();
        long polls = polls();
        world().gitHub()
                .next(GitHubFault.answer("POST", "/graphql", GitHubReply.error(502, "Bad Gateway"))
                        .times(3));

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> polls() >= polls + 4);

        assertThat(scene.statusWrites()).isEqualTo(writes);
        atGitHub(scene).end(1, true);
        scene.awaitPhase(Phase.Merged);
    }

    @Test
    void theTimeToLiveBeginsWhenThePullRequestHasSettled() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        scene.publish("  ttlSecondsAfterFinished: 1");
        scene.awaitPhase(Phase.PullRequestCreated);
        mergeable(scene, Mergeable.True);
        long polls = polls();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> polls() >= polls + 3);
        assertThat(scene.get()).isNotNull();

        atGitHub(scene).end(1, true);

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> scene.get() == null);
    }
}
