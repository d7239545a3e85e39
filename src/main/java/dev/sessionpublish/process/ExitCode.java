package dev.sessionpublish.process;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process with an exit code. On a signal, closes the running process first and exits with 0, not the JVM's
 * 143.
 */
public final class ExitCode {
    public static final int FAILED = 1;
    public static final int BAD_SETTINGS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(ExitCode.class);

    private final AtomicInteger code = new AtomicInteger();
    private final AtomicReference<@Nullable AutoCloseable> running = new AtomicReference<>();

    /** Installs the shutdown hook. */
    public ExitCode() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "shutdown"));
    }

    /** Closes {@code process} before the process exits. */
    public void closeFirst(AutoCloseable process) {
        running.set(process);
    }

    /** Exits after an orderly shutdown. Does not return. */
    public void with(int wanted) {
        code.set(wanted);
        System.exit(wanted);
    }

    /** Exits immediately, without a shutdown. Does not return. */
    public static void now(int wanted) {
        Runtime.getRuntime().halt(wanted);
    }

    private void end() {
        AutoCloseable process = running.get();
        if (process != null) {
            try {
                process.close();
            } catch (Exception e) {
                LOG.error("The shutdown failed", e);
                code.compareAndSet(0, FAILED);
            }
        }
        Runtime.getRuntime().halt(code.get());
    }
}
