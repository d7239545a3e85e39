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
 * One running exec: its output as a stream with a deadline, a way to talk to it, the end of what it wrote to stderr.
 * An end without a failure proves nothing: a connection that breaks behind the API server can look like success, so
 * whoever reads needs an end mark of its own. Closing it ends the program in the pod.
 */
public final class ExecConversation implements AutoCloseable, ExecListener {
    private static final int PIPE = 256 * 1024;
    private static final int STDERR = 8 * 1024;
    /** Larger frames are refused by some servers on the way. */
    private static final int FRAME = 16 * 1024;

    private final BoundedPipe pipe;
    private final Tail stderr = new Tail(STDERR);
    private volatile @Nullable ExecWatch watch;
    private volatile @Nullable Status status;

    ExecConversation(Duration limit) {
        this.pipe = new BoundedPipe(PIPE, System.nanoTime() + limit.toNanos());
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
                                : new IOException("the connection of the exec broke: " + told(failure))));
    }

    /** What the innermost cause says: those around it repeat it behind the names of their classes. */
    private static String told(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? "no more is known" : cause.getMessage();
    }

    /** The program's output; reads fail with an {@link ExecTimeoutException} once the time is used up. */
    public InputStream stdout() {
        return pipe.reader();
    }

    /** The last 8 KiB, as text. */
    public String stderr() {
        return stderr.text();
    }

    /** What the node said when the program could not be started at all. */
    public Optional<String> startFailure() {
        Status seen = status;
        return seen == null || "Success".equals(seen.getStatus()) || "NonZeroExitCode".equals(seen.getReason())
                ? Optional.empty()
                : Optional.of(String.valueOf(seen.getMessage()));
    }

    /** @throws IOException when the connection has broken, too: the library throws what is no IOException then */
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
            throw new IOException("the connection of the exec broke: " + told(e), e);
        }
    }

    /** Waits for the program to end, at most so long. */
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
            // it is ended the hard way
        }
    }

    @Override
    public void onFailure(Throwable failure, @Nullable Response response) {
        pipe.end(new IOException("the connection of the exec broke: " + told(failure)));
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
