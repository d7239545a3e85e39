package dev.sessionpublish.publish.follow;

import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest.Checks;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest.Lifecycle;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest.Mergeable;
import java.time.Duration;

/**
 * How often a pull request is read.
 *
 * @param hot while checks run, or the forge computes whether it can be merged, for at most an hour after the last change
 * @param warm within an hour after the last change
 * @param cool within a day
 * @param cold later, and once it is closed
 * @param noChecksAfter how long after the last change a pull request without checks may still get some
 */
public record Cadence(Duration hot, Duration warm, Duration cool, Duration cold, Duration noChecksAfter) {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    /** A pace, from the fastest to the slowest. */
    public enum Pace {
        HOT,
        WARM,
        COOL,
        COLD
    }

    /** @param age the time since the last change */
    Pace pace(ObservedPullRequest pull, Duration age) {
        if (pull.lifecycle() == Lifecycle.Closed) {
            return Pace.COLD;
        }
        if (age.compareTo(HOUR) < 0) {
            return isSettling(pull, age) ? Pace.HOT : Pace.WARM;
        }
        return age.compareTo(DAY) < 0 ? Pace.COOL : Pace.COLD;
    }

    private boolean isSettling(ObservedPullRequest pull, Duration age) {
        Checks checks = pull.checks();
        boolean computing = pull.lifecycle() == Lifecycle.Open
                && (pull.mergeable() == null || pull.mergeable() == Mergeable.Unknown);
        boolean mayGetChecks = (checks == null || checks.total() == 0) && age.compareTo(noChecksAfter) < 0;
        return pull.lifecycle() == null
                || pull.lifecycle() == Lifecycle.Queued
                || computing
                || mayGetChecks
                || checks != null && checks.pending() > 0;
    }

    Duration interval(Pace pace) {
        return switch (pace) {
            case HOT -> hot;
            case WARM -> warm;
            case COOL -> cool;
            case COLD -> cold;
        };
    }
}
