package dev.sessionpublish.publish;

import dev.sessionpublish.lifecycle.RunTask;
import dev.sessionpublish.lifecycle.RunTasks;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Events and status writes of one run that are in flight while its next step runs. Events are created in their order,
 * and status writes are done in theirs. A status is written after the Events that were recorded before it: what has ended
 * has its Event then. After a failure nothing more is recorded, as after a crash.
 */
final class Records {
    private final RunTasks tasks;
    private Optional<RunTask<?>> event = Optional.empty();
    private Optional<RunTask<?>> status = Optional.empty();

    Records(RunTasks tasks) {
        this.tasks = tasks;
    }

    /** Creates an Event, after the earlier ones. */
    void event(Runnable create) {
        event = Optional.of(tasks.startAfter(event.stream().toList(), () -> done(create)));
    }

    /** Writes a status, after what was recorded before. */
    void status(Runnable write) {
        List<RunTask<?>> before =
                Stream.of(event, status).flatMap(Optional::stream).toList();
        status = Optional.of(tasks.startAfter(before, () -> done(write)));
    }

    private static boolean done(Runnable work) {
        work.run();
        return true;
    }

    /** Throws the exception of a record that has failed by now. */
    void requireNoFailure() {
        Stream.of(event, status)
                .flatMap(Optional::stream)
                .filter(RunTask::hasFailed)
                .forEach(RunTask::awaitUnrefused);
    }

    /** Waits until everything is recorded, or throws the exception of what has failed. */
    void await() {
        Stream.of(event, status).flatMap(Optional::stream).forEach(RunTask::awaitUnrefused);
    }
}
