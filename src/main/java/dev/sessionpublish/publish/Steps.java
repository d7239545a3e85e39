package dev.sessionpublish.publish;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.telemetry.Traces;
import java.time.Duration;

/** Takes the steps of a publish: each is timed, and is a span of the trace, however it ends. */
final class Steps {
    private final PublishMetrics metrics;
    private final Traces traces;

    /** What is done in a step; it may be refused. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws RefusedException;
    }

    Steps(PublishMetrics metrics, Traces traces) {
        this.metrics = metrics;
        this.traces = traces;
    }

    <T> T take(Step step, Work<T> work) throws RefusedException {
        long begin = System.nanoTime();
        try (Traces.Span span = traces.begin(step.span())) {
            try {
                return work.run();
            } catch (RefusedException e) {
                span.failed(e.reason().code());
                throw e;
            } catch (RuntimeException e) {
                span.failed(e.getClass().getSimpleName());
                throw e;
            }
        } finally {
            metrics.took(step, Duration.ofNanos(System.nanoTime() - begin));
        }
    }
}
