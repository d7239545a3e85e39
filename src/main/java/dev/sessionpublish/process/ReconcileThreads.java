package dev.sessionpublish.process;

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

    private final ThreadPoolExecutor pool;

    /** @param most how many reconciles run at the same time; others wait */
    ReconcileThreads(int most) {
        pool = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task, ended) -> {});
        pool.allowCoreThreadTimeOut(true);
    }

    ThreadPoolExecutor executor() {
        return pool;
    }

    /** Starts no further reconciles, drops queued ones, and waits for running ones. */
    void drain(Duration atMost) {
        pool.shutdown();
        pool.getQueue().clear();
        try {
            pool.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
