package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Access;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubToken;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.embedded.cluster.Faults;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was missing starts a publish again when it appears or changes. */
class WakeUpIT extends OperatorScenario {

    @ParameterizedTest
    @ValueSource(strings = {"PSC", "PCS", "SPC", "SCP", "CPS", "CSP"})
    void projectSecretAndPublishEndWellInAnyOrder(String order) throws Exception {
        Scene scene = scene();
        SandboxCheckout checkout = scene.sandbox();
        for (char each : order.toCharArray()) {
            switch (each) {
                case 'P' -> scene.publish("");
                case 'S' -> scene.secret(Map.of("token", scene.token()));
                default -> scene.project("");
            }
        }

        scene.awaitPhase(Phase.PullRequestCreated);

        assertThat(scene.tip()).contains(checkout.head());
        assertThat(scene.pulls()).hasSize(1);
    }

    @Test
    void aProjectThatNoWatchHasShownYetIsFoundAllTheSame() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        Faults faults = world().cluster().faults();
        faults.fail(
                request -> request.verb().equals("watch")
                        && request.path().endsWith("/sessionprojects")
                        && refused.incrementAndGet() > 0,
                503,
                Integer.MAX_VALUE);
        try {
            world().cluster().dropWatches();
            Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> refused.get() > 0);
            Scene scene = scene().secret(Map.of("token", "unused")).project("  push: {enabled: false}");
            scene.sandbox();

            scene.publish("");

            assertThat(scene.end().reason()).isEqualTo("push-disabled");
        } finally {
            faults.clear();
        }
    }

    @Test
    void aMissingProjectIsTheReasonUntilItAppears() throws Exception {
        Scene scene = scene().secret(Map.of("token", "later"));
        scene.sandbox();
        scene.publish("");
        SessionPublishStatus failed = scene.awaitReason("project-not-found");
        assertThat(failed.phase()).isEqualTo(Phase.Failed);
        assertThat(failed.finishedAt()).isNotNull();
        assertThat(failed.message()).contains("There is no SessionProject " + scene.name());
        assertThat(Scene.condition(failed, "Stalled")).isEqualTo("True ProjectNotFound");
        assertThat(Scene.condition(failed, "Reconciling")).isEqualTo("False ProjectNotFound");
        assertThat(Scene.condition(failed, "Ready")).isEqualTo("False ProjectNotFound");

        scene.registered();

        SessionPublishStatus end = scene.awaitPhase(Phase.PullRequestCreated);
        assertThat(end.reason()).isNull();
        assertThat(Scene.condition(end, "Stalled")).isEqualTo("False PullRequestCreated");
        assertThat(Scene.types(end)).startsWith("git.push.failed").endsWith("git.pr.succeeded");
        assertThat(scene.eventActions()).isEqualTo(Scene.types(end));
    }

    @Test
    void aMissingSecretIsTheReasonUntilItAppears() throws Exception {
        Scene scene = scene().project("  defaultBranch: main");
        scene.sandbox();
        scene.publish("");
        assertThat(scene.awaitReason("missing-credentials").phase()).isEqualTo(Phase.Failed);

        scene.secret(Map.of("token", scene.token()));

        scene.awaitPhase(Phase.PullRequestCreated);
    }

    @Test
    void aSecretWithoutTheKeyIsMendedByAddingIt() throws Exception {
        Scene scene = scene().project("  defaultBranch: main").secret(Map.of("app-id", "7", "private-key", "x"));
        scene.sandbox();
        scene.publish("");
        assertThat(scene.awaitReason("missing-credentials").message()).contains("GitHub App");

        scene.secret(Map.of("token", scene.token()));

        scene.awaitPhase(Phase.PullRequestCreated);
    }

    @Test
    void aDisabledPushGoesOnWhenTheProjectAllowsIt() throws Exception {
        Scene scene = scene().ready().project("  push: {enabled: false}");
        scene.sandbox();
        scene.publish("");
        assertThat(scene.awaitReason("push-disabled").phase()).isEqualTo(Phase.Failed);
        assertThat(scene.gitRequests()).isEmpty();
        assertThat(scene.execs()).isZero();

        scene.project("  push: {enabled: true}");

        scene.awaitPhase(Phase.PullRequestCreated);
    }

    @Test
    void aRejectedTokenIsMendedByANewOneInTheSecret() throws Exception {
        Scene scene = scene().ready();
        world().git().revoke(scene.token());
        scene.sandbox();
        scene.publish("");
        SessionPublishStatus failed = scene.awaitReason("auth");
        assertThat(failed.phase()).isEqualTo(Phase.Failed);
        assertThat(Scene.types(failed)).isEqualTo(List.of("git.push.failed"));

        String renewed = "ghp_renewed-" + scene.name();
        scene.grant(renewed);
        scene.secret(Map.of("token", renewed + "\n"));

        scene.awaitPhase(Phase.PullRequestCreated);
    }

    @Test
    void aTokenWithoutTheRightIsMendedByAnotherInTheSecret() throws Exception {
        Scene scene = scene().ready();
        world().git().access().token(scene.token(), "reader", Map.of(scene.repository(), Access.Permission.READ));
        scene.sandbox();
        scene.publish("");
        assertThat(scene.awaitReason("forbidden").phase()).isEqualTo(Phase.Failed);

        scene.renewToken();

        scene.awaitPhase(Phase.PullRequestCreated);
    }

    @Test
    void aTokenThatCantTellTheDefaultBranchIsTheReasonAndAnotherStartsAgain() throws Exception {
        Scene scene = scene();
        world().gitHub().revoke(scene.token());
        scene.registered();
        scene.sandbox();
        scene.publish("");
        SessionPublishStatus failed = scene.awaitReason("auth");
        assertThat(failed.phase()).isEqualTo(Phase.Failed);
        assertThat(failed.message()).contains("GitHub rejects the token");
        assertThat(scene.execs()).isZero();

        scene.renewToken();

        scene.awaitPhase(Phase.PullRequestCreated);
    }

    @Test
    void aProjectWhoseDefaultBranchIsNotKnownYetIsWaitedFor() throws Exception {
        Scene scene = scene();
        world().gitHub()
                .next(GitHubFault.of(GitHubFault.Kind.RESET, "GET", "/repos/" + scene.repository())
                        .times(1_000));
        scene.registered();
        scene.sandbox();
        scene.publish("");
        SessionPublishStatus waiting = scene.awaitReason("project-not-ready");
        assertThat(waiting.phase()).isEqualTo(Phase.Waiting);
        assertThat(waiting.nextAttemptAt()).isNotNull();
        assertThat(Scene.condition(waiting, "Reconciling")).isEqualTo("True ProjectNotReady");

        scene.project("  defaultBranch: main");

        scene.awaitPhase(Phase.PullRequestCreated);
    }

    @Test
    void aPodThatIsNotThereYetIsWaitedFor() throws Exception {
        Scene scene = scene().ready();
        scene.checkout();
        scene.publish("");
        SessionPublishStatus waiting = scene.awaitReason("sandbox-not-ready");
        assertThat(waiting.phase()).isEqualTo(Phase.Waiting);
        assertThat(Scene.condition(waiting, "SourceReady")).isEqualTo("False SandboxNotReady");

        scene.startPod();

        SessionPublishStatus end = scene.awaitPhase(Phase.PullRequestCreated);
        assertThat(Scene.condition(end, "SourceReady")).isEqualTo("True Found");
        assertThat(scene.history()).doesNotContain("git.push.failed");
    }

    @Test
    void aPodThatGetsTheLabelLaterStartsThePublishAgain() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        scene.label("sessionpublish.dev/sandbox", null);
        scene.publish("");
        SessionPublishStatus failed = scene.awaitReason("sandbox-label-missing");
        assertThat(failed.phase()).isEqualTo(Phase.Failed);
        assertThat(failed.message()).contains("add the label sessionpublish.dev/sandbox=true", "starts again");
        assertThat(scene.execs()).isZero();

        scene.label("sessionpublish.dev/sandbox", "true");

        scene.awaitPhase(Phase.PullRequestCreated);
        assertThat(scene.tip()).contains(checkout.head());
    }

    @Test
    void aPodThatIsNotReadyIsWaitedFor() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        world().cluster().setPodReady(EmbeddedWorld.NAMESPACE, scene.name(), false);
        scene.publish("");
        scene.awaitReason("sandbox-not-ready");
        assertThat(scene.execs()).isZero();

        world().cluster().setPodReady(EmbeddedWorld.NAMESPACE, scene.name(), true);

        scene.awaitPhase(Phase.PullRequestCreated);
    }

    @Test
    void aPullRequestTokenAddedLaterOpensWhatWasLeftToAPerson() throws Exception {
        Scene scene = scene().project("  defaultBranch: main");
        scene.secret(Map.of("push-token", scene.token()));
        scene.sandbox();
        scene.publish("");
        assertThat(scene.awaitPhase(Phase.ManualPullRequestRequired).reason()).isEqualTo("missing-credentials");

        scene.secret(Map.of("push-token", scene.token(), "pull-request-token", scene.token()));

        SessionPublishStatus end = scene.awaitPhase(Phase.PullRequestCreated);
        assertThat(end.manualPullRequest()).isNull();
        assertThat(Scene.types(end))
                .isEqualTo(List.of(
                        "git.push.started",
                        "git.push.succeeded",
                        "git.pr.manual",
                        "git.pr.started",
                        "git.pr.succeeded"));
        assertThat(scene.pushes()).hasSize(1);
    }

    @Test
    void aProjectThatTurnsPullRequestsOnGetsWhatWasLeftToAPerson() throws Exception {
        Scene scene = scene().ready().project("  pullRequests: {enabled: false}");
        scene.sandbox();
        scene.publish("");
        assertThat(scene.awaitPhase(Phase.ManualPullRequestRequired).reason()).isEqualTo("pull-requests-disabled");
        assertThat(scene.posts()).isZero();

        scene.project("  pullRequests: {enabled: true}");

        scene.awaitPhase(Phase.PullRequestCreated);
        assertThat(scene.pulls()).hasSize(1);
    }

    @Test
    void whatWasPushedGetsNoPullRequestInAnotherRepository() throws Exception {
        Scene scene = scene().ready().project("  pullRequests: {enabled: false}");
        scene.sandbox();
        scene.publish("");
        String link =
                scene.awaitReason("pull-requests-disabled").manualPullRequest().url();
        Scene other = scene().ready();
        other.sandbox();
        other.publish("  headBranch: " + scene.branch() + "\n  createPullRequest: false");
        assertThat(other.end().phase()).isEqualTo(Phase.Pushed);
        world().git()
                .access()
                .token(
                        scene.token(),
                        "agent-bot",
                        Map.of(
                                scene.repository(), Access.Permission.WRITE,
                                other.repository(), Access.Permission.WRITE));
        world().gitHub().token(scene.token(), "agent-bot").may(GitHubToken.Access.WRITE, other.repository());

        scene.replaceProject(other.repository());

        SessionPublishStatus end = scene.await(
                status -> status.message() != null && status.message().contains("was replaced"));
        assertThat(end.phase()).isEqualTo(Phase.ManualPullRequestRequired);
        assertThat(end.manualPullRequest().url()).isEqualTo(link);
        assertThat(other.pulls()).isEmpty();
    }

    @Test
    void theDefaultBranchIsAskedOfGitWhereThereIsNoTokenForTheApi() throws Exception {
        Scene scene = scene();
        scene.secret(Map.of("push-token", scene.token())).project("");
        scene.awaitProject(project ->
                project.getStatus() != null && "main".equals(project.getStatus().defaultBranch()));
        assertThat(scene.apiRequests()).isEmpty();
    }

    @Test
    void aProjectSaysWhatIsWrongWithItAndRecovers() throws IOException {
        Scene scene = scene().project("");
        scene.awaitProject(project -> project.getStatus() != null
                && project.getStatus().conditions() != null
                && Scene.condition(project.getStatus().conditions(), "Stalled").equals("True MissingCredentials"));

        scene.secret(Map.of("token", scene.token()));

        scene.awaitProject(project -> project.getStatus().conditions() != null
                && Scene.condition(project.getStatus().conditions(), "Ready").startsWith("True"));
        assertThat(scene.storedProject().orElseThrow().getStatus().defaultBranch())
                .isEqualTo("main");
    }
}
