package dev.sessionpublish;

import ch.qos.logback.classic.LoggerContext;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.http.RequestListener;
import dev.sessionpublish.kube.LifecycleEvents;
import dev.sessionpublish.kube.WithoutManagedFields;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.project.ProjectMetrics;
import dev.sessionpublish.project.RepositoryCheck;
import dev.sessionpublish.project.SecondLooks;
import dev.sessionpublish.project.SessionProjectReconciler;
import dev.sessionpublish.publish.Backoff;
import dev.sessionpublish.publish.PublishParts;
import dev.sessionpublish.publish.PublishSettings;
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
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
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

    /** What the reconcilers are made of: the settings, the cluster, the place for their numbers and traces, and the time. */
    record Parts(
            OperatorConfig config,
            KubernetesClient client,
            PrometheusMeterRegistry metrics,
            Traces traces,
            Clock clock) {}

    public static void main(String[] arguments) {
        run(System.getenv(), Main::reconcilers);
    }

    /** The place where the parts are wired: every reconciler of the product, made from the settings. */
    static List<Reconciler<?>> reconcilers(Parts parts) {
        OperatorConfig config = parts.config();
        Clock clock = parts.clock();
        ForgeHosts hosts = config.forges().map(Main::hosts).orElse(ForgeHosts.DEFAULT);
        Forges forges = new Forges(config.timeouts().forge(), config.proxy(), listener(parts), clock);
        ProjectMetrics projectMetrics = new ProjectMetrics(parts.metrics());
        ScheduledExecutorService watchdog = watchdog();
        RepositoryCheck check = new RepositoryCheck(
                forges, projectMetrics, watchdog, config.timeouts().forge());
        SecondLooks secondLooks = new SecondLooks();
        PublishParts publishing = new PublishParts(
                parts.client(),
                selector(config.workspace().podSelector()),
                hosts,
                forges,
                check,
                secondLooks,
                new LifecycleEvents(parts.client(), instance(), clock),
                watchdog,
                config.timeouts().forge(),
                new Backoff(config.retry().initial(), config.retry().max()),
                new PublishSettings(
                        config.publishingEnabled(),
                        config.workspace().root(),
                        config.workspace().directory(),
                        config.timeouts().exec(),
                        config.maxPack().bytes(),
                        config.progressInterval(),
                        config.commitAuthor().name(),
                        config.commitAuthor().email()),
                parts.metrics(),
                projectMetrics,
                parts.traces(),
                clock,
                RandomGenerator.getDefault());
        return List.of(
                new SessionProjectReconciler(
                        parts.client(),
                        hosts,
                        check,
                        secondLooks,
                        projectMetrics,
                        clock,
                        config.retry().initial(),
                        config.retry().max()),
                publishing.reconciler());
    }

    /** Requests to forges are counted, and are spans of the publish that they are made for. */
    private static RequestListener listener(Parts parts) {
        ForgeMetrics metrics = new ForgeMetrics(parts.metrics());
        return (api, method, status, took) -> {
            metrics.ended(api, method, status, took);
            parts.traces()
                    .did(
                            method + " " + api.word(),
                            took,
                            Map.of(
                                    "session_publish.api",
                                    api.word(),
                                    "session_publish.code",
                                    ForgeMetrics.code(status)));
        };
    }

    private static ForgeHosts hosts(Path file) {
        try {
            return ForgeHosts.parse(Files.readString(file), file);
        } catch (IOException e) {
            throw new OperatorException("The forges file " + file + " can't be read", e);
        } catch (IllegalArgumentException e) {
            throw new OperatorException(e.getMessage());
        }
    }

    private static String selector(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .sorted()
                .collect(Collectors.joining(","));
    }

    /** The pod's name, which Kubernetes gives the container as its host name. */
    private static String instance() {
        return Optional.ofNullable(System.getenv("HOSTNAME"))
                .filter(name -> !name.isBlank())
                .orElse("operator");
    }

    private static ScheduledExecutorService watchdog() {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "push-watchdog");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs until the process ends; what {@link #main} does with other reconcilers than the product's. */
    static void run(Map<String, String> environment, Function<Parts, List<Reconciler<?>>> reconcilers) {
        ExitCode exit = new ExitCode();
        log(new OperatorConfig.Log(LogFormat.TEXT, Level.INFO));
        try {
            OperatorConfig config = OperatorConfig.from(environment);
            log(config.log());
            start(config, traces(environment), reconcilers, exit);
        } catch (InvalidConfigurationException e) {
            LOG.error("{}", e.getMessage());
            exit.with(ExitCode.BAD_SETTINGS);
        } catch (OperatorException | IOException e) {
            LOG.error("The operator can't start. {}", told(e));
            exit.with(ExitCode.FAILED);
        }
    }

    private static Traces traces(Map<String, String> environment) throws InvalidConfigurationException {
        try {
            return Tracing.start(environment);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(List.of(String.valueOf(e.getMessage())));
        }
    }

    private static void start(
            OperatorConfig config, Traces traces, Function<Parts, List<Reconciler<?>>> reconcilers, ExitCode exit)
            throws IOException {
        KubernetesClient client = new KubernetesClientBuilder()
                .withKubernetesSerialization(WithoutManagedFields.serialization())
                .build();
        LOG.info("Kubernetes {} at {}", version(client), client.getMasterUrl());
        if (!config.publishingEnabled()) {
            LOG.warn(
                    "Publishes are validated only, nothing is pushed: {} is false",
                    Settings.PUBLISHING_ENABLED.variable());
        }
        config.shardSelector()
                .ifPresent(selector -> LOG.info("This is a shard, of publishes and projects with {}", selector));
        PrometheusMeterRegistry metrics = processMetrics();
        List<Reconciler<?>> parts = reconcilers.apply(new Parts(config, client, metrics, traces, Clock.systemUTC()));
        OperatorProcess process = OperatorProcess.start(config, client, metrics, parts, () -> {
            LOG.error("This replica has lost the lead: it ends, to be started again");
            ExitCode.now(ExitCode.FAILED);
        });
        exit.closeFirst(() -> {
            process.close();
            traces.close();
        });
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

    /** What is known of a failure to start, in a sentence; else what the exception and its causes say, each once. */
    static String told(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof KubernetesClientException refused) {
                if (refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                    return "The cluster has no definitions of SessionPublish and SessionProject: apply those of crds/, or"
                            + " have the chart install them (crds.install).";
                }
                if (refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                    return "The operator's service account lacks a right that docs/manifests/operator.yaml grants. The API"
                            + " server says: "
                            + SafeText.line(
                                    refused.getStatus() == null
                                            ? String.valueOf(refused.getMessage())
                                            : String.valueOf(refused.getStatus().getMessage()),
                                    500);
                }
            }
        }
        Set<String> told = new LinkedHashSet<>();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            told.add(Objects.requireNonNullElse(
                    each.getMessage(), each.getClass().getSimpleName()));
        }
        return String.join(": ", told);
    }
}
