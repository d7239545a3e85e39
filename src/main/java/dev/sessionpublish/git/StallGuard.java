package dev.sessionpublish.git;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;

/** Ends a push whose forge has stopped taking bytes: a blocked write to a socket has no time limit of its own. */
final class StallGuard {
    private final ScheduledFuture<?> check;

    StallGuard(ScheduledExecutorService watchdog, Duration limit, PushBody body, HttpUriRequestBase request) {
        long nanos = limit.toNanos();
        long period = Math.max(1, nanos / 4);
        check = watchdog.scheduleAtFixedRate(
                () -> {
                    if (body.isStalled(nanos)) {
                        request.abort();
                    }
                },
                period,
                period,
                TimeUnit.NANOSECONDS);
    }

    void close() {
        check.cancel(false);
    }
}
