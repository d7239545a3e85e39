package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.OperatorInProcess;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.AppKeyPair;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.GitHubApp;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubInstallation;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A GitHub App as the credential of a project, from the Secret to the pull request. */
@Timeout(300)
class GitHubAppIT extends WorldScenario {
    private static final Map<String, String> ALL =
            Map.of("contents", "write", "pull_requests", "write", "checks", "read", "statuses", "read");
    private static final AppKeyPair PAIR = AppKeyPair.generate();
    private static final MovingClock CLOCK = new MovingClock();

    private static OperatorInProcess operator;

    /** GitHub's and the operator's. */
    private static final class MovingClock extends Clock {
        private volatile Duration ahead = Duration.ZERO;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }

        void move(Duration by) {
            ahead = ahead.plus(by);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        world.gitHub().apps().clock(CLOCK);
        operator = OperatorInProcess.start(
                world.client().getConfiguration(),
                world.environment(Map.of("SESSION_PUBLISH_RETRY_MAX", "PT1S")),
                CLOCK);
    }

    @AfterAll
    static void stop() {
        operator.close();
    }

    private record Owned(Scene scene, GitHubApp app, GitHubInstallation installation) {}

    /** A scene whose project has an App of its own. */
    private static Owned owned(Map<String, String> permissions) throws IOException {
        Scene scene = scene();
        GitHubApp app =
                world.gitHub().apps().app("app-of-" + scene.name(), permissions).withKey(PAIR);
        GitHubInstallation installation = world.gitHub().apps().install(app, scene.repository());
        scene.secret(secret(app, PAIR)).project("");
        return new Owned(scene, app, installation);
    }

    private static Map<String, String> secret(GitHubApp app, AppKeyPair pair) {
        return Map.of("app-id", app.id() + "\n", "private-key", pair.pkcs1());
    }

    private static void awaitReady(Scene scene, String status, String message) {
        scene.awaitProject(project -> project.getStatus() != null
                && project.getStatus().conditions() != null
                && project.getStatus().conditions().stream()
                        .anyMatch(each -> each.getType().equals("Ready")
                                && each.getStatus().equals(status)
                                && each.getMessage().contains(message)));
    }

    private static SessionProjectStatus project(Scene scene) {
        return scene.storedProject().orElseThrow().getStatus();
    }

    @Test
    void aPublishRunsFromThePushToAnAdoptedPullRequest() throws Exception {
        Owned owned = owned(ALL);
        Scene scene = owned.scene();
        SandboxCheckout checkout = scene.sandbox();
        awaitReady(scene, "True", "The GitHub App " + owned.app().slug() + " may push and open pull requests.");

        SessionProjectStatus.GitHubApp shown = project(scene).githubApp();
        assertThat(shown.slug()).isEqualTo(owned.app().slug());
        assertThat(shown.installationId()).isEqualTo(owned.installation().id());
        assertThat(shown.account()).isEqualTo("acme");
        assertThat(shown.permissions()).contains("contents: write", "metadata: read", "pull_requests: write");
        assertThat(shown.missingPermissions()).isNullOrEmpty();
        assertThat(project(scene).permissions().push()).isTrue();
        assertThat(project(scene).permissions().pullRequests()).isTrue();

        scene.publish("");
        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).as("%s", end).isEqualTo(Phase.PullRequestCreated);
        assertThat(Scene.types(end)).isEqualTo(Scene.STEPS);
        assertThat(world.gitHub().pulls(scene.repository())).singleElement().satisfies(pull -> assertThat(pull.author())
                .isEqualTo(owned.app().login()));

        // The same object again, whose status is gone: its branch and pull request are known by author and footer.
        SessionPublish gone = scene.get();
        world.client().resource(gone).delete();
        checkout.commit("More", "more.txt", "more\n");
        scene.publish("");
        SessionPublishStatus again = scene.await(status -> status.finishedAt() != null
                && !scene.get().getMetadata().getUid().equals(gone.getMetadata().getUid()));
        assertThat(again.phase()).as("%s", again).isEqualTo(Phase.PullRequestCreated);
        assertThat(again.pullRequest().adopted()).isTrue();
        assertThat(again.headBranch()).isEqualTo(end.headBranch());
        assertThat(world.gitHub().pulls(scene.repository())).hasSize(1);
    }

    @Test
    void aTokenThatExpiresBetweenTwoAttemptsIsRenewed() throws Exception {
        Owned owned = owned(ALL);
        Scene scene = owned.scene();
        scene.sandbox();
        awaitReady(scene, "True", "may push");
        world.gitHub()
                .next(GitHubFault.answer(
                        "POST", "/repos/" + scene.repository() + "/pulls", GitHubReply.error(502, "Bad gateway")));
        scene.publish("");
        scene.await(status -> "server-error".equals(status.reason()));
        int issued = world.gitHub().apps().issued().size();

        CLOCK.move(Duration.ofMinutes(61));

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(world.gitHub().apps().issued().size()).isGreaterThan(issued);
        assertThat(world.gitHub().pulls(scene.repository())).hasSize(1);
    }

    @Test
    void aRevokedTokenDoesNotFailAPublish() throws Exception {
        Owned owned = owned(ALL);
        Scene scene = owned.scene();
        scene.sandbox();
        awaitReady(scene, "True", "may push");

        world.gitHub().apps().revokeAll();
        scene.publish("");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).as("%s", end).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.attempts()).isEqualTo(1);
    }

    @Test
    void aPushThatLosesItsTokenIsRetried() throws Exception {
        Owned owned = owned(ALL);
        Scene scene = owned.scene();
        scene.sandbox();
        awaitReady(scene, "True", "may push");
        world.git()
                .fault(Fault.on("POST", scene.name() + ".git/git-receive-pack")
                        .answering(401, Map.of(), "Invalid username or token."));

        scene.publish("");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).as("%s", end).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.tip()).contains(end.commit());
    }

    @Test
    void aRotatedKeyIsUsedAtOnce() throws Exception {
        Owned owned = owned(ALL);
        Scene scene = owned.scene();
        scene.sandbox();
        awaitReady(scene, "True", "may push");

        AppKeyPair next = AppKeyPair.generate();
        owned.app().withKey(next).deleteKey(PAIR);
        scene.secret(secret(owned.app(), next));
        scene.publish("");

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        owned.app().deleteKey(next);
        CLOCK.move(Duration.ofMinutes(61));
        Scene another = scene.another();
        another.sandbox();
        another.publish("");
        SessionPublishStatus refused = another.end();
        assertThat(refused.reason()).isEqualTo("auth");
        assertThat(refused.message()).contains("fingerprint is SHA256:");
    }

    @Test
    void aSuspendedInstallationIsWaitedFor() throws Exception {
        Owned owned = owned(ALL);
        Scene scene = owned.scene();
        scene.sandbox();
        owned.installation().suspend();
        awaitReady(scene, "False", "is suspended. Unsuspend it at https://localhost");
        scene.publish("");
        scene.awaitReason("app-suspended");

        owned.installation().unsuspend();

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        awaitReady(scene, "True", "may push and open pull requests");
    }

    @Test
    void anAppIsInstalledLater() throws Exception {
        Owned owned = owned(ALL);
        Scene scene = owned.scene();
        scene.sandbox();
        owned.installation().unselect(scene.repository());
        awaitReady(scene, "False", "is not installed on");
        scene.publish("");
        scene.awaitReason("app-not-installed");

        owned.installation().select(scene.repository());

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
    }

    @Test
    void withoutPullRequestsTheWorkIsPushedAndALinkGiven() throws Exception {
        Owned owned = owned(Map.of("contents", "write"));
        Scene scene = owned.scene();
        scene.sandbox();
        awaitReady(scene, "True", "may push. The installation of the GitHub App");
        assertThat(project(scene).permissions().pullRequests()).isFalse();
        assertThat(project(scene).githubApp().missingPermissions())
                .containsExactly("pull_requests: write", "checks: read", "statuses: read");

        scene.publish("");
        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).as("%s", end).isEqualTo(Phase.ManualPullRequestRequired);
        assertThat(end.reason()).isEqualTo("forbidden");
        assertThat(end.message()).contains("lacks the permission pull_requests: write");
        assertThat(end.manualPullRequest().url()).contains("/compare/main...");
        assertThat(scene.tip()).contains(end.commit());

        owned.app().request(ALL);
        awaitReady(scene, "True", "accept the App's new permissions at");
        owned.installation().accept();

        assertThat(scene.await(status -> status.phase() == Phase.PullRequestCreated)
                        .pullRequest())
                .as("opened by itself")
                .isNotNull();
    }

    @Test
    void withoutContentsNothingIsPushedUntilTheyAreGranted() throws Exception {
        Owned owned = owned(Map.of("pull_requests", "write"));
        Scene scene = owned.scene();
        scene.sandbox();
        awaitReady(scene, "False", "lacks the permission contents: write");
        assertThat(project(scene).githubApp().missingPermissions()).contains("contents: write");
        scene.publish("");
        SessionPublishStatus refused = scene.end();
        assertThat(refused.phase()).isEqualTo(Phase.Failed);
        assertThat(refused.reason()).isEqualTo("forbidden");
        assertThat(scene.tip()).isEmpty();

        owned.app().request(ALL);
        owned.installation().accept();

        assertThat(scene.await(status -> status.phase() == Phase.PullRequestCreated)
                        .commit())
                .isNotNull();
    }

    @Test
    void aTokenAndAnAppAreRefusedByName() throws Exception {
        Owned owned = owned(ALL);
        Map<String, String> both = new TreeMap<>(secret(owned.app(), PAIR));
        both.put("token", owned.scene().token());
        owned.scene().secret(both);
        awaitReady(owned.scene(), "False", "has keys of a token (token) and of a GitHub App (app-id, private-key)");
        owned.scene().sandbox();
        owned.scene().publish("");
        assertThat(owned.scene().end().reason()).isEqualTo("missing-credentials");
        assertThat(List.of(owned.scene().get().getStatus().message()))
                .allMatch(message -> message.contains("Remove one of the two"));
    }
}
