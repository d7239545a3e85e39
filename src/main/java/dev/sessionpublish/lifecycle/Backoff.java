package dev.sessionpublish.lifecycle;

import dev.sessionpublish.outcome.RetryClass;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The delay before a failed attempt is retried. It doubles with each attempt from {@code initial} to {@code max}. Up to
 * half of it is taken off at random, so that objects that failed together are not retried together: attempt <i>n</i> is
 * retried after between one half and the whole of {@code min(max, initial * 2^(n-1))}. The delay is at least a second and
 * at least what the other side asked for ({@code retryAfter}, up to a day). What the other side asked for is extended at
 * random by up to a tenth, at most a minute, for the same reason.
 *
 * @param initial the longest delay after the first attempt
 * @param max the longest delay, unless the other side asks for more
 */
public record Backoff(Duration initial, Duration max, RandomGenerator random) {
    /** Longer than any delay. */
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
     * @param attempts the number of attempts that failed in a row, from 1
     * @return the delay; empty when it is not retried
     */
    public Optional<Duration> delay(RetryClass retryClass, int attempts, Optional<Duration> retryAfter) {
        return switch (retryClass) {
            case PERMANENT, WAKES_ON_PROJECT, WAKES_ON_SOURCE, WAKES_ON_SETTING -> Optional.empty();
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
