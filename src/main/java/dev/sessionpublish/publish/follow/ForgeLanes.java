package dev.sessionpublish.publish.follow;

import dev.sessionpublish.forge.ForgeHost;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** At most {@value #IN_FLIGHT} requests at a time for each forge, so that one that stalls delays no other. */
final class ForgeLanes {
    private static final int IN_FLIGHT = 4;
    private static final long IDLE_SECONDS = 30;

    private final Map<ForgeHost, ExecutorService> lanes = new HashMap<>();
    private boolean closed;

    synchronized CompletableFuture<Void> run(ForgeHost host, Runnable work) {
        return closed
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(work, lanes.computeIfAbsent(host, ForgeLanes::lane));
    }

    private static ExecutorService lane(ForgeHost host) {
        ThreadPoolExecutor lane = new ThreadPoolExecutor(
                IN_FLIGHT, IN_FLIGHT, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "follow-" + host.authority());
                    thread.setDaemon(true);
                    return thread;
                });
        lane.allowCoreThreadTimeOut(true);
        return lane;
    }

    /** Begins nothing more. What is in flight ends by itself, and has no effect. */
    synchronized void close() {
        closed = true;
        lanes.values().forEach(ExecutorService::shutdownNow);
        lanes.clear();
    }
}
