package dev.sessionpublish.forge.gitea;

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
import static dev.sessionpublish.outcome.SharedReason.UNKNOWN;

import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.UnexpectedStatus;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import java.time.Duration;
import java.util.Optional;

/**
 * Maps error responses of Gitea and Forgejo to reasons, with a message that tells the user what to do. The forge's
 * message is quoted redacted, as one line of at most {@value #LONGEST_QUOTE} bytes.
 */
final class GiteaRefusals {
    private static final int LONGEST_QUOTE = 512;
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(60);

    private final String forge;
    private final RepositoryUrl repository;
    private final Redactor redactor;

    GiteaRefusals(ForgeKind kind, RepositoryUrl repository, Redactor redactor) {
        this.forge = kind.written();
        this.repository = repository;
        this.redactor = redactor;
    }

    /** Maps an error response to a reason by its status, unless it is not the forge's. */
    RefusedException of(Answer answer) {
        return UnexpectedStatus.notOfForge(answer.status(), answer::header, answer.start(), forge)
                .orElseGet(() -> byStatus(answer));
    }

    private RefusedException byStatus(Answer answer) {
        int status = answer.status();
        return switch (status) {
            case 401 ->
                refuse(
                        AUTH,
                        forge + " rejects the token: it is wrong, expired or revoked. Store a valid token in the"
                                + " project's Secret.",
                        answer);
            case 403 ->
                refuse(
                        FORBIDDEN,
                        "The token lacks a permission in " + repository + ". Grant it the scope write:repository"
                                + " (and write:issue for labels), and grant its owner write access to the repository.",
                        answer);
            case 404 ->
                refuse(
                        NOT_FOUND,
                        repository + " does not exist, or the token has no access to it. Check the repository's URL and"
                                + " the access of the token's owner.",
                        answer);
            case 423 ->
                refuse(
                        ARCHIVED,
                        repository + " is archived and therefore read-only. Unarchive it, or publish to another"
                                + " repository.",
                        answer);
            case 429 -> limited(answer);
            case 451 ->
                refuse(FORBIDDEN, repository + " is not available for legal reasons (451). Ask its owner.", answer);
            default ->
                UnexpectedStatus.isTransient(status)
                        ? new RefusedException(
                                SERVER_ERROR,
                                forge + " returned the server error " + status
                                        + ". The operator retries. Check the forge's" + " log if the error persists."
                                        + tail(answer),
                                answer.retryAfter())
                        : refuse(
                                UNKNOWN,
                                forge + " returned the unexpected status " + status + " for " + repository
                                        + ". Report this as a bug.",
                                answer);
        };
    }

    private RefusedException limited(Answer answer) {
        Duration wait = answer.retryAfter().orElse(DEFAULT_WAIT);
        return new RefusedException(
                RATE_LIMITED,
                "The rate limit of " + forge + " or of a proxy in front of it is exceeded. The operator retries in "
                        + wait.toSeconds() + " seconds." + tail(answer),
                Optional.of(wait));
    }

    RefusedException noPullRequest(int number) {
        return new RefusedException(
                NOT_FOUND,
                "The pull request #" + number + " does not exist in " + repository
                        + ", or the token has no access to it. Check the repository and the access of the token's owner.");
    }

    RefusedException noBase(String branch) {
        return new RefusedException(
                BASE_MISSING,
                "The base branch " + show(branch) + " does not exist in " + repository
                        + ". Set baseBranch to an existing branch.");
    }

    RefusedException noHead(String branch) {
        return new RefusedException(
                HEAD_MISSING,
                forge + " does not show the pushed branch " + show(branch) + " in " + repository
                        + " yet. The operator retries.");
    }

    RefusedException noChanges() {
        return new RefusedException(
                NO_CHANGES,
                "The base branch already has all commits of the head branch. Check baseBranch if that is not expected.");
    }

    RefusedException pullRequestsDisabled() {
        return new RefusedException(
                PULL_REQUESTS_DISABLED,
                "Pull requests are disabled in " + repository + ". Enable them in its settings, or set"
                        + " createPullRequest to false.");
    }

    /** The error although the repository and both branches exist. */
    RefusedException mayNotOpen(Answer answer) {
        return refuse(
                FORBIDDEN,
                "The token's owner may not read or open pull requests in " + repository
                        + ". Grant the owner access to its code and its pull requests.",
                answer);
    }

    /** The error although the repository and both branches exist, and the request is well-formed. */
    RefusedException invalid(Answer answer) {
        return refuse(
                UNKNOWN,
                forge + " rejects the pull request in " + repository + ". Correct what its message names.",
                answer);
    }

    RefusedException unreadable() {
        return new RefusedException(
                SERVER_ERROR, forge + "'s response is invalid. Check whether a proxy answers in its place.");
    }

    private RefusedException refuse(Reason reason, String sentence, Answer answer) {
        return new RefusedException(reason, sentence + tail(answer));
    }

    /** The forge's message as a sentence to append; empty if there is none. */
    String tail(Answer answer) {
        String shown = show(answer.json().path("message").asText());
        return shown.isEmpty() ? "" : " " + forge + "'s message: " + shown;
    }

    private String show(String text) {
        return SafeText.line(redactor.redact(text), LONGEST_QUOTE);
    }
}
