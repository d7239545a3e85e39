package dev.sessionpublish.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StdoutPipeTest {
    private static StdoutPipe pipe(int capacity) {
        return new StdoutPipe(
                capacity, System.nanoTime() + Duration.ofMinutes(1).toNanos());
    }

    private static CompletableFuture<Void> writing(StdoutPipe pipe, byte[] bytes) {
        return CompletableFuture.runAsync(() -> {
            try (OutputStream out = pipe.writer()) {
                out.write(bytes);
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
    }

    @Test
    void everyByteArrivesInItsOrder() throws Exception {
        StdoutPipe pipe = pipe(1000);
        byte[] sent = new byte[1_000_003];
        new Random(1).nextBytes(sent);
        writing(pipe, sent).whenComplete((done, failed) -> pipe.end(null));

        assertThat(pipe.reader().readAllBytes()).isEqualTo(sent);
    }

    @Test
    void theWriterWaitsWhileThePipeIsFull() throws Exception {
        StdoutPipe pipe = pipe(10);
        AtomicLong written = new AtomicLong();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try {
                for (int n = 0; n < 25; n++) {
                    pipe.writer().write(n);
                    written.incrementAndGet();
                }
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        await().until(() -> written.get() == 10);
        assertThat(writer).isNotDone();

        assertThat(pipe.reader().readNBytes(25)).hasSize(25).startsWith(0, 1, 2).endsWith(23, 24);

        writer.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aWriterIsLetGoWhenNobodyReadsAnyMore() throws Exception {
        StdoutPipe pipe = pipe(10);
        CompletableFuture<Void> writer = writing(pipe, new byte[1 << 20]);

        pipe.closeReader();

        writer.get(30, TimeUnit.SECONDS);
    }

    @Test
    void whatWasWrittenBeforeAFailureIsReadFirst() throws Exception {
        StdoutPipe pipe = pipe(10);
        pipe.writer().write("abc".getBytes(UTF_8));
        pipe.end(new IOException("cut"));
        pipe.end(null);

        assertThat(pipe.reader().readNBytes(3)).asString(UTF_8).isEqualTo("abc");
        assertThatThrownBy(() -> pipe.reader().read())
                .isInstanceOf(IOException.class)
                .hasMessage("cut");
    }

    @Test
    void aReaderWaitsUntilTheDeadlineAndNoLonger() {
        StdoutPipe pipe =
                new StdoutPipe(10, System.nanoTime() + Duration.ofMillis(50).toNanos());

        assertThatThrownBy(() -> pipe.reader().read()).isInstanceOf(ExecTimeoutException.class);
    }

    @Test
    void outputThatNeverPausesIsBoundByTheDeadlineToo() throws Exception {
        StdoutPipe pipe = new StdoutPipe(10, System.nanoTime() - 1);
        pipe.writer().write(1);

        assertThatThrownBy(() -> pipe.reader().read()).isInstanceOf(ExecTimeoutException.class);
    }
}
