package dev.sessionpublish.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShutdownTest {
    private final Shutdown shutdown = new Shutdown();
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    private String waiting() {
        running.countDown();
        try {
            mayEnd.await();
            return "ended";
        } catch (InterruptedException e) {
            throw new IllegalStateException("a failure that the interrupt caused", e);
        }
    }

    private String sending() {
        shutdown.beginSending();
        return waiting();
    }

    @Test
    void aRunThatHasNotBegunToSendIsInterruptedAndItsFailureIsNone() throws Exception {
        CompletableFuture<Optional<String>> run = CompletableFuture.supplyAsync(() -> shutdown.run(this::waiting));
        running.await();

        shutdown.abandonRuns();

        assertThat(run.get(30, TimeUnit.SECONDS)).isEmpty();
        assertThat(shutdown.abandoned()).isZero();
    }

    @Test
    void aRunThatSendsEndsByItself() throws Exception {
        CompletableFuture<Optional<String>> run = CompletableFuture.supplyAsync(() -> shutdown.run(this::sending));
        running.await();

        shutdown.abandonRuns();
        assertThat(shutdown.abandoned()).isZero();
        mayEnd.countDown();

        assertThat(run.get(30, TimeUnit.SECONDS)).contains("ended");
    }

    /** What a run waits for may not heed an interrupt: then it ends where it would begin to send. */
    @Test
    void anAbandonedRunCanNeitherSendNorRecord() {
        Optional<String> sent = shutdown.run(() -> {
            shutdown.abandonRuns();
            assertThat(shutdown.abandoned()).isEqualTo(1);
            assertThatThrownBy(shutdown::requireNotAbandoned).isInstanceOf(RuntimeException.class);
            shutdown.beginSending();
            return "sent";
        });

        assertThat(sent).isEmpty();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aRunThatComesLateDoesNotBegin() {
        shutdown.abandonRuns();

        assertThat(shutdown.run(() -> "begun")).isEmpty();
    }

    @Test
    void aFailureOfAnyOtherRunIsThrown() {
        assertThatThrownBy(() -> shutdown.run(() -> {
                    throw new IllegalStateException("fault");
                }))
                .hasMessage("fault");
    }
}
