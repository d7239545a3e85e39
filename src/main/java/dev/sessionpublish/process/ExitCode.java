package dev.sessionpublish.process;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this process ends: once, with a code of its own choosing. A signal ends it with 0 after what runs has been closed
 * in order, instead of the JVM's 143.
 */
public final class ExitCode {
    public static final int FAILED = 1;
    public static final int BAD_SETTINGS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(ExitCode.class);

    private final AtomicInteger code = new AtomicInteger();
    private final AtomicReference<@Nullable AutoCloseable> running = new AtomicReference<>();

    /** From now on a signal ends the process in this way. */
    public ExitCode() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "shutdown"));
    }

    /** Has {@code process} closed before the end. */
    public void closeFirst(AutoCloseable process) {
        running.set(process);
    }

    /** Ends in order; does not return. */
    public void with(int wanted) {
        code.set(wanted);
        System.exit(wanted);
    }

    /** Ends at once, whatever runs; does not return. */
    public static void now(int wanted) {
        Runtime.getRuntime().halt(wanted);
    }

    private void end() {
        AutoCloseable process = running.get();
        if (process != null) {
            try {
                process.close();
            } catch (Exception e) {
                LOG.error("Not everything could be closed", e);
                code.compareAndSet(0, FAILED);
            }
        }
        Runtime.getRuntime().halt(code.get());
    }
}
