package dev.sessionpublish.git;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Ends a request whose forge has stopped taking bytes, since a blocked write to a socket has no time limit of its own; and
 * one whose answer never ends although it never pauses.
 */
public final class StallGuard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StallGuard.class);

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
    public StallGuard(
            ScheduledExecutorService watchdog,
            Duration limit,
            Duration longestAnswer,
            Body body,
            HttpUriRequestBase request) {
        Map<String, String> whose = Objects.requireNonNullElse(MDC.getCopyOfContextMap(), Map.of());
        long nanos = limit.toNanos();
        long period = Math.max(1, nanos / 4);
        check = watchdog.scheduleAtFixedRate(
                () -> {
                    if (request.isAborted()) {
                        return;
                    }
                    if (body.isStalled(nanos)) {
                        told(whose, () -> LOG.warn("The forge has taken nothing for {}: the request is ended", limit));
                        request.abort();
                    } else if (body.isSentSince(longestAnswer.toNanos())) {
                        told(
                                whose,
                                () -> LOG.warn(
                                        "The forge answers for longer than {}: the request is ended", longestAnswer));
                        request.abort();
                    }
                },
                period,
                period,
                TimeUnit.NANOSECONDS);
    }

    /** The log names the object that the request is for, as it does in the thread that made it. */
    private static void told(Map<String, String> whose, Runnable line) {
        MDC.setContextMap(whose);
        try {
            line.run();
        } finally {
            MDC.clear();
        }
    }

    @Override
    public void close() {
        check.cancel(false);
    }
}
