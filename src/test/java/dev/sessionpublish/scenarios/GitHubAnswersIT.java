package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubFault.Kind;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What GitHub may answer to the opening of a pull request, and how the publish ends. */
class GitHubAnswersIT extends OperatorScenario {
    private static final String PAGE = "<!DOCTYPE html><html><title>Unicorn!</title></html>";

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(says(401, "Bad credentials"), "auth"),
                arguments(says(403, "Resource not accessible by personal access token"), "forbidden"),
                arguments(
                        says(
                                403,
                                "Although you appear to have the correct authorization credentials, the `acme`"
                                        + " organization has an IP allow list enabled"),
                        "forbidden"),
                arguments(raw(403, PAGE), "forbidden"),
                arguments(raw(403, ""), "forbidden"),
                arguments(
                        says(403, "Resource protected by organization SAML enforcement.")
                                .with("X-GitHub-SSO", "required; url=https://evil.example/sso"),
                        "sso-required"),
                arguments(says(404, "Not Found").with("X-GitHub-SSO", "required"), "sso-required"),
                arguments(says(404, "Not Found"), "forbidden"),
                arguments(raw(404, PAGE), "forbidden"),
                arguments(says(403, "Repository was archived so is read-only."), "archived"),
                arguments(says(410, "Pull requests are disabled for this repository."), "pull-requests-disabled"),
                arguments(says(451, "Repository access blocked"), "forbidden"),
                arguments(invalid("{\"field\":\"base\",\"code\":\"invalid\"}"), "base-missing"),
                arguments(
                        invalid("{\"code\":\"missing_field\",\"field\":\"base_sha\"},"
                                + "{\"code\":\"custom\",\"message\":\"No commits between main and x\"}"),
                        "base-missing"),
                arguments(
                        says(422, "Draft pull requests are not supported in this repository."),
                        "pull-requests-disabled"),
                arguments(invalid("{\"code\":\"custom\",\"message\":\"must be a collaborator\"}"), "forbidden"),
                arguments(
                        invalid("{\"code\":\"custom\",\"field\":\"body\",\"message\":\"body is too long (maximum is"
                                + " 65536 characters)\"}"),
                        "unknown"),
                arguments(raw(422, "[[[["), "unknown"),
                arguments(says(409, "Conflict"), "unknown"));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @MethodSource("refusals")
    void aRefusalLeavesAReasonAndALink(GitHubReply reply, String reason) throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        answer(scene, reply);

        scene.publish("");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).as("%s", end).isEqualTo(Phase.ManualPullRequestRequired);
        assertThat(end.reason()).isEqualTo(reason);
        assertThat(end.nextAttemptAt()).isNull();
        assertThat(end.commit()).isEqualTo(checkout.head());
        assertThat(end.manualPullRequest().url())
                .startsWith(world().git().url(scene.repository()) + "/compare/main..." + scene.branch());
        assertThat(end.manualPullRequest().reason()).isEqualTo(reason);
        assertThat(end.message()).doesNotContain("html", "\n", "evil");
        assertThat(Scene.condition(end, "Ready")).startsWith("True");
        assertThat(Scene.types(end))
                .isEqualTo(List.of(
                        "git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.failed", "git.pr.manual"));
        assertThat(scene.eventActions()).isEqualTo(Scene.types(end));
        assertThat(scene.pushes()).hasSize(1);
        assertThat(scene.posts()).isEqualTo(1);
    }

    static Stream<Arguments> failures() {
        String past = String.valueOf(Instant.now().getEpochSecond() - 50);
        return Stream.of(
                arguments(says(500, "Server Error"), "server-error"),
                arguments(raw(502, PAGE), "server-error"),
                arguments(raw(503, PAGE).with("Retry-After", "1"), "server-error"),
                arguments(raw(504, ""), "server-error"),
                arguments(raw(408, ""), "server-error"),
                arguments(raw(403, PAGE).with("cf-mitigated", "challenge"), "network"),
                arguments(raw(405, PAGE).with("x-amzn-waf-action", "captcha"), "network"),
                arguments(raw(403, "error code: 1020"), "network"),
                arguments(raw(429, "").with("Retry-After", "1"), "rate-limited"),
                arguments(raw(429, "").with("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"), "rate-limited"),
                arguments(
                        says(403, "API rate limit exceeded for user ID 1.")
                                .with("X-RateLimit-Remaining", "0")
                                .with("X-RateLimit-Reset", past),
                        "rate-limited"),
                arguments(
                        says(403, "You have exceeded a secondary rate limit.").with("Retry-After", "1"),
                        "rate-limited"),
                arguments(invalid("{\"field\":\"head\",\"code\":\"invalid\"}"), "head-missing"),
                arguments(
                        invalid("{\"code\":\"missing_field\",\"field\":\"head_sha\"},"
                                + "{\"code\":\"missing_field\",\"field\":\"base_sha\"},"
                                + "{\"code\":\"custom\",\"message\":\"No commits between main and x\"}"),
                        "head-missing"),
                arguments(
                        invalid("{\"code\":\"custom\",\"message\":\"A pull request already exists for acme:x.\"}"),
                        "server-error"),
                arguments(raw(201, "{\"number\":7,\"html_url\":\"https"), "server-error"),
                arguments(raw(201, "{}"), "server-error"),
                arguments(raw(200, PAGE), "server-error"),
                arguments(raw(202, ""), "server-error"),
                arguments(
                        raw(201, "{\"number\":7,\"state\":\"open\",\"html_url\":null,\"head\":null,\"base\":null}"),
                        "server-error"));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @MethodSource("failures")
    void aFailureIsTriedAgainAndThereIsOnePullRequest(GitHubReply reply, String reason) throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        answer(scene, reply);

        scene.publish("");

        SessionPublishStatus waiting =
                scene.await(status -> status.phase() == Phase.OpeningPullRequest && status.nextAttemptAt() != null
                        || status.phase().isTerminal());
        assertThat(waiting.reason()).as("%s", waiting).isEqualTo(reason);
        assertOpenedOnce(scene);
    }

    @ParameterizedTest
    @EnumSource(names = {"RESET", "RESET_AFTER_EFFECT"})
    void aConnectionThatBreaksIsTriedAgainAndThereIsOnePullRequest(Kind kind) throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        world().gitHub().next(GitHubFault.of(kind, "POST", "/repos/" + scene.repository() + "/pulls"));

        scene.publish("");

        assertOpenedOnce(scene);
    }

    @Test
    void aBaseThatIsDeletedAfterThePushLeavesALink() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        scene.remote().run("branch", "develop", "main");
        Fault held = scene.faultOfPush(Fault.Match::holdingTheAnswer);
        scene.publish("  baseBranch: develop");
        assertThat(held.awaitReached(Duration.ofSeconds(60))).isTrue();

        scene.remote().run("branch", "-D", "develop");
        held.release();

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).as("%s", end).isEqualTo(Phase.ManualPullRequestRequired);
        assertThat(end.reason()).isEqualTo("base-missing");
    }

    @Test
    void aHeadThatIsGoneWhenItsPullRequestIsOpenedIsPushedAgain() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault held = scene.publishAndHold(Fault.Match::holdingTheAnswer);
        scene.remote().run("update-ref", "-d", "refs/heads/" + scene.branch());
        held.release();

        assertThat(scene.awaitPhase(Phase.PullRequestCreated).commit()).isEqualTo(checkout.head());
        assertThat(scene.tip()).contains(checkout.head());
    }

    @Test
    void aRefusalOfTenMegabytesIsCutAndHoldsNothingUp() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        answer(scene, says(422, "x ".repeat(4 * 1024 * 1024) + scene.token()));

        scene.publish("");

        SessionPublishStatus end = scene.end();
        assertThat(end.reason()).isEqualTo("unknown");
        assertThat(end.message()).hasSizeLessThan(2_000);
    }

    private static void assertOpenedOnce(Scene scene) throws Exception {
        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).as("%s", end).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.pulls()).hasSize(1);
        assertThat(scene.pushes()).hasSize(1);
        assertThat(Scene.types(end))
                .isEqualTo(List.of("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded"));
        assertThat(scene.eventActions()).isEqualTo(Scene.types(end));
    }

    private static void answer(Scene scene, GitHubReply reply) {
        world().gitHub().next(GitHubFault.answer("POST", "/repos/" + scene.repository() + "/pulls", reply));
    }

    private static GitHubReply says(int status, String message) {
        return GitHubReply.error(status, message);
    }

    private static GitHubReply invalid(String errors) {
        return raw(422, "{\"message\":\"Validation Failed\",\"errors\":[" + errors + "]}");
    }

    private static GitHubReply raw(int status, String body) {
        return new GitHubReply(status, Map.of(), new TextNode(body));
    }
}
