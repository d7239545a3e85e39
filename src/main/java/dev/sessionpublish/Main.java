package dev.sessionpublish;

import ch.qos.logback.classic.LoggerContext;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Starts the operator. It ends with exit code 0 when it is asked to (SIGTERM, SIGINT), 2 when its settings can't be
 * used, and 1 when the cluster can't be reached, when its controllers can't start, or when another replica has taken the
 * lead; Kubernetes then starts it again.
 */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /** What the reconcilers are made of: the settings, the cluster and the place for their numbers. */
    record Parts(OperatorConfig config, KubernetesClient client, PrometheusMeterRegistry metrics) {}

    public static void main(String[] arguments) {
        run(System.getenv(), Main::reconcilers);
    }

    /** The place where the parts are wired: every reconciler of the product, made from the settings. */
    private static List<Reconciler<?>> reconcilers(Parts parts) {
        return List.of();
    }

    /** Runs until the process ends; what {@link #main} does with other reconcilers than the product's. */
    static void run(Map<String, String> environment, Function<Parts, List<Reconciler<?>>> reconcilers) {
        ExitCode exit = new ExitCode();
        log(new OperatorConfig.Log(LogFormat.TEXT, Level.INFO));
        try {
            OperatorConfig config = OperatorConfig.from(environment);
            log(config.log());
            start(config, reconcilers, exit);
        } catch (InvalidConfigurationException e) {
            LOG.error("{}", e.getMessage());
            exit.with(ExitCode.BAD_SETTINGS);
        } catch (OperatorException | IOException e) {
            LOG.error("The operator can't start. {}", told(e));
            exit.with(ExitCode.FAILED);
        }
    }

    private static void start(OperatorConfig config, Function<Parts, List<Reconciler<?>>> reconcilers, ExitCode exit)
            throws IOException {
        KubernetesClient client = new KubernetesClientBuilder().build();
        LOG.info("Kubernetes {} at {}", version(client), client.getMasterUrl());
        PrometheusMeterRegistry metrics = processMetrics();
        exit.closeFirst(OperatorProcess.start(
                config, client, metrics, reconcilers.apply(new Parts(config, client, metrics)), () -> {
                    LOG.error("This replica has lost the lead: it ends, to be started again");
                    ExitCode.now(ExitCode.FAILED);
                }));
        LOG.info("Ready");
    }

    /** Also the question whether the API server can be reached at all. */
    private static String version(KubernetesClient client) throws IOException {
        try {
            return client.getKubernetesVersion().getGitVersion();
        } catch (KubernetesClientException e) {
            throw new IOException(
                    "The Kubernetes API at " + client.getMasterUrl()
                            + " can't be used; KUBECONFIG or the pod's service account tells where it is",
                    e);
        }
    }

    private static PrometheusMeterRegistry processMetrics() {
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Stream.of(
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new JvmGcMetrics(),
                        new ProcessorMetrics(),
                        new UptimeMetrics(),
                        new FileDescriptorMetrics())
                .forEach(each -> each.bindTo(metrics));
        return metrics;
    }

    private static void log(OperatorConfig.Log log) {
        Logging.configure(
                (LoggerContext) LoggerFactory.getILoggerFactory(), log, new FileOutputStream(FileDescriptor.out));
    }

    /** What an exception and its causes say, without repetitions. */
    private static String told(Throwable thrown) {
        Set<String> told = new LinkedHashSet<>();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            told.add(Objects.requireNonNullElse(
                    each.getMessage(), each.getClass().getSimpleName()));
        }
        return String.join(": ", told);
    }
}
