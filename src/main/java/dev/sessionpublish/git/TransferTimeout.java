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
 * Aborts a request if the forge stops reading its body, because a blocked socket write has no timeout of its own; or if
 * the response never ends although it never pauses.
 */
public final class TransferTimeout implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TransferTimeout.class);

    private final ScheduledFuture<?> check;

    /** A request body that reports its progress. */
    interface Body {
        /** Whether the forge has read nothing for so long although there is data to send. */
        boolean isStalled(long nanos);

        /** Whether the whole body was sent that long ago. */
        default boolean isSentSince(long nanos) {
            return false;
        }
    }

    /**
     * @param limit how long the forge may read nothing
     * @param longestAnswer the time limit of the whole response
     */
    public TransferTimeout(
            ScheduledExecutorService watchdog,
            Duration limit,
            Duration longestAnswer,
            Body body,
            HttpUriRequestBase request) {
        Map<String, String> context = Objects.requireNonNullElse(MDC.getCopyOfContextMap(), Map.of());
        long nanos = limit.toNanos();
        long period = Math.max(1, nanos / 4);
        check = watchdog.scheduleAtFixedRate(
                () -> {
                    if (request.isAborted()) {
                        return;
                    }
                    if (body.isStalled(nanos)) {
                        log(
                                context,
                                () -> LOG.warn("The forge has read nothing for {}; the request is aborted", limit));
                        request.abort();
                    } else if (body.isSentSince(longestAnswer.toNanos())) {
                        log(
                                context,
                                () -> LOG.warn(
                                        "The forge's response takes longer than {}; the request is aborted",
                                        longestAnswer));
                        request.abort();
                    }
                },
                period,
                period,
                TimeUnit.NANOSECONDS);
    }

    /** Logs with the MDC of the thread that made the request, so that the line names the object. */
    private static void log(Map<String, String> context, Runnable line) {
        MDC.setContextMap(context);
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
