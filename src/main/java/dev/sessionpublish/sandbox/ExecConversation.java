package dev.sessionpublish.sandbox;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ExecListener;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A running exec: its stdout as a stream with a deadline, its stdin, and the end of its stderr. The end of stdout does
 * not prove success, because a connection that breaks behind the API server can look like a normal exit. The reader
 * must therefore check for its own end mark. Closing the conversation terminates the program in the pod.
 */
public final class ExecConversation implements AutoCloseable, ExecListener {
    private static final int PIPE = 256 * 1024;
    private static final int STDERR = 8 * 1024;
    /** Some servers and proxies reject larger frames. */
    private static final int FRAME = 16 * 1024;

    private final ReadDeadline whole;
    private final StdoutPipe pipe;
    private final StderrTail stderr = new StderrTail(STDERR);
    private volatile @Nullable ExecWatch watch;
    private volatile @Nullable Status status;

    ExecConversation(Duration limit) {
        this.whole = ReadDeadline.in(ExecTimeoutException.Limit.WHOLE, limit);
        this.pipe = new StdoutPipe(PIPE, whole);
    }

    /** Gives what is read from now on a time limit of its own, within the one of the exec. */
    void within(ExecTimeoutException.Limit limit, Duration time) {
        pipe.until(ReadDeadline.in(limit, time).orEarlier(whole));
    }

    /** Limits what is read from now on by the time limit of the exec and by the longest silence. */
    void withSilence(Duration most) {
        pipe.until(whole.withSilence(most));
    }

    OutputStream output() {
        return pipe.writer();
    }

    OutputStream errors() {
        return stderr;
    }

    void started(ExecWatch exec) {
        watch = exec;
        exec.exitCode()
                .whenComplete((code, failure) -> pipe.end(
                        failure == null
                                ? null
                                : new IOException("the exec's connection failed: " + messageOf(failure))));
    }

    /** The message of the innermost cause. The outer exceptions only repeat it with class names. */
    private static String messageOf(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? "unknown cause" : cause.getMessage();
    }

    /** The program's stdout. Reads fail with an {@link ExecTimeoutException} after the time limit. */
    public InputStream stdout() {
        return pipe.reader();
    }

    /**
     * The program's stdout. A read that has to wait at {@code until} calls {@code late} once, then waits on.
     *
     * @param until in terms of {@link System#nanoTime}
     */
    InputStream stdout(long until, Runnable late) {
        InputStream in = stdout();
        return new InputStream() {
            private boolean called;

            @Override
            public int read() throws IOException {
                if (!called && !pipe.awaitOutput(until)) {
                    called = true;
                    late.run();
                }
                return in.read();
            }
        };
    }

    /** The last 8 KiB of stderr. */
    public String stderr() {
        return stderr.text();
    }

    /** The node's error message if the program failed to start. */
    public Optional<String> startFailure() {
        Status seen = status;
        return seen == null || "Success".equals(seen.getStatus()) || "NonZeroExitCode".equals(seen.getReason())
                ? Optional.empty()
                : Optional.of(String.valueOf(seen.getMessage()));
    }

    /**
     * @throws IOException also if the connection has failed, for which the client throws a KubernetesClientException
     */
    public void send(String text) throws IOException {
        ExecWatch exec = watch;
        if (exec == null) {
            throw new IllegalStateException("not started");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        OutputStream stdin = exec.getInput();
        try {
            for (int at = 0; at < bytes.length; at += FRAME) {
                stdin.write(bytes, at, Math.min(FRAME, bytes.length - at));
            }
            stdin.flush();
        } catch (KubernetesClientException e) {
            throw new IOException("the exec's connection failed: " + messageOf(e), e);
        }
    }

    /** Waits at most {@code atMost} for the program to exit. */
    void awaitEnd(Duration atMost) {
        ExecWatch exec = watch;
        if (exec == null) {
            return;
        }
        try {
            exec.exitCode().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // close() terminates the program.
        }
    }

    @Override
    public void onFailure(Throwable failure, @Nullable Response response) {
        pipe.end(new IOException("the exec's connection failed: " + messageOf(failure)));
    }

    @Override
    public void onClose(int code, String reason) {
        pipe.end(null);
    }

    @Override
    public void onExit(int code, @Nullable Status seen) {
        status = seen;
    }

    @Override
    public void close() {
        pipe.closeReader();
        ExecWatch exec = watch;
        if (exec != null) {
            exec.close();
        }
    }
}
