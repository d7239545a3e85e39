package dev.sessionpublish.publish.plan;

import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.outcome.RefusedException;
import java.time.Instant;
import java.util.Optional;

/** What follows when the forge refuses a pull request. The push stays good whatever is decided here. */
public sealed interface PullRequestFallback {
    /** After so many failures a link is handed over, while the operator continues to retry. */
    int ATTEMPTS_BEFORE_LINK = 3;

    /** There can be no pull request: the branch adds nothing to the base. */
    record Impossible() implements PullRequestFallback {}

    /** What users see of a pull request so far. */
    enum Shown {
        NOTHING,
        /** An open pull request, which shows the pushed commits. */
        PULL_REQUEST,
        LINK
    }

    /** The open pull request stays as it is. */
    record Keep() implements PullRequestFallback {}

    /** It is retried. */
    record Retry(Instant at) implements PullRequestFallback {}

    /**
     * A link is handed over.
     *
     * @param isNew whether it is for the first time in this run
     * @param next when the operator retries; empty when it doesn't
     */
    record HandOver(boolean isNew, Optional<Instant> next) implements PullRequestFallback {}

    /**
     * @param attempt from 1
     * @param shown before this attempt
     * @param next when a retry is due; empty when the reason is permanent
     */
    static PullRequestFallback of(RefusedException why, int attempt, Shown shown, Optional<Instant> next) {
        if (next.isPresent() && attempt < ATTEMPTS_BEFORE_LINK && shown != Shown.LINK) {
            return new Retry(next.get());
        }
        if (shown == Shown.PULL_REQUEST) {
            return new Keep();
        }
        return why.reason() == PullRequestReason.NO_CHANGES
                ? new Impossible()
                : new HandOver(shown == Shown.NOTHING, next);
    }
}
