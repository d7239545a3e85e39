package dev.sessionpublish.forge;

import dev.sessionpublish.outcome.RefusedException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One repository on a forge, accessed with one credential during one reconcile. Every method sends requests. Failures
 * are {@link RefusedException}s; their messages are bounded and don't contain the credential. Implementations never
 * wait for a rate limit: they fail with {@code rate-limited} and the time that the forge requests.
 */
public interface Forge {

    /**
     * The repository's current name, default branch and permissions. On Gitea and Forgejo {@code canPush} is the
     * permission of the token's owner, because these forges don't report the scopes of a token.
     */
    Repository repository() throws RefusedException;

    /**
     * The pull requests whose head is this branch of this repository (not of a fork), in every state, newest first, at
     * most 100. Gitea and Forgejo can't filter by head: there the result has at most the newest 20 of those among the
     * repository's newest 200 pull requests. {@link #open} still detects an older open one.
     */
    List<PullRequest> pullRequestsOf(String headBranch) throws RefusedException;

    /**
     * Opens a pull request. Labels, reviewers and assignees are added afterwards; those that the forge rejects are
     * reported in {@link Opened#notes} and don't cause a failure. GitHub creates missing labels; Gitea and Forgejo
     * don't. On Gitea and Forgejo the title of a draft starts with {@code WIP:}; such a start is removed from the title
     * of any other pull request ({@link DraftTitle}); titles are truncated at 255 characters. On these forges read access is enough to open a pull request; GitHub
     * requires more.
     *
     * <p>If the base has all commits of the head, every forge returns {@code no-changes}.
     *
     * @throws PullRequestExistsException if head and base already have an open pull request
     */
    Opened open(NewPullRequest request) throws RefusedException, PullRequestExistsException;

    /**
     * Adds the labels, reviewers and assignees to an open pull request, like {@link #open} does for a new one, after an
     * attempt that was interrupted. Idempotent.
     *
     * @return a sentence for each label, reviewer or assignee that the forge rejects
     * @throws RefusedException {@code not-found} if there is no such pull request, among others
     */
    List<String> complete(int number, NewPullRequest request) throws RefusedException;

    /**
     * Changes an open pull request. Idempotent. Title, description and whether it is a draft are changed first; a
     * reviewer who has reviewed already isn't requested again; who or what isn't there needs no removal.
     *
     * @return a sentence for each label or person, and for the state of a draft, that the forge rejects
     * @throws RefusedException if title or description are rejected; {@code not-found} if there is no such pull
     *     request, among others
     */
    List<String> edit(int number, PullRequestEdit edit) throws RefusedException;

    /**
     * Reads a pull request of this repository, with any head.
     *
     * @throws RefusedException {@code not-found} if there is no such pull request, among others
     */
    PullRequest pullRequest(int number) throws RefusedException;

    /**
     * The login of the credential's user, as {@link Description#author} has it. Empty if the credential may not read its
     * own user, such as the token of a GitHub App, or a token of Gitea without the scope {@code read:user}.
     */
    Optional<String> identity() throws RefusedException;

    /**
     * Whether a commit is an ancestor of another one, or the same.
     *
     * @param descendant a full hexadecimal id of a commit that the repository has
     * @param commit a full hexadecimal id; false if the repository lacks it
     */
    boolean contains(String descendant, String commit) throws RefusedException;

    /**
     * Closes a pull request without merging it, and keeps its branches. Does nothing if it is already closed or merged.
     *
     * @throws RefusedException {@code not-found} if there is no such pull request, among others
     */
    void close(int number) throws RefusedException;

    /**
     * Reads pull requests of any repositories of this forge, with this credential. GitHub: one request of GraphQL for at
     * most {@value #MOST_SNAPSHOTS}, and more only while GitHub fails to answer so many in time. Gitea and Forgejo: one
     * list for each repository; more requests for those that are not in it, whose merge seems to conflict, that are
     * {@link PullRequestRef#settling} or were updated.
     *
     * @param refs at most {@value #MOST_SNAPSHOTS}, without duplicates
     * @throws RefusedException if none of them can be read; {@code rate-limited} for the limits that all APIs share
     */
    Snapshots snapshots(List<PullRequestRef> refs) throws RefusedException;

    /** The largest number of pull requests that {@link #snapshots} reads at once. */
    int MOST_SNAPSHOTS = 50;

    /**
     * The login of the user who closed a pull request without merging it. Empty if the forge reports none.
     *
     * @throws RefusedException as the forge answers
     */
    Optional<String> closedBy(int number) throws RefusedException;

    /** Whether a repository takes pushes at all, whatever the credential. */
    enum Condition {
        ACTIVE,
        ARCHIVED,
        /** The forge itself updates it from another repository. */
        MIRROR,
        /** By the forge's operator, for example because of an unpaid bill. */
        DISABLED
    }

    /**
     * @param canonical the current {@code OWNER/NAME}
     * @param pullRequests false if the repository is known to have pull requests disabled
     * @param rateLimit the last reported rate limit; {@link RateLimit#UNKNOWN} if the forge reports none
     */
    record Repository(
            String canonical,
            String defaultBranch,
            Condition condition,
            boolean canPush,
            boolean pullRequests,
            RateLimit rateLimit) {}

    /** @param resetAt the epoch second at which {@code remaining} is reset to {@code limit} */
    record RateLimit(int remaining, int limit, long resetAt) {
        public static final RateLimit UNKNOWN = new RateLimit(-1, -1, 0);
    }

    /** The credential's rate limit, as the last response reported it; {@link RateLimit#UNKNOWN} if none did. */
    default RateLimit rateLimit() {
        return RateLimit.UNKNOWN;
    }

    enum State {
        OPEN,
        CLOSED,
        MERGED
    }

    /**
     * @param draft false unless the pull request is open
     * @param headCommit the full hexadecimal id of the head branch's tip; if the pull request is closed, the tip at
     *     that time
     */
    record PullRequest(
            int number,
            String url,
            State state,
            boolean draft,
            String headBranch,
            String baseBranch,
            String headCommit,
            Description description) {}

    /**
     * @param author the login of the user who opened the pull request; empty text if the forge reports none
     * @param body Markdown, as the forge has it now; empty text if there is none
     */
    record Description(String author, String body) {}

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

    /** Head and base already have an open pull request. */
    final class PullRequestExistsException extends Exception {
        private static final long serialVersionUID = 1;

        private final int number;

        public PullRequestExistsException(String message) {
            this(message, 0);
        }

        /** @param number the number of the existing pull request; 0 if unknown */
        public PullRequestExistsException(String message, int number) {
            super(message);
            this.number = number;
        }

        /** The number of the existing pull request, if the forge reports it. */
        public OptionalInt number() {
            return number > 0 ? OptionalInt.of(number) : OptionalInt.empty();
        }
    }
}
