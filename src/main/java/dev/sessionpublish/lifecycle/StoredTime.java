package dev.sessionpublish.lifecycle;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the times of a stored status: RFC 3339, in UTC or with an offset. What is none, whoever wrote it, is absent. */
public final class StoredTime {
    private StoredTime() {}

    public static Optional<Instant> of(@Nullable String stored) {
        try {
            return Optional.ofNullable(stored).map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
