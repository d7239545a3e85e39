package dev.sessionpublish.forge.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.forge.github.GitHubRefusals.Operation;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubRefusalsTest {
    private static final String TOKEN = "ghp_Canary0123456789";
    private static final long NOW = 1_800_000_000;
    private static final Map<String, String> NONE = Map.of();

    private final GitHubRefusals refusals = new GitHubRefusals(
            new RepositoryUrl("github.com", "acme", "web"),
            new Token(TOKEN).redactor(),
            Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC));

    static Stream<Arguments> answers() {
        return Stream.of(
                arguments(
                        401,
                        NONE,
                        says("Bad credentials"),
                        Operation.READING,
                        SharedReason.AUTH,
                        "Store a valid token"),
                arguments(401, NONE, "", Operation.OPENING, SharedReason.AUTH, "Store a valid token"),
                arguments(
                        403,
                        Map.of(
                                "x-github-sso",
                                "required; url=https://github.com/orgs/acme/sso?authorization_request=A1"),
                        says("Resource protected by organization SAML enforcement."),
                        Operation.READING,
                        SharedReason.SSO_REQUIRED,
                        "at https://github.com/orgs/acme/sso?authorization_request=A1."),
                arguments(
                        403,
                        Map.of("x-github-sso", "required; url=https://evil.example/github.com/"),
                        says("Resource protected by organization SAML enforcement."),
                        Operation.READING,
                        SharedReason.SSO_REQUIRED,
                        "Authorize the token in its settings."),
                arguments(
                        403,
                        Map.of("x-accepted-github-permissions", "pull_requests=write"),
                        says("Resource not accessible by personal access token"),
                        Operation.OPENING,
                        SharedReason.FORBIDDEN,
                        "(pull_requests=write)"),
                arguments(
                        403,
                        NONE,
                        says("Resource not accessible by integration"),
                        Operation.OPENING,
                        SharedReason.FORBIDDEN,
                        "pull requests: read and write"),
                arguments(
                        403,
                        NONE,
                        says("Repository was archived so is read-only."),
                        Operation.OPENING,
                        SharedReason.ARCHIVED,
                        "Unarchive it"),
                arguments(
                        451,
                        NONE,
                        says("Repository access blocked"),
                        Operation.READING,
                        SharedReason.FORBIDDEN,
                        "blocked"),
                arguments(
                        404,
                        Map.of("x-github-sso", "required; url=https://github.com/orgs/acme/sso"),
                        says("Not Found"),
                        Operation.OPENING,
                        SharedReason.SSO_REQUIRED,
                        "at https://github.com/orgs/acme/sso."),
                arguments(408, NONE, "", Operation.READING, SharedReason.SERVER_ERROR, "server error 408"),
                arguments(
                        404,
                        NONE,
                        says("Not Found"),
                        Operation.READING,
                        SharedReason.NOT_FOUND,
                        "Check the repository's URL"),
                arguments(404, NONE, says("Not Found"), Operation.OPENING, SharedReason.FORBIDDEN, "read and write"),
                arguments(
                        410,
                        NONE,
                        says("Pull requests are disabled for this repository."),
                        Operation.OPENING,
                        PullRequestReason.PULL_REQUESTS_DISABLED,
                        "Enable them"),
                arguments(
                        422,
                        NONE,
                        fails("\"code\":\"custom\",\"message\":\"No commits between main and session/s7\""),
                        Operation.OPENING,
                        PullRequestReason.NO_CHANGES,
                        "No commits between main and session/s7"),
                arguments(
                        422,
                        NONE,
                        fails(
                                "\"code\":\"missing_field\",\"field\":\"head_sha\"",
                                "\"code\":\"missing_field\",\"field\":\"base_sha\"",
                                "\"code\":\"custom\",\"message\":\"No commits between main and session/s7\""),
                        Operation.OPENING,
                        PullRequestReason.HEAD_MISSING,
                        "does not show the pushed branch"),
                arguments(
                        422,
                        NONE,
                        fails(
                                "\"code\":\"missing_field\",\"field\":\"base_sha\"",
                                "\"code\":\"custom\",\"message\":\"No commits between main and session/s7\""),
                        Operation.OPENING,
                        SharedReason.BASE_MISSING,
                        "Set baseBranch"),
                arguments(
                        422,
                        NONE,
                        fails(
                                "\"code\":\"custom\",\"message\":\"Head sha can't be blank\"",
                                "\"code\":\"custom\",\"message\":\"Base sha can't be blank\"",
                                "\"code\":\"custom\",\"message\":\"No commits between main and session/s7\"",
                                "\"code\":\"custom\",\"message\":\"Base ref must be a branch\""),
                        Operation.OPENING,
                        SharedReason.BASE_MISSING,
                        "Set baseBranch"),
                arguments(
                        422,
                        NONE,
                        says("Head sha can't be blank, Base sha can't be blank, No commits between main and session/s7,"
                                + " Head ref must be a branch"),
                        Operation.OPENING,
                        PullRequestReason.HEAD_MISSING,
                        "does not show the pushed branch"),
                arguments(
                        422,
                        NONE,
                        fails("\"field\":\"base\",\"code\":\"invalid\""),
                        Operation.OPENING,
                        SharedReason.BASE_MISSING,
                        "Set baseBranch"),
                arguments(
                        422,
                        NONE,
                        fails("\"field\":\"head\",\"code\":\"invalid\""),
                        Operation.OPENING,
                        PullRequestReason.HEAD_MISSING,
                        "does not show the pushed branch"),
                arguments(
                        422,
                        NONE,
                        says("Draft pull requests are not supported in this repository."),
                        Operation.OPENING,
                        PullRequestReason.PULL_REQUESTS_DISABLED,
                        "Set draft to false"),
                arguments(
                        422,
                        NONE,
                        fails(
                                "\"code\":\"custom\",\"message\":\"The topic branch has no history in common with main\""),
                        Operation.OPENING,
                        PullRequestReason.UNRELATED_HISTORY,
                        "rebase the work onto it"),
                arguments(
                        422,
                        NONE,
                        fails("\"code\":\"custom\",\"message\":\"not all refs are readable\""),
                        Operation.OPENING,
                        SharedReason.FORBIDDEN,
                        "contents: read"),
                arguments(
                        403,
                        NONE,
                        says("Permission to acme/archived-tools denied to agent-bot."),
                        Operation.OPENING,
                        SharedReason.FORBIDDEN,
                        "lacks a permission"),
                arguments(
                        403,
                        NONE,
                        says("The repository is archived-tools; you may not push to it."),
                        Operation.OPENING,
                        SharedReason.FORBIDDEN,
                        "lacks a permission"),
                arguments(
                        422,
                        NONE,
                        fails("\"code\":\"custom\",\"message\":\"must be a collaborator\""),
                        Operation.OPENING,
                        SharedReason.FORBIDDEN,
                        "Add the token's owner as a collaborator"),
                arguments(
                        422,
                        NONE,
                        "{\"message\":\"Validation Failed\",\"errors\":[\"Could not resolve to a node\"]}",
                        Operation.OPENING,
                        SharedReason.UNKNOWN,
                        "Could not resolve to a node"),
                arguments(
                        422,
                        NONE,
                        fails("\"field\":\"title\",\"code\":\"missing_field\""),
                        Operation.OPENING,
                        SharedReason.UNKNOWN,
                        "title is missing_field"),
                arguments(
                        422,
                        NONE,
                        fails("\"code\":\"custom\",\"message\":\"No commits between main and is archived\""),
                        Operation.OPENING,
                        PullRequestReason.NO_CHANGES,
                        "is archived"),
                arguments(500, NONE, "", Operation.READING, SharedReason.SERVER_ERROR, "server error 500"),
                arguments(
                        502,
                        NONE,
                        "<html>Bad gateway</html>",
                        Operation.OPENING,
                        SharedReason.SERVER_ERROR,
                        "server error 502"),
                arguments(418, NONE, says("I'm a teapot"), Operation.OPENING, SharedReason.UNKNOWN, "I'm a teapot"));
    }

    @ParameterizedTest(name = "{0} {2} is {4}")
    @MethodSource("answers")
    void anAnswerHasAReasonAndSaysWhatToDo(
            int status, Map<String, String> headers, String body, Operation asked, Reason reason, String excerpt) {
        RefusedException refused = refusals.of(answer(status, headers, body), asked);

        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused).hasMessageContaining(excerpt);
        assertThat(refused.retryAfter()).isEmpty();
    }

    static Stream<Arguments> limits() {
        Map<String, String> exhausted =
                Map.of("x-ratelimit-remaining", "0", "x-ratelimit-reset", String.valueOf(NOW + 119));
        return Stream.of(
                arguments(403, exhausted, says("API rate limit exceeded for user ID 1."), 120),
                arguments(429, exhausted, says("API rate limit exceeded for user ID 1."), 120),
                arguments(403, Map.of("retry-after", "30"), says("You have exceeded a secondary rate limit."), 30),
                arguments(403, NONE, says("You have exceeded a secondary rate limit."), 60),
                arguments(403, NONE, says("You have triggered an abuse detection mechanism."), 60),
                arguments(422, NONE, fails("\"code\":\"custom\",\"message\":\"was submitted too quickly\""), 60),
                arguments(429, NONE, "", 60),
                arguments(429, Map.of("retry-after", "Wed, 21 Oct 2020 07:28:00 GMT"), "", 1),
                arguments(
                        429,
                        Map.of("retry-after", "Wed, 21 Oct 2020 07:28:00 GMT", "date", "Wed, 21 Oct 2020 07:26:30 GMT"),
                        "",
                        90),
                arguments(429, Map.of("retry-after", "soon"), "", 60),
                arguments(429, Map.of("retry-after", "-5"), "", 60),
                arguments(403, NONE, says("Maximum number of login attempts exceeded. Please try again later."), 60),
                arguments(429, Map.of("retry-after", "99999999999"), "", 86_400),
                arguments(429, Map.of("retry-after", "0"), "", 1),
                arguments(
                        403,
                        Map.of("x-ratelimit-remaining", "0", "x-ratelimit-reset", String.valueOf(NOW - 50)),
                        says("API rate limit exceeded"),
                        1));
    }

    @ParameterizedTest
    @ValueSource(longs = {-3600, 0, 3600})
    void howLongToWaitForTheResetIsCountedByGitHubsClockAndNotByOurs(long ahead) {
        String gitHubsNow = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.ofEpochSecond(NOW - ahead).atOffset(ZoneOffset.UTC));
        Map<String, String> headers = Map.of(
                "date",
                gitHubsNow,
                "x-ratelimit-remaining",
                "0",
                "x-ratelimit-reset",
                String.valueOf(NOW - ahead + 300));

        assertThat(refusals.of(answer(403, headers, says("API rate limit exceeded")), Operation.OPENING)
                        .retryAfter())
                .contains(Duration.ofSeconds(301));
    }

    @ParameterizedTest(name = "{0} {1} waits {3} s")
    @MethodSource("limits")
    void aLimitSaysHowLongToWait(int status, Map<String, String> headers, String body, long seconds) {
        RefusedException refused = refusals.of(answer(status, headers, body), Operation.OPENING);

        assertThat(refused.reason()).isEqualTo(SharedReason.RATE_LIMITED);
        assertThat(refused.retryAfter()).isEqualTo(Optional.of(Duration.ofSeconds(seconds)));
    }

    @Test
    void aServerThatSaysWhenToComeBackIsTakenAtItsWord() {
        RefusedException refused = refusals.of(answer(503, Map.of("retry-after", "7"), ""), Operation.READING);

        assertThat(refused.reason()).isEqualTo(SharedReason.SERVER_ERROR);
        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(7));
    }

    @Test
    void whatGitHubSaysIsRedactedThenCutToOneLine() {
        String pair = Base64.getEncoder().encodeToString(("x-access-token:" + TOKEN).getBytes(StandardCharsets.UTF_8));
        String body = says("You sent " + TOKEN + " and " + pair + " \\n\\u202e" + "long ".repeat(1000));

        String message = refusals.of(answer(422, NONE, body), Operation.OPENING).getMessage();

        assertThat(message)
                .contains("You sent [redacted] and [redacted]")
                .doesNotContain(TOKEN, pair, "\n", "\u202e")
                .hasSizeLessThan(700);
    }

    @Test
    void aFailureOfTheLibraryIsNotQuoted() {
        RefusedException refused = refusals.of(new IOException("Failed to deserialize: " + TOKEN), Operation.READING);

        assertThat(refused.reason()).isEqualTo(SharedReason.SERVER_ERROR);
        assertThat(refused).hasNoCause();
        assertThat(refused.getMessage()).doesNotContain(TOKEN).doesNotContain("deserialize");
    }

    @Test
    void anExistingPullRequestIsToldFromOtherInvalidOnes() {
        String exists = fails("\"code\":\"custom\",\"message\":\"A pull request already exists for acme:session/s7.\"");

        assertThat(GitHubRefusals.alreadyExists(answer(422, NONE, exists))).isTrue();
        assertThat(GitHubRefusals.alreadyExists(
                        answer(422, NONE, fails("\"field\":\"head\",\"code\":\"already_exists\""))))
                .isTrue();
        assertThat(GitHubRefusals.alreadyExists(answer(422, NONE, fails("\"field\":\"base\",\"code\":\"invalid\""))))
                .isFalse();
        assertThat(GitHubRefusals.alreadyExists(answer(403, NONE, exists))).isFalse();
    }

    private static Answer answer(int status, Map<String, String> headers, String body) {
        return new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String says(String message) {
        return "{\"message\":\"" + message + "\",\"documentation_url\":\"https://docs.github.com/rest\"}";
    }

    private static String fails(String... errors) {
        return Stream.of(errors)
                .map(error -> "{\"resource\":\"PullRequest\"," + error + "}")
                .collect(Collectors.joining(",", "{\"message\":\"Validation Failed\",\"errors\":[", "]}"));
    }
}
