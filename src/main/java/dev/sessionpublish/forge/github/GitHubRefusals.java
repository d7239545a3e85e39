package dev.sessionpublish.forge.github;

import static dev.sessionpublish.forge.PullRequestReason.PULL_REQUESTS_DISABLED;
import static dev.sessionpublish.outcome.SharedReason.ARCHIVED;
import static dev.sessionpublish.outcome.SharedReason.AUTH;
import static dev.sessionpublish.outcome.SharedReason.FORBIDDEN;
import static dev.sessionpublish.outcome.SharedReason.NOT_FOUND;
import static dev.sessionpublish.outcome.SharedReason.SERVER_ERROR;
import static dev.sessionpublish.outcome.SharedReason.SSO_REQUIRED;
import static dev.sessionpublish.outcome.SharedReason.UNKNOWN;

import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.UnexpectedStatus;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import java.time.Clock;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Maps GitHub's error responses to reasons, with a message that tells the user what to do.
 *
 * @see <a href="https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api">Troubleshooting</a>
 */
final class GitHubRefusals {
    private static final Pattern SSO_URL = Pattern.compile("url=(https://[\\x21-\\x7e&&[^\"'<>;]]+)");

    /** A repository's name has no spaces, so it can't say this. */
    private static final Pattern ARCHIVED_NOW =
            Pattern.compile("\\b(?:was|is|been) archived(?![\\w/-])", Pattern.CASE_INSENSITIVE);

    private final RepositoryUrl repository;
    private final GitHubQuotes quotes;
    private final GitHubRateLimits limits;
    private final PullRequestCreationRefusals creation;

    GitHubRefusals(RepositoryUrl repository, Redactor redactor, Clock clock) {
        this.repository = repository;
        this.quotes = new GitHubQuotes(redactor);
        this.limits = new GitHubRateLimits(quotes, clock);
        this.creation = new PullRequestCreationRefusals(repository, quotes);
    }

    /** The requested operation. The same status has a different meaning for each. */
    enum Operation {
        READING,
        READING_PULL_REQUEST,
        OPENING,
        EDITING,
        CLOSING
    }

    /** The error response that caused a failure of the library, if there was one. */
    static Optional<Answer> answerIn(Throwable failure) {
        return cause(failure, ErrorAnswerException.class).map(ErrorAnswerException::answer);
    }

    /** Whether a pull request was not opened because head and base already have one. */
    static boolean alreadyExists(Answer answer) {
        return PullRequestCreationRefusals.alreadyExists(GitHubError.of(answer));
    }

    /** Maps a failure of the library. Drops its message and cause, because they quote responses unredacted. */
    RefusedException of(Throwable failure, Operation operation) {
        Optional<Answer> answer = answerIn(failure);
        if (answer.isPresent()) {
            return of(answer.get(), operation);
        }
        return cause(failure, NoAnswerException.class)
                .map(NoAnswerException::refusal)
                .orElseGet(this::unreadable);
    }

    /** A text of GitHub, as {@link GitHubQuotes} quotes it. */
    String quote(String text) {
        return quotes.quote(text);
    }

    /** GitHub's message as a sentence to append; empty if there is none. */
    String quoted(Answer answer) {
        return quotes.suffix(GitHubError.of(answer));
    }

    /** A pull request is not in the answer of GraphQL. */
    RefusedException noPullRequest(RepositoryUrl of, int number) {
        return new RefusedException(
                NOT_FOUND,
                "Pull request #" + number + " does not exist in " + of
                        + ", or the token may not read it. Grant the token" + " the permission (pull requests: read).");
    }

    RefusedException unreadable() {
        return new RefusedException(
                SERVER_ERROR, "GitHub's response is invalid. Check whether a proxy answers in its place.");
    }

    private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> kind) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return Optional.of(kind.cast(each));
            }
        }
        return Optional.empty();
    }

    RefusedException of(Answer answer, Operation operation) {
        GitHubError error = GitHubError.of(answer);
        if (error.status() == 401) {
            return quotes.refuse(
                    AUTH,
                    "GitHub rejects the token: it is wrong, expired or revoked. Store a valid token in the"
                            + " project's Secret.",
                    error);
        }
        if (limits.isExceeded(error)) {
            return limits.refusal(error);
        }
        Optional<RefusedException> notOfForge =
                UnexpectedStatus.notOfForge(error.status(), error::header, answer.start(), "GitHub");
        if (notOfForge.isPresent()) {
            return notOfForge.get();
        }
        if ((error.status() == 403 || error.status() == 404)
                && error.header("X-GitHub-SSO").isPresent()) {
            return quotes.refuse(
                    SSO_REQUIRED,
                    "The organization requires single sign-on. Authorize the token" + ssoUrl(error) + ".",
                    error);
        }
        if (error.status() == 403 && isArchived(error)) {
            return quotes.refuse(
                    ARCHIVED,
                    repository
                            + " is archived and therefore read-only. Unarchive it, or publish to another repository.",
                    error);
        }
        if (error.status() == 410 || arePullRequestsDisabled(error)) {
            return quotes.refuse(
                    PULL_REQUESTS_DISABLED,
                    "Pull requests are disabled in " + repository
                            + ". Enable them in its settings, or set createPullRequest to false.",
                    error);
        }
        return byStatus(error, operation);
    }

    private RefusedException byStatus(GitHubError error, Operation operation) {
        int status = error.status();
        return switch (status) {
            case 403 -> forbidden(error);
            case 451 ->
                quotes.refuse(
                        FORBIDDEN, repository + " is not available for legal reasons (451). Ask its owner.", error);
            case 404 -> missing(error, operation);
            case 422 -> creation.of(error);
            default ->
                UnexpectedStatus.isTransient(status)
                        ? new RefusedException(
                                SERVER_ERROR,
                                "GitHub returned the server error " + status
                                        + ". The operator retries. Check GitHub's status page if the error persists.",
                                error.answer().retryAfter())
                        : quotes.refuse(
                                UNKNOWN,
                                "GitHub returned the unexpected status " + status + " for " + repository
                                        + ". Report this as a bug.",
                                error);
        };
    }

    private RefusedException forbidden(GitHubError error) {
        String permissions = error.header("X-Accepted-GitHub-Permissions")
                .map(quotes::quote)
                .orElse("pull requests: read and write");
        return quotes.refuse(
                FORBIDDEN,
                "The token lacks a permission in " + repository + ". Grant it the permission (" + permissions + ").",
                error);
    }

    private RefusedException missing(GitHubError error, Operation operation) {
        return switch (operation) {
            case READING ->
                quotes.refuse(
                        NOT_FOUND,
                        repository + " does not exist, or the token has no access to it. Check the repository's URL"
                                + " and the token's access.",
                        error);
            case OPENING ->
                quotes.refuse(
                        FORBIDDEN,
                        repository + " does not exist, or the token may not open pull requests in it. Grant the token"
                                + " access to the repository and the permission (pull requests: read and write).",
                        error);
            case READING_PULL_REQUEST ->
                quotes.refuse(
                        NOT_FOUND,
                        "The pull request does not exist in " + repository + ", or the token has no access to it."
                                + " Check the repository and the token's access.",
                        error);
            case EDITING ->
                quotes.refuse(
                        NOT_FOUND,
                        "The pull request does not exist in " + repository + ", or the token may not change it. Grant"
                                + " the token the permission (pull requests: read and write), or change it yourself.",
                        error);
            case CLOSING ->
                quotes.refuse(
                        NOT_FOUND,
                        "The pull request does not exist in " + repository + ", or the token may not close it. Grant"
                                + " the token the permission (pull requests: read and write), or close it yourself.",
                        error);
        };
    }

    private static boolean isArchived(GitHubError error) {
        return ARCHIVED_NOW.matcher(error.message()).find();
    }

    private static boolean arePullRequestsDisabled(GitHubError error) {
        return error.says("pull requests are disabled")
                || error.says("pull requests have been disabled")
                || error.says("pull requests has been disabled");
    }

    private String ssoUrl(GitHubError error) {
        Matcher url = SSO_URL.matcher(error.header("X-GitHub-SSO").orElse(""));
        boolean sameHost = url.find() && url.group(1).startsWith("https://" + repository.authority() + "/");
        return sameHost ? " at " + quotes.quote(url.group(1)) : " in its settings";
    }
}
