package dev.sessionpublish.embedded.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A request that the API server has received, and looks at only when it is released. */
public final class Held {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    /** Whether the request has come within this time. */
    public boolean awaitReached(Duration atMost) throws InterruptedException {
        return reached.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    public void release() {
        released.complete(null);
    }

    CompletableFuture<Void> reached() {
        reached.countDown();
        return released;
    }
}
