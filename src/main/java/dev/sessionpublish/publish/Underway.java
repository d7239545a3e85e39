package dev.sessionpublish.publish;

import dev.sessionpublish.lifecycle.RunTask;
import dev.sessionpublish.lifecycle.RunTasks;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.publish.plan.PushPlan;
import dev.sessionpublish.sandbox.CheckoutSession;
import dev.sessionpublish.sandbox.LocatedSandbox;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Optional;

/**
 * What a run has begun to ask beside its steps, until the step that needs the answer waits for it. What is empty was not
 * begun.
 *
 * @param sandbox waited for by the step locate
 * @param exec waited for by the step ask
 * @param samePod fails if the pod is another one by now; waited for before anything is sent to the forge
 * @param pullRequests of the head branch; waited for after the journal
 */
@RecordBuilder
@RecordBuilder.Options(enableGetters = false)
record Underway(
        Optional<RunTask<LocatedSandbox>> sandbox,
        Optional<RunTask<CheckoutSession>> exec,
        Optional<RunTask<Boolean>> samePod,
        Optional<RunTask<PushPlan.PullRequests>> pullRequests)
        implements UnderwayBuilder.With {
    static final Underway NOTHING = UnderwayBuilder.builder().build();

    /** The answer, which is asked for now if that was not begun. */
    static <T> T answer(Optional<RunTask<T>> begun, RunTasks.Work<T> ask) throws RefusedException {
        return begun.isPresent() ? begun.get().await() : ask.call();
    }
}
