package dev.sessionpublish.forge;

import dev.sessionpublish.outcome.RefusedException;
import java.util.List;

/**
 * One repository on a forge, with one credential, for as long as one reconcile takes. Every method asks the forge;
 * failures are {@link RefusedException}s with the reasons of the pull-request stage, their messages bounded and free
 * of the credential. Implementations never sleep on a rate limit: they fail with {@code rate-limited} and what the
 * forge said of when to come back.
 */
public interface Forge {

    /** The repository: its canonical name after renames, default branch, what the credential may do. */
    Repository repository() throws RefusedException;

    /**
     * Pull requests whose head is this branch of this repository (not of a fork), in every state, newest first, at
     * most the newest 100.
     */
    List<PullRequest> pullRequestsOf(String headBranch) throws RefusedException;

    /**
     * Opens a pull request. Labels, reviewers and assignees are asked for afterwards, best effort: what the forge
     * refuses of them is a sentence in {@link Opened#notes}, not a failure.
     *
     * @throws PullRequestExistsException when head and base have an open one already
     */
    Opened open(NewPullRequest request) throws RefusedException, PullRequestExistsException;

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

    enum State {
        OPEN,
        CLOSED,
        MERGED
    }

    /** @param headCommit full hexadecimal id of the head branch's tip as the forge recorded it */
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

        public PullRequestExistsException(String message) {
            super(message);
        }
    }
}
