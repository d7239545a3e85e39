package dev.sessionpublish.forge.github;

import static dev.sessionpublish.forge.PullRequestReason.HEAD_MISSING;
import static dev.sessionpublish.forge.PullRequestReason.NO_CHANGES;
import static dev.sessionpublish.forge.PullRequestReason.PULL_REQUESTS_DISABLED;
import static dev.sessionpublish.outcome.SharedReason.ARCHIVED;
import static dev.sessionpublish.outcome.SharedReason.AUTH;
import static dev.sessionpublish.outcome.SharedReason.BASE_MISSING;
import static dev.sessionpublish.outcome.SharedReason.FORBIDDEN;
import static dev.sessionpublish.outcome.SharedReason.NOT_FOUND;
import static dev.sessionpublish.outcome.SharedReason.RATE_LIMITED;
import static dev.sessionpublish.outcome.SharedReason.SERVER_ERROR;
import static dev.sessionpublish.outcome.SharedReason.SSO_REQUIRED;
import static dev.sessionpublish.outcome.SharedReason.UNKNOWN;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.RetryAfter;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What GitHub's refusals mean, and what a person does about them. What GitHub says is quoted redacted, as one line of
 * at most {@value #LONGEST_QUOTE} bytes.
 *
 * @see <a href="https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api">Troubleshooting</a>
 * @see <a href="https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api">Rate limits</a>
 */
final class GitHubRefusals {
    private static final int LONGEST_QUOTE = 512;
    private static final Duration UNTOLD = Duration.ofSeconds(60);
    private static final Pattern ARCHIVED_WORDS = Pattern.compile("(was|is|been) archived");
    private static final Pattern SSO_URL = Pattern.compile("url=(https://[\\x21-\\x7e&&[^\"'<>;]]+)");

    private final RepositoryUrl repository;
    private final Redactor redactor;
    private final Clock clock;

    GitHubRefusals(RepositoryUrl repository, Redactor redactor, Clock clock) {
        this.repository = repository;
        this.redactor = redactor;
        this.clock = clock;
    }

    /** What was asked for when the answer came: the same status means different things. */
    enum Asked {
        READING,
        READING_PULL_REQUEST,
        OPENING,
        CLOSING
    }

    /** The answer that a failure of the library stands for, when there was one. */
    static Optional<Answer> answerIn(Throwable failure) {
        return cause(failure, Unwelcome.class).map(Unwelcome::answer);
    }

    /** A failure of the library. Neither its message nor its cause goes on: they quote answers. */
    RefusedException of(Throwable failure, Asked asked) {
        Optional<Answer> answer = answerIn(failure);
        if (answer.isPresent()) {
            return of(answer.get(), asked);
        }
        return cause(failure, Unanswered.class)
                .map(Unanswered::refusal)
                .orElseGet(() -> new RefusedException(
                        SERVER_ERROR,
                        "GitHub's answer can't be read: something between may have answered in its place."));
    }

    private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> kind) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return Optional.of(kind.cast(each));
            }
        }
        return Optional.empty();
    }

    /** Whether a pull request wasn't opened because there is one. */
    static boolean alreadyExists(Answer answer) {
        return answer.status() == 422
                && (quote(answer).toLowerCase(Locale.ROOT).contains("a pull request already exists")
                        || hasError(answer, "head", "already_exists"));
    }

    RefusedException of(Answer answer, Asked asked) {
        String said = quote(answer);
        String words = said.toLowerCase(Locale.ROOT);
        int status = answer.status();
        if (status == 401) {
            return refuse(
                    AUTH,
                    "GitHub does not accept the token: it is wrong, expired or revoked. Put a valid one"
                            + " into the project's Secret.",
                    said);
        }
        if (status == 429
                || status == 403 && isLimit(answer, words)
                || status == 422 && words.contains("submitted too quickly")) {
            return limited(answer, said);
        }
        if ((status == 403 || status == 404) && answer.header("X-GitHub-SSO").isPresent()) {
            return refuse(
                    SSO_REQUIRED,
                    "The organisation asks for single sign-on: authorise the token for it" + ssoUrl(answer) + ".",
                    said);
        }
        if (status == 403 && ARCHIVED_WORDS.matcher(words).find()) {
            return refuse(
                    ARCHIVED,
                    repository + " is archived, so it is read-only: unarchive it, or publish to"
                            + " another repository.",
                    said);
        }
        if (status == 410 || disabled(words)) {
            return refuse(
                    PULL_REQUESTS_DISABLED,
                    "Pull requests are disabled in " + repository + ": enable them in"
                            + " its settings, or set createPullRequest to false.",
                    said);
        }
        if (status == 403 || status == 451) {
            return refuse(
                    FORBIDDEN,
                    "The token may not do this in " + repository + ": give it the permission"
                            + answer.header("X-Accepted-GitHub-Permissions")
                                    .map(names -> " (" + show(names) + ")")
                                    .orElse(" (pull requests: read and write)")
                            + ".",
                    said);
        }
        if (status == 404) {
            return missing(asked, said);
        }
        if (status == 422) {
            return invalid(answer, said, words);
        }
        if (status >= 500 || status == 408) {
            return new RefusedException(
                    SERVER_ERROR,
                    "GitHub answered " + status + ", which is its own failure. Its status page may say more.",
                    answer.retryAfter());
        }
        return refuse(UNKNOWN, "GitHub answered " + status + ", which was not expected.", said);
    }

    private RefusedException missing(Asked asked, String said) {
        return switch (asked) {
            case READING ->
                refuse(
                        NOT_FOUND,
                        repository + " isn't there, or the token may not see it: check the"
                                + " repository's URL, and that the token has access to it.",
                        said);
            case OPENING ->
                refuse(
                        FORBIDDEN,
                        "GitHub says that " + repository + " isn't there, which it also says when the"
                                + " token may not open pull requests in it: give the token the permission (pull requests:"
                                + " read and write) and access to this repository.",
                        said);
            case READING_PULL_REQUEST ->
                refuse(
                        NOT_FOUND,
                        "The pull request isn't in " + repository + ", or the token may not see it: check the"
                                + " repository, and that the token has access to it.",
                        said);
            case CLOSING ->
                refuse(
                        NOT_FOUND,
                        "The pull request isn't in " + repository + ", or the token may not close it: give the token"
                                + " the permission (pull requests: read and write), or close it yourself.",
                        said);
        };
    }

    private RefusedException invalid(Answer answer, String said, String words) {
        boolean noHead = words.contains("head ref must be a branch");
        if (hasError(answer, "base", "invalid") || words.contains("base ref must be a branch") && !noHead) {
            return noBase(said);
        }
        // Between branches of which one is missing there are no commits either, and that is said of them too.
        if (noHead
                || hasError(answer, "head", "invalid")
                || hasError(answer, "head_sha", "missing_field")
                || words.contains("head sha can't be blank")) {
            return refuse(HEAD_MISSING, "GitHub doesn't see the pushed branch in " + repository + " (yet).", said);
        }
        if (hasError(answer, "base_sha", "missing_field") || words.contains("base sha can't be blank")) {
            return noBase(said);
        }
        if (words.contains("no commits between")) {
            return refuse(
                    NO_CHANGES,
                    "There is nothing to open a pull request for: the base has every commit of the branch.",
                    said);
        }
        if (words.contains("draft pull requests are not supported")) {
            return refuse(
                    PULL_REQUESTS_DISABLED,
                    "Draft pull requests are not available in " + repository + ": set draft to false.",
                    said);
        }
        if (words.contains("must be a collaborator") || words.contains("only collaborators")) {
            return refuse(
                    FORBIDDEN,
                    "Only collaborators may open pull requests in " + repository + ": make the" + " token's owner one.",
                    said);
        }
        return refuse(UNKNOWN, "GitHub did not accept the pull request as it was asked for.", said);
    }

    private static boolean disabled(String words) {
        return words.contains("pull requests are disabled")
                || words.contains("pull requests have been disabled")
                || words.contains("pull requests has been disabled");
    }

    private RefusedException noBase(String said) {
        return refuse(
                BASE_MISSING, "The base branch isn't in " + repository + ": set baseBranch to one that is.", said);
    }

    private static boolean hasError(Answer answer, String field, String code) {
        for (JsonNode error : answer.json().path("errors")) {
            if (error.path("field").asText().equals(field)
                    && error.path("code").asText().equals(code)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLimit(Answer answer, String words) {
        return answer.header("Retry-After").isPresent()
                || answer.header("x-ratelimit-remaining").equals(Optional.of("0"))
                || words.contains("secondary rate limit")
                || words.contains("abuse detection")
                || words.contains("rate limit exceeded")
                || words.contains("login attempts exceeded");
    }

    private RefusedException limited(Answer answer, String said) {
        Duration wait = answer.retryAfter().or(() -> untilReset(answer)).orElse(UNTOLD);
        return new RefusedException(
                RATE_LIMITED,
                "GitHub's rate limit for this token is used up; it is tried again in " + wait.toSeconds() + " seconds."
                        + tail(said),
                Optional.of(wait));
    }

    private Optional<Duration> untilReset(Answer answer) {
        if (!answer.header("x-ratelimit-remaining").equals(Optional.of("0"))) {
            return Optional.empty();
        }
        long now = answer.date().orElseGet(clock::instant).getEpochSecond();
        return answer.number("x-ratelimit-reset")
                .map(epoch -> Duration.ofSeconds(epoch - now + 1))
                .map(RetryAfter::bounded);
    }

    private String ssoUrl(Answer answer) {
        Matcher url = SSO_URL.matcher(answer.header("X-GitHub-SSO").orElse(""));
        boolean ours = url.find() && url.group(1).startsWith("https://" + repository.authority() + "/");
        return ours ? " at " + show(url.group(1)) : " in its settings";
    }

    private RefusedException refuse(Reason reason, String sentence, String said) {
        return new RefusedException(reason, sentence + tail(said));
    }

    private String tail(String said) {
        String shown = show(said);
        return shown.isEmpty() ? "" : " GitHub says: " + shown;
    }

    private String show(String text) {
        return SafeText.line(redactor.redact(text), LONGEST_QUOTE);
    }

    /** The message and those of its details; not yet fit to show. */
    private static String quote(Answer answer) {
        JsonNode json = answer.json();
        StringJoiner said = new StringJoiner("; ");
        said.setEmptyValue("");
        if (json.path("message").isTextual()) {
            said.add(json.path("message").textValue());
        }
        JsonNode errors = json.path("errors");
        if (errors.isTextual()) {
            said.add(errors.textValue());
        }
        for (JsonNode error : errors) {
            if (error.isTextual()) {
                said.add(error.textValue());
            } else if (error.path("message").isTextual()) {
                said.add(error.path("message").textValue());
            } else if (error.path("field").isTextual()) {
                said.add(error.path("field").textValue() + " is "
                        + error.path("code").asText("refused"));
            }
        }
        return said.toString();
    }
}
