package dev.sessionpublish.lifecycle;

import dev.sessionpublish.outcome.RetryClass;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a failed attempt is repeated. The delay doubles with each attempt from {@code initial} to {@code max}, and of
 * that a random half is taken off, so that publishes that failed together do not come back together: attempt
 * <i>n</i> waits between one half and the whole of {@code min(max, initial * 2^(n-1))}. Never less than a second, never
 * less than the other side asked for ({@code retryAfter}, up to a day), and never more than {@code max} unless it asked
 * for more: then up to a tenth of what it asked for is added, at most a minute, for the same reason.
 *
 * @param initial the longest delay after the first attempt
 * @param max the longest delay at all
 */
public record Backoff(Duration initial, Duration max, RandomGenerator random) {
    /** More than any delay that comes out of this. */
    public static final Duration LONGEST = Duration.ofDays(1).plusMinutes(5);

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST_ASKED = Duration.ofDays(1);
    private static final long MOST_ADDED_MILLIS = 60_000;
    private static final int MOST_DOUBLINGS = 40;

    public Backoff {
        if (initial.compareTo(SHORTEST) < 0 || max.compareTo(initial) < 0 || max.compareTo(LONGEST_ASKED) > 0) {
            throw new IllegalArgumentException(
                    "the first delay must be at least a second and the longest between that and a day");
        }
    }

    /**
     * @param attempts how many have failed in a row, from 1
     * @return the delay; empty when there is no further attempt
     */
    public Optional<Duration> delay(RetryClass retryClass, int attempts, Optional<Duration> retryAfter) {
        return switch (retryClass) {
            case PERMANENT, WAKES_ON_PROJECT, WAKES_ON_SETTING -> Optional.empty();
            case ONCE -> attempts > 1 ? Optional.empty() : Optional.of(next(1, retryAfter));
            case BACKOFF -> Optional.of(next(Math.max(1, attempts), retryAfter));
        };
    }

    private Duration next(int attempt, Optional<Duration> retryAfter) {
        long whole = initial.toMillis();
        for (int n = 1; n < Math.min(attempt, MOST_DOUBLINGS) && whole < max.toMillis(); n++) {
            whole *= 2;
        }
        whole = Math.min(whole, max.toMillis());
        long jittered = Math.max(SHORTEST.toMillis(), whole - (long) (random.nextDouble() * whole / 2));
        Duration wish = retryAfter.orElse(Duration.ZERO);
        long asked = (wish.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : wish).toMillis();
        if (asked < jittered) {
            return Duration.ofMillis(jittered);
        }
        long added = Math.min(asked / 10, MOST_ADDED_MILLIS);
        return Duration.ofMillis(asked + 1 + (long) (random.nextDouble() * added));
    }
}
