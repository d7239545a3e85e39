package dev.sessionpublish;

import ch.qos.logback.classic.LoggerContext;
import dev.sessionpublish.config.InvalidConfigurationException;
import dev.sessionpublish.config.LogFormat;
import dev.sessionpublish.config.OperatorConfig;
import dev.sessionpublish.lifecycle.Shutdown;
import dev.sessionpublish.process.Logging;
import dev.sessionpublish.process.OperatorParts;
import dev.sessionpublish.process.OperatorProcess;
import dev.sessionpublish.process.OperatorProgram;
import dev.sessionpublish.process.WithoutManagedFields;
import dev.sessionpublish.telemetry.Traces;
import dev.sessionpublish.telemetry.Tracing;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The operator as {@link Main} wires it, in the test's own process. */
public final class OperatorInProcess implements AutoCloseable {
    private final OperatorProcess process;
    private final Traces traces;

    private OperatorInProcess(OperatorProcess process, Traces traces) {
        this.process = process;
        this.traces = traces;
    }

    /** @param environment as the process would get it; the cluster is the one of {@code cluster} */
    public static OperatorInProcess start(Config cluster, Map<String, String> environment) throws IOException {
        return start(cluster, environment, Clock.systemUTC());
    }

    /** With a clock that may be wrong. */
    public static OperatorInProcess start(Config cluster, Map<String, String> environment, Clock clock)
            throws IOException {
        try {
            OperatorConfig config = OperatorConfig.from(environment);
            var client = new KubernetesClientBuilder()
                    .withConfig(cluster)
                    .withKubernetesSerialization(WithoutManagedFields.serialization())
                    .build();
            var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            Traces traces = Tracing.start(environment);
            OperatorProgram.Kinds kinds = Main::register;
            var parts = new OperatorParts(config, client, metrics, traces, clock, new Shutdown(), "operator");
            return new OperatorInProcess(OperatorProcess.start(parts, kinds.reconcilers(parts), () -> {}), traces);
        } catch (InvalidConfigurationException e) {
            throw new IOException(e);
        }
    }

    /** Sends what this process logs, its tests and stand-ins included, to a file and nowhere else. */
    public static void logTo(Path file) throws IOException {
        Logging.configure(
                (LoggerContext) LoggerFactory.getILoggerFactory(),
                new OperatorConfig.Log(LogFormat.TEXT, Level.INFO),
                Files.newOutputStream(file));
    }

    public int probePort() {
        return process.probePort();
    }

    public int metricsPort() {
        return process.metricsPort();
    }

    @Override
    public void close() {
        process.close();
        traces.close();
    }
}
