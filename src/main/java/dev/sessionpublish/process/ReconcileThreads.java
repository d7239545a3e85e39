package dev.sessionpublish.process;

import dev.sessionpublish.lifecycle.Shutdown;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that run reconciles. They are drained before the operator is stopped: stopping it also ends its leader
 * election, and another replica would start to reconcile during a running push.
 */
final class ReconcileThreads {
    private static final long IDLE_SECONDS = 60;
    /** How long abandoned runs may take to notice. */
    private static final Duration ABANDONED = Duration.ofSeconds(2);

    private static final Duration GLANCE = Duration.ofMillis(20);

    private final ThreadPoolExecutor pool;
    private final Shutdown shutdown;

    /** @param most how many reconciles run at the same time; others wait */
    ReconcileThreads(int most, Shutdown shutdown) {
        this.shutdown = shutdown;
        pool = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task, ended) -> {});
        pool.allowCoreThreadTimeOut(true);
    }

    ThreadPoolExecutor executor() {
        return pool;
    }

    /**
     * Starts no further reconciles, drops queued ones, abandons those that may be, and waits for the others.
     *
     * @return false if one that was not abandoned still runs
     */
    boolean drain(Duration atMost) {
        pool.shutdown();
        pool.getQueue().clear();
        shutdown.abandonRuns();
        long begun = System.nanoTime();
        try {
            while (pool.getActiveCount() > shutdown.abandoned() && isLeft(begun, atMost)) {
                pool.awaitTermination(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
            }
            if (shutdown.abandoned() > 0) {
                pool.awaitTermination(ABANDONED.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return pool.getActiveCount() <= shutdown.abandoned();
    }

    private static boolean isLeft(long begun, Duration atMost) {
        return System.nanoTime() - begun < atMost.toNanos();
    }
}
