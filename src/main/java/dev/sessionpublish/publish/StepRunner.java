package dev.sessionpublish.publish;

import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.telemetry.Traces;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes steps: each is timed and traced, however it ends, and its status and events are journaled. */
record StepRunner(PublishSteps.Recorders recorders) {
    private static final Logger LOG = LoggerFactory.getLogger(StepRunner.class);

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

    /** Shows the progress of a push to whoever watches; a failure to do so changes nothing. */
    void showProgress(Run run, long bytes) {
        try {
            recorders
                    .writer()
                    .write(run.publish(), run.status().withPushProgress(bytes).build());
        } catch (KubernetesClientException e) {
            LOG.debug("The progress of a push could not be written: {}", e.getMessage());
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
        recorders.events().record(run.publish(), run.status().runId(), run.unannounced());
        return run.withWrite(Run.Write.LATER).withUnannounced(List.of());
    }
}
