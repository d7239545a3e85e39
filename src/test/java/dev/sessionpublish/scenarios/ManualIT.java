package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.embedded.GitHubToken;
import dev.sessionpublish.embedded.SandboxCheckout;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pushed work whose pull request the operator can't open is handed to a person, and opened as soon as it can be. */
class ManualIT extends OperatorScenario {

    @Test
    void withoutATokenForPullRequestsThereIsALinkOfTheRightPair() throws Exception {
        Scene scene = scene().project("  defaultBranch: main");
        scene.secret(Map.of("push-token", scene.token()));
        SandboxCheckout checkout = scene.sandbox();

        scene.publish("  title: \"It's 100% done & tested\"");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.ManualPullRequestRequired);
        assertThat(end.reason()).isEqualTo("missing-credentials");
        assertThat(end.commit()).isEqualTo(checkout.head());
        assertThat(scene.tip()).contains(checkout.head());
        assertThat(end.nextAttemptAt()).isNull();
        assertThat(end.manualPullRequest().url())
                .startsWith(world().git().url(scene.repository()) + "/compare/main..." + scene.branch()
                        + "?expand=1&title=It%27s%20100%25%20done%20%26%20tested&body=");
        assertThat(Scene.condition(end, "Ready")).isEqualTo("True MissingCredentials");
        assertThat(Scene.condition(end, "Pushed")).isEqualTo("True Pushed");
        assertThat(Scene.condition(end, "PullRequestReady")).isEqualTo("False MissingCredentials");
        assertThat(Scene.types(end)).isEqualTo(List.of("git.push.started", "git.push.succeeded", "git.pr.manual"));
        assertThat(scene.eventActions()).isEqualTo(Scene.types(end));
        Event manual = scene.events().get(2);
        assertThat(manual.getReason()).isEqualTo("PullRequestManual");
        assertThat(manual.getType()).isEqualTo("Normal");
        assertThat(manual.getNote()).contains("/compare/main..." + scene.branch());
        String told = manual.getMetadata().getAnnotations().get("sessionpublish.dev/manual-pr-url");
        assertThat(end.manualPullRequest().url()).startsWith(told.replaceFirst("(%E2%80%A6)?$", ""));
        assertThat(end.history().get(2).data()).containsEntry("manual-pr-url", told);
        assertThat(scene.apiRequests()).isEmpty();
    }

    @Test
    void theCommandHandsGhEveryValueAsItIs() throws Exception {
        Scene scene = scene().ready().project("  pullRequests: {enabled: false}");
        scene.sandbox();
        scene.publish("  title: \"Don't $(touch pwned) `x`\"\n  body: \"a 'b' \\\"c\\\"\"");
        String command = scene.end().manualPullRequest().command();

        Process shell = new ProcessBuilder("sh", "-c", "gh() { printf '<%s>\\n' \"$@\"; }\n" + command).start();
        String arguments = new String(shell.getInputStream().readAllBytes());

        assertThat(arguments.lines())
                .containsExactly(
                        "<pr>",
                        "<create>",
                        "<--repo>",
                        "<" + world().git().url(scene.repository()) + ">",
                        "<--base>",
                        "<main>",
                        "<--head>",
                        "<" + scene.branch() + ">",
                        "<--title>",
                        "<Don't $(touch pwned) `x`>",
                        "<--body>",
                        "<a 'b' \"c\">");
    }

    @Test
    void aForbiddenPullRequestIsHandedOverAtOnce() throws Exception {
        Scene scene = scene().ready();
        world().gitHub().revoke(scene.token());
        world().gitHub().fineGrainedToken(scene.token(), "agent-bot").may(GitHubToken.Access.PUSH, scene.repository());
        scene.sandbox();

        scene.publish("");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.ManualPullRequestRequired);
        assertThat(end.reason()).isEqualTo("forbidden");
        assertThat(Scene.types(end))
                .isEqualTo(List.of(
                        "git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.failed", "git.pr.manual"));
        assertThat(scene.eventActions()).isEqualTo(Scene.types(end));
        assertThat(scene.events().get(3).getType()).isEqualTo("Warning");
        assertThat(scene.posts()).isEqualTo(1);
    }

    @Test
    void afterThreeFailuresAPersonIsAskedAndTheOperatorGoesOnUntilTheApiIsBack() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        downFor(scene, "POST", 3);
        downFor(scene, "GET", 40);

        scene.publish("");

        SessionPublishStatus manual = scene.awaitPhase(Phase.ManualPullRequestRequired);
        assertThat(manual.reason()).isEqualTo("server-error");
        assertThat(manual.attempts()).isEqualTo(3);
        assertThat(manual.nextAttemptAt()).isNotNull();
        assertThat(manual.finishedAt()).isNotNull();
        assertThat(Scene.condition(manual, "Ready")).isEqualTo("True ServerError");
        assertThat(Scene.condition(manual, "Stalled")).isEqualTo("False ServerError");
        scene.await(status -> status.attempts() >= 5);
        assertThat(scene.history()).containsOnlyOnce("git.pr.failed", "git.pr.manual");
        assertThat(scene.get().getStatus().finishedAt()).isEqualTo(manual.finishedAt());

        world().gitHub().clearFaults();

        SessionPublishStatus end = scene.awaitPhase(Phase.PullRequestCreated);
        assertThat(end.pullRequest().adopted()).isFalse();
        assertThat(end.manualPullRequest()).isNull();
        assertThat(end.nextAttemptAt()).isNull();
        assertThat(scene.pulls()).hasSize(1);
        assertThat(Scene.types(end))
                .isEqualTo(List.of(
                        "git.push.started",
                        "git.push.succeeded",
                        "git.pr.started",
                        "git.pr.failed",
                        "git.pr.manual",
                        "git.pr.succeeded"));
        assertThat(scene.eventActions()).isEqualTo(Scene.types(end));
        assertThat(scene.pushes()).hasSize(1);
    }

    @Test
    void aPullRequestThatAPersonOpensFromTheLinkIsAdopted() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        downFor(scene, "POST", 1);
        downFor(scene, "GET", 40);
        scene.publish("");
        scene.awaitPhase(Phase.ManualPullRequestRequired);

        scene.byAPerson().open(scene.pullRequest("By hand"));
        world().gitHub().clearFaults();

        SessionPublishStatus end = scene.awaitPhase(Phase.PullRequestCreated);
        assertThat(end.pullRequest().adopted()).isTrue();
        assertThat(scene.pulls()).extracting(pull -> pull.title()).containsExactly("By hand");
    }

    @Test
    void aPushedBranchKeepsItsLinkWhenTheProjectGoesAway() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        downFor(scene, "POST", 1);
        downFor(scene, "GET", 200);
        scene.publish("");
        scene.awaitPhase(Phase.OpeningPullRequest);
        world().client().resource(scene.storedProject().orElseThrow()).delete();

        SessionPublishStatus end = scene.awaitReason("project-not-found");

        world().gitHub().clearFaults();
        assertThat(end.phase()).isEqualTo(Phase.ManualPullRequestRequired);
        assertThat(end.manualPullRequest().url()).contains("/compare/main..." + scene.branch());
    }

    private static void downFor(Scene scene, String method, int times) {
        world().gitHub()
                .next(GitHubFault.answer(
                                method,
                                "/repos/" + scene.repository() + "/pulls.*",
                                GitHubReply.error(502, "Bad Gateway"))
                        .times(times));
    }
}
