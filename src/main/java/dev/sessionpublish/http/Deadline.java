package dev.sessionpublish.http;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Cancels an exchange when its time is up. Thread-safe. */
final class Deadline {
    private final ScheduledExecutorService alarms;
    private final Runnable cancel;
    private @Nullable Future<?> alarm;
    private @Nullable Duration exceeded;

    Deadline(ScheduledExecutorService alarms, Runnable cancel) {
        this.alarms = alarms;
        this.cancel = cancel;
    }

    /** Replaces the time limit by one that starts now. */
    synchronized void in(Duration limit) {
        stop();
        try {
            alarm = alarms.schedule(() -> exceed(limit), limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            cancel.run(); // The client is closed.
        }
    }

    synchronized void stop() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private void exceed(Duration limit) {
        synchronized (this) {
            exceeded = limit;
        }
        cancel.run();
    }

    /** The failure, or an {@link ExchangeTimeoutException} if the cancellation has caused it. */
    synchronized IOException explain(IOException failure) {
        return exceeded == null
                ? failure
                : new ExchangeTimeoutException(ExchangeTimeoutException.Kind.RESPONSE, exceeded, failure);
    }
}
