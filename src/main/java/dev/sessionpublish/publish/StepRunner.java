package dev.sessionpublish.publish;

import dev.sessionpublish.lifecycle.Journal;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.telemetry.Traces;
import java.time.Duration;
import java.util.List;

/** Takes steps: each is timed and traced, however it ends, and its status and events are journaled. */
record StepRunner(PublishSteps.Recorders recorders) {

    /** Takes the steps in order, until the run is over. */
    Run takeAll(List<Step> steps, Run begun) {
        Run run = begun;
        for (Step step : steps) {
            run = take(step, run);
        }
        return run;
    }

    /** Takes one step, if it applies and the run is not over. */
    Run take(Step step, Run run) {
        if (run.over() || !step.applies().test(run)) {
            return run;
        }
        long begin = System.nanoTime();
        try (Traces.Span span = recorders.traces().begin(step.name().span())) {
            try {
                Run next = taken(step, run);
                next.refusal().map(RefusedException::reason).map(Reason::code).ifPresent(span::failed);
                return next;
            } catch (RuntimeException e) {
                span.failed(e.getClass().getSimpleName());
                throw e;
            }
        } finally {
            recorders.metrics().took(step.name(), Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    private Run taken(Step step, Run run) {
        try {
            return journaled(step.work().take(run));
        } catch (RefusedException e) {
            return run.refused(e);
        }
    }

    /** Writes the status where the step asked for it, then creates the Events that do not exist yet. */
    Run journaled(Run run) {
        switch (run.write()) {
            case JOURNAL ->
                recorders.writer().journal(run.publish(), run.status().build());
            case SHOW -> recorders.writer().write(run.publish(), run.status().build());
            case LATER -> {}
        }
        new Journal(recorders.events(), run.publish(), run.status().runId()).announce(run.unannounced());
        return run.withWrite(Run.Write.LATER).withUnannounced(List.of());
    }
}
