package dev.sessionpublish.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecListener;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the product relies on when it runs a command in a pod through the client. */
@Timeout(120)
abstract class ExecContract {
    private static final int LARGE = 30 * 1024 * 1024;

    abstract KubernetesClient client();

    abstract String namespace();

    /** A running pod with one container named {@code agent}. */
    abstract String pod();

    /** Sets an annotation of the pod, and returns when execs heed it. */
    abstract void annotate(String name, String value);

    /** One exec and what came of it. */
    private final class Run implements AutoCloseable {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final CountDownLatch closed = new CountDownLatch(1);
        final ExecWatch watch;

        Run(String... argv) {
            watch = exec(out, "agent", argv);
        }

        Run(OutputStream output, String container, String... argv) {
            watch = exec(output, container, argv);
        }

        private ExecWatch exec(OutputStream output, String container, String... argv) {
            return client().pods()
                    .inNamespace(namespace())
                    .withName(pod())
                    .inContainer(container)
                    .redirectingInput()
                    .writingOutput(output)
                    .writingError(err)
                    .usingListener(new ExecListener() {
                        @Override
                        public void onClose(int code, String reason) {
                            closed.countDown();
                        }
                    })
                    .exec(argv);
        }

        void type(String text) throws IOException {
            watch.getInput().write(text.getBytes(UTF_8));
            watch.getInput().flush();
        }

        Integer exitCode() throws Exception {
            return watch.exitCode().get(60, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            watch.close();
        }
    }

    /** Whether the pod's execs lose the end of a long output. */
    boolean cutShort() throws Exception {
        try (Run run = new Run("sh", "-c", "head -c 100000 /dev/zero; echo end-mark")) {
            run.watch.exitCode().handle((code, failure) -> true).get(60, TimeUnit.SECONDS);
            return !run.out.toString(UTF_8).endsWith("end-mark\n");
        }
    }

    private static String sh(String... lines) {
        return String.join("\n", lines);
    }

    @Test
    void whatIsTypedArrivesAndItsEndIsALineOfItsOwn() throws Exception {
        try (Run run = new Run("sh", "-c", sh("while read -r line && [ \"$line\" != . ]; do echo \"<$line>\"; done"))) {
            run.type("one\ntwo words\n.\n");
            assertThat(run.exitCode()).isZero();
            assertThat(run.out.toString(UTF_8)).isEqualTo("<one>\n<two words>\n");
        }
    }

    /** The client speaks protocol v4, which has no way to say it; so nothing may wait for the end of stdin. */
    @Test
    void closingStdinIsNotSeenByTheProgram() throws Exception {
        try (Run run = new Run("sh", "-c", "cat; echo end")) {
            run.type("all of it");
            run.watch.getInput().close();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> run.out.toString(UTF_8).equals("all of it"));
            assertThat(run.watch.exitCode()).isNotDone();
        }
    }

    @Test
    void largeInputArrivesWholeAndInOrder() throws Exception {
        byte[] block = new byte[16 * 1024];
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) (i * 31);
        }
        CRC32 sent = new CRC32();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Run run = new Run(all, "agent", "sh", "-c", "head -c 4194304")) {
            for (int i = 0; i < 256; i++) {
                run.watch.getInput().write(block);
                sent.update(block);
            }
            run.watch.getInput().flush();
            assertThat(run.exitCode()).isZero();
        }
        CRC32 received = new CRC32();
        received.update(all.toByteArray());
        assertThat(all.size()).isEqualTo(4 * 1024 * 1024);
        assertThat(received.getValue()).isEqualTo(sent.getValue());
    }

    @Test
    void stdoutAndStderrAreWholeAndApart() throws Exception {
        try (Run run = new Run("sh", "-c", "seq 1 20000; seq 20001 30000 >&2")) {
            assertThat(run.exitCode()).isZero();
            assertThat(run.out.toString(UTF_8).lines().count()).isEqualTo(20_000);
            assertThat(run.out.toString(UTF_8)).startsWith("1\n2\n").endsWith("20000\n");
            assertThat(run.err.toString(UTF_8).lines().count()).isEqualTo(10_000);
            assertThat(run.err.toString(UTF_8)).startsWith("20001\n").endsWith("30000\n");
        }
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        String odd = "a 'b' \"c\" $d `e` \\ ü\n* &?=#%2F";
        try (Run run = new Run("printf", "[%s]", "", odd, "--last")) {
            assertThat(run.exitCode()).isZero();
            assertThat(run.out.toString(UTF_8)).isEqualTo("[][" + odd + "][--last]");
        }
    }

    @Test
    void thirtyMegabytesOfBinaryOutputAreWholeUnderASlowReader() throws Exception {
        CRC32 received = new CRC32();
        AtomicLong count = new AtomicLong();
        CountDownLatch release = new CountDownLatch(1);
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                if (count.getAndAdd(length) == 0) {
                    held(release);
                }
                received.update(bytes, offset, length);
            }
        };
        String finished = "finished-" + UUID.randomUUID();
        String program = sh(
                "i=0; while [ $i -lt 480 ]",
                "do head -c 65536 /dev/zero | tr '\\0' \"\\\\$((i % 8))\"; i=$((i+1))",
                "done; : > " + finished);
        try (Run run = new Run(slow, "agent", "sh", "-c", program)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> count.get() > 0);
            try (Run other = new Run("test", "-e", finished)) {
                assertThat(other.exitCode()).as("the program is held back").isEqualTo(1);
            }
            release.countDown();
            assertThat(run.exitCode()).isZero();
        }
        CRC32 expected = new CRC32();
        for (int i = 0; i < 480; i++) {
            byte[] block = new byte[65536];
            Arrays.fill(block, (byte) (i % 8));
            expected.update(block);
        }
        assertThat(count.get()).isEqualTo(LARGE);
        assertThat(received.getValue()).isEqualTo(expected.getValue());
    }

    private static void held(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("never released");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anExitCodeIsTheProgramsOwn() throws Exception {
        try (Run run = new Run("sh", "-c", "echo why >&2; exit 42")) {
            assertThat(run.exitCode()).isEqualTo(42);
            assertThat(run.err.toString(UTF_8)).isEqualTo("why\n");
        }
    }

    @Test
    void aProgramThatIsNotThereNeverStarted() throws Exception {
        try (Run run = new Run("no-such-program-here", "x")) {
            assertThat(run.exitCode()).isEqualTo(-1);
        }
    }

    @Test
    void anUnknownContainerIsRefused() {
        Throwable refusal = catchThrowable(() -> {
            try (Run run = new Run(new ByteArrayOutputStream(), "nobody", "true")) {
                run.exitCode();
            }
        });
        assertThat(refusal).hasMessageContaining("container nobody");
    }

    @Test
    void theProcessEndsWhenTheClientCloses() throws Exception {
        String sleepFor = "86" + Math.abs(UUID.randomUUID().hashCode() % 100_000);
        Run run = new Run("sh", "-c", "sleep " + sleepFor + " & echo up; wait");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> run.out.toString(UTF_8).contains("up"));
        assertThat(sleeping(sleepFor)).isTrue();
        run.close();
        await().atMost(Duration.ofSeconds(20)).until(() -> !sleeping(sleepFor));
    }

    private static boolean sleeping(String seconds) {
        return ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().commandLine().orElse("").endsWith("sleep " + seconds));
    }

    @Test
    void aCutExecFailsAndItsOutputLacksTheEndMark() throws Exception {
        annotate("procnode/exec-cut-after", "64KiB");
        try (Run run = new Run("sh", "-c", "head -c 1000000 /dev/zero; echo end-mark")) {
            assertThatThrownBy(run::exitCode)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IOException.class);
            assertThat(run.out.size()).isLessThanOrEqualTo(65536);
            assertThat(run.out.toString(UTF_8)).doesNotContain("end-mark");
        } finally {
            annotate("procnode/exec-cut-after", "");
        }
    }
}
