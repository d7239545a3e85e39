package dev.sessionpublish.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.sandbox.ExecTimeoutException.Limit;
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
        return new StdoutPipe(capacity, ReadDeadline.in(Limit.WHOLE, Duration.ofMinutes(1)));
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
        StdoutPipe pipe = new StdoutPipe(10, ReadDeadline.in(Limit.WHOLE, Duration.ofMillis(50)));

        assertThat(limitOf(pipe)).isEqualTo(Limit.WHOLE);
    }

    @Test
    void outputThatNeverPausesIsBoundByTheDeadlineToo() throws Exception {
        StdoutPipe pipe = new StdoutPipe(10, ReadDeadline.in(Limit.WHOLE, Duration.ZERO));
        pipe.writer().write(1);

        assertThat(limitOf(pipe)).isEqualTo(Limit.WHOLE);
    }

    @Test
    void aPartHasADeadlineOfItsOwnAndThenTheOneOfTheWholeAgain() throws Exception {
        ReadDeadline whole = ReadDeadline.in(Limit.WHOLE, Duration.ofMinutes(1));
        StdoutPipe pipe = new StdoutPipe(10, whole);
        pipe.until(ReadDeadline.in(Limit.HEADER, Duration.ofMillis(50)).orEarlier(whole));

        assertThat(limitOf(pipe)).isEqualTo(Limit.HEADER);

        pipe.until(whole);
        pipe.writer().write(7);
        assertThat(pipe.reader().read()).isEqualTo(7);
    }

    @Test
    void aPartEndsWithTheWhole() {
        ReadDeadline whole = ReadDeadline.in(Limit.WHOLE, Duration.ofMillis(50));
        StdoutPipe pipe = new StdoutPipe(10, whole);
        pipe.until(ReadDeadline.in(Limit.CHAIN, Duration.ofMinutes(1)).orEarlier(whole));

        assertThat(limitOf(pipe)).isEqualTo(Limit.WHOLE);
    }

    @Test
    void silenceEndsAReadLongBeforeTheWholeDoes() throws Exception {
        StdoutPipe pipe = new StdoutPipe(
                10, ReadDeadline.in(Limit.WHOLE, Duration.ofMinutes(1)).withSilence(Duration.ofMillis(50)));
        pipe.writer().write(7);
        assertThat(pipe.reader().read()).isEqualTo(7);

        assertThat(limitOf(pipe)).isEqualTo(Limit.SILENCE);
    }

    private static Limit limitOf(StdoutPipe pipe) {
        return catchThrowableOfType(
                        ExecTimeoutException.class, () -> pipe.reader().read())
                .limit();
    }
}
