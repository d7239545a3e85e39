package dev.sessionpublish.lifecycle;

import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that all runs together use for their {@link RunTasks}. Their number is limited; no run depends on a free one,
 * because a task that has not begun is done by the thread that waits for it. Idle threads end after ten seconds.
 */
public final class TaskThreads {
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor pool;
    private final Context context;

    /** Carries something of a thread, such as its open span, into the thread that does a task. */
    @FunctionalInterface
    public interface Context {
        <T> Callable<T> carried(Callable<T> task);
    }

    /** @param most how many tasks are done at the same time */
    public TaskThreads(int most, Context context) {
        this.context = context;
        pool = new ThreadPoolExecutor(most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "run-task");
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
    }

    /** The tasks of one run. */
    public RunTasks begin() {
        return new RunTasks(pool, context);
    }
}
