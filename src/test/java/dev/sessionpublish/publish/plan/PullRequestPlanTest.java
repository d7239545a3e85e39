package dev.sessionpublish.publish.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.Credentials;
import dev.sessionpublish.project.ProjectReason;
import dev.sessionpublish.publish.PublishReason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PullRequestPlanTest {
    private static final Token TOKEN = new Token("secret-token");
    private static final Credentials ALL = new Credentials("7", Optional.of(TOKEN), Optional.of(TOKEN));
    private static final Credentials PUSH_ONLY = new Credentials("7", Optional.of(TOKEN), Optional.empty());
    private static final Instant SOON = Instant.parse("2026-03-01T12:00:00Z");

    private static PullRequestPlan plan(String spec, String project, Credentials credentials, boolean enabled)
            throws Exception {
        return PullRequestPlan.of(new PullRequestPlan.Facts(
                Serialization.unmarshal("source: {podName: s7}\n" + spec, SessionPublishSpec.class),
                TestProject.of(project),
                credentials,
                enabled,
                "work",
                "main",
                new PullRequestText("Fix it", "It is fixed.")));
    }

    @Test
    void noneIsOpenedWhenNoneIsWanted() throws Exception {
        assertThat(plan("createPullRequest: false", "", ALL, true)).isEqualTo(new PullRequestPlan.NotWanted());
    }

    private static Stream<Arguments> handovers() {
        return Stream.of(
                Arguments.of("", ALL, false, PublishReason.PUBLISHING_DISABLED),
                Arguments.of("pullRequests: {enabled: false}", ALL, true, PullRequestReason.PULL_REQUESTS_DISABLED),
                Arguments.of("", PUSH_ONLY, true, ProjectReason.MISSING_CREDENTIALS));
    }

    @ParameterizedTest
    @MethodSource("handovers")
    void whereNoneMayBeOpenedALinkIsHandedOver(String project, Credentials credentials, boolean enabled, Reason reason)
            throws Exception {
        assertThat(plan("", project, credentials, enabled))
                .isInstanceOfSatisfying(
                        PullRequestPlan.HandOver.class,
                        plan -> assertThat(plan.why().reason()).isEqualTo(reason));
    }

    @Test
    void theProjectsLabelsAndReviewersComeFirstAndEachOnce() throws Exception {
        String project = "pullRequests: {draft: true, labels: [agent, web], reviewers: [jo]}";
        PullRequestPlan plan =
                plan("labels: [web, urgent]\nreviewers: [kim, jo]\nassignees: [kim]", project, ALL, true);

        assertThat(plan)
                .isEqualTo(new PullRequestPlan.Open(new Forge.NewPullRequest(
                        "work",
                        "main",
                        "Fix it",
                        "It is fixed.",
                        true,
                        List.of("agent", "web", "urgent"),
                        List.of("jo", "kim"),
                        List.of("kim"))));
    }

    @Test
    void theSpecDecidesWhetherItIsADraft() throws Exception {
        assertThat(plan("draft: false", "pullRequests: {draft: true}", ALL, true))
                .isInstanceOfSatisfying(
                        PullRequestPlan.Open.class,
                        plan -> assertThat(plan.request().draft()).isFalse());
    }

    @ParameterizedTest(name = "attempt {0}, shown before: {1}, retried: {2}")
    @CsvSource({
        "1, NOTHING, true, Retry",
        "2, NOTHING, true, Retry",
        "3, NOTHING, true, HandOver",
        "1, LINK, true, HandOver",
        "1, NOTHING, false, HandOver",
        "2, PULL_REQUEST, true, Retry",
        "3, PULL_REQUEST, true, Keep",
        "1, PULL_REQUEST, false, Keep",
    })
    void aRefusedOneIsRetriedTwiceThenHandedOver(
            int attempt, PullRequestFallback.Shown before, boolean retried, String expected) {
        Optional<Instant> next = retried ? Optional.of(SOON) : Optional.empty();
        RefusedException why = new RefusedException(SharedReason.NETWORK, "No answer.");

        PullRequestFallback fallback = PullRequestFallback.of(why, attempt, before, next);

        assertThat(fallback)
                .isEqualTo(
                        switch (expected) {
                            case "Retry" -> new PullRequestFallback.Retry(SOON);
                            case "Keep" -> new PullRequestFallback.Keep();
                            default ->
                                new PullRequestFallback.HandOver(before == PullRequestFallback.Shown.NOTHING, next);
                        });
    }

    @Test
    void aBranchThatAddsNothingToTheBaseGetsNone() {
        RefusedException why = new RefusedException(PullRequestReason.NO_CHANGES, "No commits between them.");
        assertThat(PullRequestFallback.of(why, 1, PullRequestFallback.Shown.NOTHING, Optional.empty()))
                .isEqualTo(new PullRequestFallback.Impossible());
    }

    @ParameterizedTest(name = "closing wanted: {0}, number: {1}, may be open: {2}")
    @CsvSource({
        "false, 7, true, LeaveOpen",
        "false, , false, LeaveOpen",
        "true, , false, LeaveOpen",
        "true, 7, false, Close",
        "true, 7, true, Close",
        "true, , true, FindAndClose",
    })
    void aDeletedPublishClosesItsOwn(boolean wanted, Integer number, boolean mayBeOpen, String expected) {
        DeletionPlan plan = DeletionPlan.of(wanted, Optional.ofNullable(number), mayBeOpen);

        assertThat(plan.getClass().getSimpleName()).isEqualTo(expected);
    }
}
