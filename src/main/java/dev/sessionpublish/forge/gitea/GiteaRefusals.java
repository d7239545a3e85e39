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
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import java.time.Duration;
import java.util.Optional;

/**
 * What the refusals of Gitea and Forgejo mean, and what a person does about them. What the forge says is quoted
 * redacted, as one line of at most {@value #LONGEST_QUOTE} bytes.
 */
final class GiteaRefusals {
    private static final int LONGEST_QUOTE = 512;
    private static final Duration UNTOLD = Duration.ofSeconds(60);

    private final String forge;
    private final RepositoryUrl repository;
    private final Redactor redactor;

    GiteaRefusals(ForgeKind kind, RepositoryUrl repository, Redactor redactor) {
        this.forge = kind.written();
        this.repository = repository;
        this.redactor = redactor;
    }

    /** What an answer that isn't a success says, whatever was asked. */
    RefusedException of(Answer answer) {
        int status = answer.status();
        return switch (status) {
            case 401 ->
                refuse(
                        AUTH,
                        forge + " does not accept the token: it is wrong, expired or revoked. Put a valid one into the"
                                + " project's Secret.",
                        answer);
            case 403 ->
                refuse(
                        FORBIDDEN,
                        "The token may not do this in " + repository + ": give it the scope write:repository"
                                + " (write:issue too, for labels), and its owner write access to the repository.",
                        answer);
            case 404 ->
                refuse(
                        NOT_FOUND,
                        repository + " isn't there, or the token may not see it: check the repository's URL, and that"
                                + " the token's owner has access to it.",
                        answer);
            case 423 ->
                refuse(
                        ARCHIVED,
                        repository + " is archived, so it is read-only: unarchive it, or publish to another"
                                + " repository.",
                        answer);
            case 429 -> limited(answer);
            default ->
                status >= 500
                        ? new RefusedException(
                                SERVER_ERROR,
                                forge + " answered " + status + ", which is its own failure. Its log says more."
                                        + tail(answer),
                                answer.retryAfter())
                        : refuse(UNKNOWN, forge + " answered " + status + ", which was not expected.", answer);
        };
    }

    private RefusedException limited(Answer answer) {
        Duration wait = answer.retryAfter().orElse(UNTOLD);
        return new RefusedException(
                RATE_LIMITED,
                forge + ", or a proxy before it, asks to slow down; it is tried again in " + wait.toSeconds()
                        + " seconds." + tail(answer),
                Optional.of(wait));
    }

    RefusedException noPullRequest(int number) {
        return new RefusedException(
                NOT_FOUND,
                "There is no pull request #" + number + " in " + repository + ", or the token may not see it.");
    }

    RefusedException noBase(String branch) {
        return new RefusedException(
                BASE_MISSING,
                "The base branch " + show(branch) + " isn't in " + repository + ": set baseBranch to one that is.");
    }

    RefusedException noHead(String branch) {
        return new RefusedException(
                HEAD_MISSING,
                forge + " doesn't see the pushed branch " + show(branch) + " in " + repository + " (yet).");
    }

    RefusedException noChanges() {
        return new RefusedException(
                NO_CHANGES, "There is nothing to open a pull request for: the base has every commit of the branch.");
    }

    RefusedException pullRequestsDisabled() {
        return new RefusedException(
                PULL_REQUESTS_DISABLED,
                "Pull requests are disabled in " + repository + ": enable them in its settings, or set"
                        + " createPullRequest to false.");
    }

    /** All that a pull request needs is there, and yet the answer is that something isn't. */
    RefusedException mayNotOpen(Answer answer) {
        return refuse(
                FORBIDDEN,
                "The token's owner may not see or open pull requests in " + repository
                        + ": give them access to its code and its pull requests.",
                answer);
    }

    RefusedException unreadable() {
        return new RefusedException(
                SERVER_ERROR, forge + "'s answer can't be read: something between may have answered in its place.");
    }

    private RefusedException refuse(Reason reason, String sentence, Answer answer) {
        return new RefusedException(reason, sentence + tail(answer));
    }

    /** What the forge says, to be put after a sentence; empty when it says nothing. */
    String tail(Answer answer) {
        String shown = show(answer.json().path("message").asText());
        return shown.isEmpty() ? "" : " " + forge + " says: " + shown;
    }

    private String show(String text) {
        return SafeText.line(redactor.redact(text), LONGEST_QUOTE);
    }
}
