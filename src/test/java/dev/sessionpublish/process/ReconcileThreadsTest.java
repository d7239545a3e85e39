package dev.sessionpublish.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.lifecycle.Shutdown;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ReconcileThreadsTest {
    private final Shutdown shutdown = new Shutdown();
    private final ReconcileThreads threads = new ReconcileThreads(1, shutdown);
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final AtomicInteger ended = new AtomicInteger();

    private void run() {
        running.countDown();
        try {
            mayEnd.await();
        } catch (InterruptedException e) {
            return;
        }
        ended.incrementAndGet();
    }

    @Test
    void whatRunsIsWaitedForAndWhatWaitsOrComesIsGivenUp() throws Exception {
        threads.executor().execute(this::run);
        running.await();
        threads.executor().execute(this::run);
        Thread stopping = new Thread(() -> threads.drain(Duration.ofSeconds(60)));
        stopping.start();
        Awaitility.await().until(threads.executor()::isShutdown);
        threads.executor().execute(this::run);

        mayEnd.countDown();
        stopping.join(60_000);

        assertThat(threads.executor().isTerminated()).isTrue();
        assertThat(ended).hasValue(1);
    }

    @Test
    void whatDoesNotEndInTimeIsLeftToWhoeverStopsTheProcess() throws Exception {
        threads.executor().execute(this::run);
        running.await();

        threads.drain(Duration.ofMillis(1));

        assertThat(threads.executor().isTerminated()).isFalse();
        threads.executor().shutdownNow();
    }

    @Test
    void whatHasNotBegunToSendIsNotWaitedForEvenIfItCanNotBeInterrupted() throws Exception {
        AtomicBoolean leave = new AtomicBoolean();
        threads.executor()
                .execute(() -> shutdown.run(() -> {
                    running.countDown();
                    while (!leave.get()) {
                        Thread.onSpinWait();
                    }
                    shutdown.beginSending();
                    return ended.incrementAndGet();
                }));
        running.await();

        threads.drain(Duration.ofDays(1));

        assertThat(threads.executor().isTerminated()).isFalse();
        leave.set(true);
        assertThat(threads.executor().awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(ended).hasValue(0);
    }
}
