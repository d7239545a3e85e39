package dev.sessionpublish.lifecycle;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The times of a status: RFC 3339, in whole seconds of UTC when written, with any offset when read. */
public final class StoredTime {
    private static final long ALMOST_A_SECOND = 999_999_999;

    private StoredTime() {}

    /** Empty when there is none, or when it can't be read. */
    public static Optional<Instant> of(@Nullable String stored) {
        try {
            return Optional.ofNullable(stored).map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    public static String now(Clock clock) {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Rounded up, so that the time shown is never too early. */
    public static String notBefore(Instant time) {
        return time.plusNanos(ALMOST_A_SECOND).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
