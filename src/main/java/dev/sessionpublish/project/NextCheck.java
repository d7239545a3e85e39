package dev.sessionpublish.project;

import dev.sessionpublish.lifecycle.Backoff;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.RetryClass;
import dev.sessionpublish.outcome.SharedReason;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** When a project is checked again although nothing has changed in the cluster. */
record NextCheck(Backoff backoff, Clock clock) {
    /** Reasons that publishes don't retry, but that a change at the forge ends without any change in the cluster. */
    private static final Set<Reason> CHANGES_AT_FORGE =
            Set.of(SharedReason.BASE_MISSING, SharedReason.ARCHIVED, SharedReason.READ_ONLY);

    /**
     * After a check that failed.
     *
     * @param failures how many failed in a row before
     */
    Optional<Instant> after(RefusedException why, int failures) {
        return why.reason().retryClass() == RetryClass.BACKOFF || CHANGES_AT_FORGE.contains(why.reason())
                ? at(failures + 1, why)
                : Optional.empty();
    }

    /** After a check with findings: also while a GitHub App lacks a permission, rarely if pushes work without it. */
    Optional<Instant> after(RepositoryCheck.Findings found, int failures) {
        Optional<RefusedException> problem = found.problem();
        if (found.app().filter(app -> !app.missing().isEmpty()).isEmpty()) {
            return problem.flatMap(why -> after(why, failures));
        }
        return problem.isPresent()
                ? at(failures + 1, problem.get())
                : backoff.delay(RetryClass.BACKOFF, Integer.MAX_VALUE, Optional.empty())
                        .map(clock.instant()::plus);
    }

    private Optional<Instant> at(int attempts, RefusedException why) {
        return backoff.delay(RetryClass.BACKOFF, attempts, why.retryAfter()).map(clock.instant()::plus);
    }
}
