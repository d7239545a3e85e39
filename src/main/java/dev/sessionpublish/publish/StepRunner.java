package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.lifecycle.LifecycleEvent;
import dev.sessionpublish.lifecycle.StatusRefusedException;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.telemetry.Traces;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes steps: each is timed and traced, however it ends, and its status and events are journaled. */
record StepRunner(PublishSteps.Recorders recorders) implements RunProgress {
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
            run.records().requireNoFailure();
            Run begun = step.begin().apply(run);
            Run journaled = journaled(step.work().take(begun));
            return announced(step.check().take(begun, journaled));
        } catch (RefusedException e) {
            return run.refused(e);
        }
    }

    /** A run that begins shows that it is Pending; one that goes on has a phase already. */
    @Override
    public void awaitingSandbox(Run run) {
        if (run.status().phase() == Phase.Pending) {
            show(() -> {
                run.records().await();
                write(run);
            });
        }
    }

    /** Doesn't wait for Events: none of something that has ended is in flight during a push. */
    @Override
    public void sending(Run run, long bytes) {
        show(() -> write(run.withStatus(run.status().withPushProgress(bytes))));
    }

    /** A failure to do so changes nothing. */
    private static void show(Runnable write) {
        try {
            write.run();
        } catch (KubernetesClientException e) {
            LOG.debug("The progress of a publish could not be written: {}", e.getMessage());
        }
    }

    /** Writes the status where the step asked for it, and creates the Events that do not exist yet. */
    private Run journaled(Run run) throws RefusedException {
        switch (run.write()) {
            case JOURNAL -> journal(run);
            case STORE -> {
                run.records().await();
                write(run);
            }
            case SHOW -> run.records().status(() -> write(run));
            case LATER -> {}
        }
        return announced(run.withWrite(Run.Write.LATER));
    }

    private void write(Run run) {
        recorders.writer().write(run.stored(), run.status().build());
    }

    private void journal(Run run) throws RefusedException {
        run.records().await();
        try {
            recorders.writer().journal(run.stored(), run.status().build());
        } catch (StatusRefusedException e) {
            throw new RefusedException(
                    PublishReason.STATUS_REFUSED,
                    "The API server refuses the status that must be stored before the push, so nothing was pushed."
                            + " Check that the CRD is that of the operator's version, and that no admission webhook"
                            + " changes the status. The API server's answer: " + e.getMessage());
        }
    }

    /** Creates the Events that do not exist yet, in flight. */
    Run announced(Run run) {
        run.records().requireNoFailure();
        for (LifecycleEvent each : run.unannounced()) {
            run.records().event(() -> recorders
                    .events()
                    .record(run.publish(), run.status().runId(), each));
        }
        return run.withUnannounced(List.of());
    }
}
