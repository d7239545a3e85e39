package dev.sessionpublish.lifecycle;

import java.util.function.Supplier;

/**
 * Makes an error of one reconciliation an exception. The framework retries an object after an exception; after an error it
 * counts the object as being processed until the process is restarted.
 */
public final class RetriedErrors {
    private RetriedErrors() {}

    /**
     * @throws IllegalStateException for an error that concerns this work only. An {@link OutOfMemoryError} remains an error:
     *     it ends the process.
     */
    public static <T> T within(Supplier<T> work) {
        try {
            return work.get();
        } catch (StackOverflowError | LinkageError | AssertionError e) {
            throw new IllegalStateException(
                    "The reconciliation ended with " + e.getClass().getSimpleName(), e);
        }
    }
}
