package dev.sessionpublish.process;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that reconcile. They are ended before the operator is stopped: stopping it first would end its leader
 * election with them, and another replica would take the lead, and the work, while a push still runs.
 */
final class ReconcileThreads {
    private static final long IDLE_SECONDS = 60;

    private final ThreadPoolExecutor pool;

    /** @param most that reconcile at the same time; others wait */
    ReconcileThreads(int most) {
        pool = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task, ended) -> {});
        pool.allowCoreThreadTimeOut(true);
    }

    ThreadPoolExecutor executor() {
        return pool;
    }

    /** Starts nothing more, neither what waits nor what comes, and waits for what runs. */
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
