package dev.sessionpublish.git;

import dev.sessionpublish.http.ExchangeTimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Aborts a request if the forge stops reading its body, because a blocked socket write has no timeout of its own; or if
 * the response has not begun a long time after the whole body was sent, although the forge is never silent.
 */
public final class TransferTimeout implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TransferTimeout.class);

    private final ScheduledFuture<?> check;
    private volatile @Nullable Expiry expired;

    private record Expiry(ExchangeTimeoutException.Kind kind, Duration limit) {}

    /** A request body that reports its progress. */
    interface Body {
        /** Whether the forge has read nothing for so long although there is data to send. */
        boolean isStalled(long nanos);

        /** Whether the sending has ended that long ago, with the whole body or because of a response. */
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
                        expired = new Expiry(ExchangeTimeoutException.Kind.UPLOAD, limit);
                        request.abort();
                    } else if (body.isSentSince(longestAnswer.toNanos())) {
                        log(
                                context,
                                () -> LOG.warn(
                                        "The forge's response takes longer than {}; the request is aborted",
                                        longestAnswer));
                        expired = new Expiry(ExchangeTimeoutException.Kind.RESPONSE, longestAnswer);
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

    /** The failure of the request, or an {@link ExchangeTimeoutException} if the abort has caused it. */
    public IOException explain(IOException failure) {
        Expiry known = expired;
        return known == null ? failure : new ExchangeTimeoutException(known.kind, known.limit, failure);
    }

    @Override
    public void close() {
        check.cancel(false);
    }
}
