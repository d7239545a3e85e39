package dev.sessionpublish.git;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;

/**
 * Ends a request whose forge has stopped taking bytes, since a blocked write to a socket has no time limit of its own; and
 * one whose answer never ends although it never pauses.
 */
final class StallGuard implements AutoCloseable {
    private final ScheduledFuture<?> check;

    /** A request's body that knows whether the forge has taken nothing of it for so long. */
    interface Body {
        boolean isStalled(long nanos);

        /** Whether the forge has had all of it for so long. */
        default boolean isSentSince(long nanos) {
            return false;
        }
    }

    /**
     * @param limit for the forge to take nothing
     * @param longestAnswer for its answer from beginning to end
     */
    StallGuard(
            ScheduledExecutorService watchdog,
            Duration limit,
            Duration longestAnswer,
            Body body,
            HttpUriRequestBase request) {
        long nanos = limit.toNanos();
        long period = Math.max(1, nanos / 4);
        check = watchdog.scheduleAtFixedRate(
                () -> {
                    if (body.isStalled(nanos) || body.isSentSince(longestAnswer.toNanos())) {
                        request.abort();
                    }
                },
                period,
                period,
                TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        check.cancel(false);
    }
}
