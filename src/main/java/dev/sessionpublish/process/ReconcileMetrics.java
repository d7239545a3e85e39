package dev.sessionpublish.process;

import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * Metrics of the controllers' reconciles and of their queue, by controller. The operator framework's own meters would
 * have each object's name as a label.
 */
final class ReconcileMetrics implements Metrics {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        Duration.ofMinutes(10),
        Duration.ofMinutes(30)
    };

    private final MeterRegistry registry;

    /** @param threads the threads of all controllers */
    ReconcileMetrics(MeterRegistry registry, ThreadPoolExecutor threads) {
        this.registry = registry;
        Gauge.builder("session.publish.queued", threads, pool -> pool.getQueue().size())
                .description("Objects that wait for a thread.")
                .register(registry);
        Gauge.builder("session.publish.threads.busy", threads, ThreadPoolExecutor::getActiveCount)
                .description("Threads that are reconciling an object.")
                .register(registry);
        Gauge.builder("session.publish.threads", threads, ThreadPoolExecutor::getMaximumPoolSize)
                .description("The maximum number of threads, SESSION_PUBLISH_PARALLEL_PUBLISHES.")
                .register(registry);
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        Timer.Sample sample = Timer.start(registry);
        String result = "failed";
        try {
            T done = execution.execute();
            result = "ok";
            return done;
        } finally {
            sample.stop(Timer.builder("session.publish.reconcile")
                    .description("Reconciles and their duration.")
                    .serviceLevelObjectives(BUCKETS)
                    .tags("controller", execution.controllerName(), "result", result)
                    .register(registry));
        }
    }
}
