package dev.sessionpublish.lifecycle;

import dev.sessionpublish.outcome.RefusedException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One task of {@link RunTasks}, which is done once. */
public final class RunTask<T> implements Runnable {
    private final Callable<T> work;
    private final Consumer<Thread> cancel;
    private final Consumer<T> unused;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private @Nullable Thread doing;
    private boolean cancelled;
    private boolean taken;

    /**
     * @param cancel called with the thread that does the task, at most once and never after its end
     * @param unused called with the result if nobody has waited for it
     */
    RunTask(Callable<T> work, Consumer<Thread> cancel, Consumer<T> unused) {
        this.work = work;
        this.cancel = cancel;
        this.unused = unused;
    }

    /** Does the task, unless that has begun. */
    @Override
    public void run() {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        begin(Thread.currentThread());
        try {
            result.complete(work.call());
        } catch (Throwable e) {
            result.completeExceptionally(e);
        } finally {
            end();
        }
    }

    private synchronized void begin(Thread thread) {
        doing = thread;
        if (cancelled) {
            cancel.accept(thread);
        }
    }

    private synchronized void end() {
        doing = null;
        if (cancelled) {
            // The interrupt was meant for the task, not for the thread.
            Thread.interrupted();
        }
    }

    /** Whether it has failed by now. */
    public boolean hasFailed() {
        return result.isCompletedExceptionally();
    }

    /**
     * Waits for the result; does the task in this thread if it has not begun.
     *
     * @throws RefusedException as the task; so are its unchecked exceptions
     */
    public T await() throws RefusedException {
        run();
        try {
            T value = result.get();
            taken = true;
            return value;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for a task");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Waits for the result of a task that refuses nothing. */
    public T awaitUnrefused() {
        try {
            return await();
        } catch (RefusedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asks the task to end, or keeps it from beginning. */
    void cancel() {
        if (begun.compareAndSet(false, true)) {
            result.completeExceptionally(new CancellationException("not begun"));
            return;
        }
        synchronized (this) {
            Thread thread = doing;
            if (thread != null && !cancelled) {
                cancel.accept(thread);
            }
            cancelled = true;
        }
    }

    /** Waits for the end, whatever it is and however long it takes. */
    void awaitEnd() {
        T value = result.handle((ended, failure) -> failure == null ? ended : null)
                .join();
        if (value != null && !taken) {
            taken = true;
            unused.accept(value);
        }
    }
}
