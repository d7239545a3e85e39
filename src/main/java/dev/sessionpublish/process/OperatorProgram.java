package dev.sessionpublish.process;

import ch.qos.logback.classic.LoggerContext;
import dev.sessionpublish.config.EnvironmentEncoding;
import dev.sessionpublish.config.InvalidConfigurationException;
import dev.sessionpublish.config.LogFormat;
import dev.sessionpublish.config.OperatorConfig;
import dev.sessionpublish.config.Settings;
import dev.sessionpublish.lifecycle.Shutdown;
import dev.sessionpublish.telemetry.Traces;
import dev.sessionpublish.telemetry.Tracing;
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
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Runs the operator until the process is stopped. The exit code is 0 after SIGTERM or SIGINT, 2 if a setting is
 * invalid, and 1 if the cluster is unreachable, a controller fails to start, or another replica has become the leader.
 * Kubernetes then restarts the process.
 */
public final class OperatorProgram {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorProgram.class);

    private OperatorProgram() {}

    /** The resource kinds that the operator reconciles. */
    @FunctionalInterface
    public interface Kinds {
        /**
         * Registers a reconciler for each kind.
         *
         * @throws UncheckedIOException if a file that a setting names is invalid
         */
        void register(OperatorParts parts, Consumer<Reconciler<?>> reconcilers);

        default List<Reconciler<?>> reconcilers(OperatorParts parts) {
            List<Reconciler<?>> reconcilers = new ArrayList<>();
            register(parts, reconcilers::add);
            return List.copyOf(reconcilers);
        }
    }

    /** @param arguments of the command line; with any, the operator doesn't start */
    public static void run(String[] arguments, Map<String, String> environment, Kinds kinds) {
        CommandLine.answer(arguments).ifPresent(CommandLine::exit);
        ExitCode exit = new ExitCode();
        log(new OperatorConfig.Log(LogFormat.TEXT, Level.INFO));
        try {
            EnvironmentEncoding.check(environment, localeEncoding());
            OperatorConfig config = OperatorConfig.from(environment);
            log(config.log());
            ClusterAccess.ofThisProcess().check(environment);
            start(config, traces(environment), kinds, exit);
        } catch (InvalidConfigurationException e) {
            report(String.valueOf(e.getMessage()));
            exit.with(ExitCode.BAD_SETTINGS);
        } catch (OperatorException | IOException e) {
            report("The operator failed to start. " + StartFailure.explain(e));
            exit.with(ExitCode.FAILED);
        }
    }

    /** Says why the process ends, in the log and in the pod's status. */
    private static void report(String sentence) {
        LOG.error("{}", sentence);
        TerminationMessage.write(TerminationMessage.FILE, sentence);
    }

    /** With which the JVM decodes the environment and file names. */
    private static Charset localeEncoding() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "US-ASCII"));
    }

    private static Traces traces(Map<String, String> environment) throws InvalidConfigurationException {
        try {
            return Tracing.start(environment);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(List.of(String.valueOf(e.getMessage())));
        }
    }

    private static void start(OperatorConfig config, Traces traces, Kinds kinds, ExitCode exit) throws IOException {
        KubernetesClient client = client();
        LOG.info(
                "Session Publish Operator {}; connecting to the Kubernetes API at {}",
                CommandLine.version(),
                client.getMasterUrl());
        LOG.info("Kubernetes {} at {}", version(client), client.getMasterUrl());
        if (!config.publishingEnabled()) {
            LOG.warn(
                    "Publishing is disabled: publishes are only validated, because {} is false",
                    Settings.PUBLISHING_ENABLED.variable());
        }
        config.shardSelector()
                .ifPresent(selector ->
                        LOG.info("This operator is a shard for publishes and projects with the labels {}", selector));
        PrometheusMeterRegistry metrics = processMetrics();
        OperatorParts parts = new OperatorParts(
                config, client, metrics, traces, Clock.systemUTC(), new Shutdown(), replica(System.getenv()));
        OperatorProcess process = OperatorProcess.start(parts, reconcilers(kinds, parts), () -> {
            report("Another replica has become the leader; this replica exits and restarts");
            ExitCode.now(ExitCode.FAILED);
        });
        exit.closeFirst(() -> {
            process.close();
            traces.close();
        });
        LOG.info("Ready");
    }

    /** The pod's name, which Kubernetes gives the container as its host name. */
    private static String replica(Map<String, String> environment) {
        String name = environment.getOrDefault("HOSTNAME", "");
        return name.isBlank() ? "operator-" + UUID.randomUUID() : name;
    }

    private static List<Reconciler<?>> reconcilers(Kinds kinds, OperatorParts parts) throws IOException {
        try {
            return kinds.reconcilers(parts);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Fails if a file that the kubeconfig names can't be read, such as a certificate. */
    private static KubernetesClient client() throws IOException {
        try {
            return new KubernetesClientBuilder()
                    .withKubernetesSerialization(WithoutManagedFields.serialization())
                    .build();
        } catch (KubernetesClientException e) {
            throw new IOException(
                    "The access to the cluster that KUBECONFIG or the pod's service account describes can't be used;"
                            + " check the files that it names",
                    e);
        }
    }

    /** The API server's version. Fails if the API server is unreachable. */
    private static String version(KubernetesClient client) throws IOException {
        try {
            return client.getKubernetesVersion().getGitVersion();
        } catch (KubernetesClientException e) {
            throw new IOException(
                    "The Kubernetes API at " + client.getMasterUrl()
                            + " is unreachable (check KUBECONFIG or the pod's service account)",
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
}
