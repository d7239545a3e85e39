package dev.sessionpublish.forge;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The state of a pull request at one time, as far as it decides about its merge.
 *
 * @param nodeId GitHub's global id; empty on other forges
 * @param headCommit the full hexadecimal id of the head branch's tip; once merged or closed, the tip at that time as far
 *     as the forge still reports it
 * @param mergeable UNKNOWN while the forge computes it, and once the pull request is merged or closed
 * @param obstacles what else the forge reports as blocking the merge
 * @param whole false if neither checks nor reviews were asked for
 * @param checks of the head commit; empty if the credential may not read them
 * @param reviewDecision empty if the forge requires no review, and has none that decides
 * @param merge empty unless it is merged
 * @param closedAt when it was merged or closed; empty while it is open
 * @param updatedAt the last change that the forge counts as one; checks don't count
 */
@RecordBuilder
@RecordBuilder.Options(enableGetters = false)
public record PullRequestSnapshot(
        int number,
        Optional<String> nodeId,
        Lifecycle lifecycle,
        String baseBranch,
        String headCommit,
        Mergeable mergeable,
        Set<Obstacle> obstacles,
        boolean whole,
        Optional<Checks> checks,
        Optional<ReviewDecision> reviewDecision,
        Optional<Merge> merge,
        Optional<Instant> closedAt,
        Instant updatedAt) {

    /** Where a pull request stands. */
    public enum Lifecycle {
        DRAFT,
        OPEN,
        /** In the forge's merge queue. */
        QUEUED,
        MERGED,
        CLOSED;

        public boolean isOpen() {
            return this != MERGED && this != CLOSED;
        }
    }

    /** Whether head and base can be merged without conflicts. */
    public enum Mergeable {
        TRUE,
        FALSE,
        UNKNOWN
    }

    /** What blocks a merge besides conflicts, drafts, checks and reviews. */
    public enum Obstacle {
        /** The branch must be up to date with its base, and is not. */
        BEHIND,
        /** A rule of the repository, which the forge doesn't name. */
        RULES
    }

    /** What the reviews say, with the number of reviews that the repository requires. */
    public enum ReviewDecision {
        APPROVED,
        CHANGES_REQUESTED,
        REVIEW_REQUIRED
    }

    /**
     * The numbers of check runs and commit statuses.
     *
     * @param passed successful, neutral or skipped
     * @param pending not finished, or finished in a way that this version doesn't know
     */
    public record Checks(int passed, int failed, int pending) {
        public int total() {
            return passed + failed + pending;
        }
    }

    /** @param commit the commit on the base branch, a full hexadecimal id */
    public record Merge(Optional<Instant> at, Optional<String> commit, Optional<String> by) {}
}
