package dev.sessionpublish.lifecycle;

import dev.sessionpublish.outcome.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What one run does beside its steps. Each task has the log context and the span of the thread that starts it. Closing
 * ends all of them: what has not begun never does, the others are cancelled and waited for. So nothing that a task uses is
 * released before its end. Used by the thread of the run only; more tasks may be started after a close.
 */
public final class RunTasks implements AutoCloseable {
    private final Executor threads;
    private final TaskThreads.Context context;
    private final List<RunTask<?>> all = new ArrayList<>();

    /** What a task does. */
    @FunctionalInterface
    public interface Work<T> {
        T call() throws RefusedException;
    }

    RunTasks(Executor threads, TaskThreads.Context context) {
        this.threads = threads;
        this.context = context;
    }

    /** Without threads: each task is done when it is waited for. */
    public static RunTasks inline() {
        return new RunTasks(task -> {}, new TaskThreads.Context() {
            @Override
            public <T> Callable<T> carried(Callable<T> task) {
                return task;
            }
        });
    }

    /** Starts a task that an interrupt cancels. */
    public <T> RunTask<T> start(Work<T> work) {
        return start(work, Thread::interrupt, result -> {});
    }

    /** Starts a task that opens something, which is closed if nobody has taken it when the tasks are closed. */
    public <T> RunTask<T> open(Work<T> work, Consumer<T> close) {
        return start(work, thread -> {}, close);
    }

    /** Starts a task that begins when the ones before it have ended well, and fails as they do. */
    public <T> RunTask<T> startAfter(List<RunTask<?>> before, Work<T> work) {
        List<RunTask<?>> first = List.copyOf(before);
        return start(() -> {
            for (RunTask<?> each : first) {
                each.await();
            }
            return work.call();
        });
    }

    private <T> RunTask<T> start(Work<T> work, Consumer<Thread> cancel, Consumer<T> unused) {
        RunTask<T> task = new RunTask<>(context.carried(logged(work)), cancel, unused);
        all.add(task);
        threads.execute(task);
        return task;
    }

    private static <T> Callable<T> logged(Work<T> work) {
        Map<String, String> context = MDC.getCopyOfContextMap();
        return () -> {
            Map<String, String> outer = MDC.getCopyOfContextMap();
            setLogContext(context);
            try {
                return work.call();
            } finally {
                setLogContext(outer);
            }
        };
    }

    private static void setLogContext(@Nullable Map<String, String> context) {
        MDC.setContextMap(context == null ? Map.of() : context);
    }

    @Override
    public void close() {
        all.forEach(RunTask::cancel);
        all.forEach(RunTask::awaitEnd);
        all.clear();
    }
}
