package dev.sessionpublish.forge;

import dev.sessionpublish.outcome.RefusedException;
import java.util.List;
import java.util.OptionalInt;

/**
 * One repository on a forge, with one credential, for as long as one reconcile takes. Every method asks the forge;
 * failures are {@link RefusedException}s with the reasons of the pull-request stage, their messages bounded and free
 * of the credential. Implementations never sleep on a rate limit: they fail with {@code rate-limited} and what the
 * forge said of when to come back.
 */
public interface Forge {

    /**
     * The repository: its canonical name after renames, default branch, what the credential may do. On Gitea and
     * Forgejo {@code canPush} tells what the token's owner may do: they don't tell the scopes of a token beforehand.
     */
    Repository repository() throws RefusedException;

    /**
     * Pull requests whose head is this branch of this repository (not of a fork), in every state, newest first, at
     * most the newest 100. Gitea and Forgejo can't look for a head: there it is at most the newest 20 of those among
     * the newest 200 of the repository, which a branch has to be old to miss; {@link #open} still finds an open one.
     */
    List<PullRequest> pullRequestsOf(String headBranch) throws RefusedException;

    /**
     * Opens a pull request. Labels, reviewers and assignees are asked for afterwards, best effort: what the forge
     * refuses of them is a sentence in {@link Opened#notes}, not a failure. GitHub makes a label that isn't there, Gitea
     * and Forgejo don't. A draft is a draft on GitHub; on Gitea and Forgejo its title begins with {@code WIP:}, and so
     * does every title that makes a draft there. They cut a title at 255 characters. A reader may open one there; on
     * GitHub that needs more.
     *
     * <p>A branch whose commits the base has is {@code no-changes} on every forge.
     *
     * @throws PullRequestExistsException when head and base have an open one already
     */
    Opened open(NewPullRequest request) throws RefusedException, PullRequestExistsException;

    /**
     * Asks for the labels, reviewers and assignees of an open pull request as {@link #open} does for a new one, besides
     * those that it has: for one whose opening was cut short. Asking twice changes nothing.
     *
     * @return what the forge refuses of them, a sentence each
     * @throws RefusedException {@code not-found} when there is none of this number, among others
     */
    List<String> complete(int number, NewPullRequest request) throws RefusedException;

    /**
     * One pull request of this repository, whatever its head, as it is now.
     *
     * @throws RefusedException {@code not-found} when there is none of this number, among others
     */
    PullRequest pullRequest(int number) throws RefusedException;

    /**
     * Closes a pull request without merging it. One that is closed or merged already stays as it is, and that is no
     * failure. The branches stay.
     *
     * @throws RefusedException {@code not-found} when there is none of this number, among others
     */
    void close(int number) throws RefusedException;

    /**
     * @param canonical {@code OWNER/NAME} as the forge writes it now
     * @param rateLimit what is left, as last told; {@link RateLimit#UNKNOWN} when the forge has none
     */
    record Repository(String canonical, String defaultBranch, boolean archived, boolean canPush, RateLimit rateLimit) {}

    /** @param resetAt epoch second at which {@code remaining} is {@code limit} again */
    record RateLimit(int remaining, int limit, long resetAt) {
        public static final RateLimit UNKNOWN = new RateLimit(-1, -1, 0);
    }

    /** What is left of the credential's requests, as the last answer told; {@link RateLimit#UNKNOWN} before, or when it didn't. */
    default RateLimit rateLimit() {
        return RateLimit.UNKNOWN;
    }

    enum State {
        OPEN,
        CLOSED,
        MERGED
    }

    /**
     * @param draft only an open one is
     * @param headCommit full hexadecimal id of the head branch's tip; of one that has ended, what it was then
     */
    record PullRequest(
            int number,
            String url,
            State state,
            boolean draft,
            String headBranch,
            String baseBranch,
            String headCommit) {}

    record NewPullRequest(
            String headBranch,
            String baseBranch,
            String title,
            String body,
            boolean draft,
            List<String> labels,
            List<String> reviewers,
            List<String> assignees) {}

    record Opened(PullRequest pullRequest, List<String> notes) {}

    /** {@link #open} found that the pair has an open pull request. */
    final class PullRequestExistsException extends Exception {
        private static final long serialVersionUID = 1;

        private final int number;

        public PullRequestExistsException(String message) {
            this(message, 0);
        }

        /** @param number of the pull request that is there; 0 when the forge doesn't say */
        public PullRequestExistsException(String message, int number) {
            super(message);
            this.number = number;
        }

        /** Of the pull request that is there, where the forge says so. */
        public OptionalInt number() {
            return number > 0 ? OptionalInt.of(number) : OptionalInt.empty();
        }
    }
}
