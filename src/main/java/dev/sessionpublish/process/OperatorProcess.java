package dev.sessionpublish.process;

import dev.sessionpublish.config.OperatorConfig;
import dev.sessionpublish.lifecycle.TrimmedCache;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator while it runs: its controllers, its endpoints, and its orderly end. With leader election it is ready as
 * soon as it holds the objects in memory, but works on them only while it leads.
 */
public final class OperatorProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);
    private static final long LIST_LIMIT = 500;
    private static final double RETRY_MULTIPLIER = 2;
    /** For the runtime's own tasks to end, when no reconcile runs any more. */
    private static final Duration REST = Duration.ofSeconds(1);

    private enum State {
        STARTING,
        RUNNING,
        STOPPING
    }

    private final OperatorConfig config;
    private final KubernetesClient client;
    private final ReconcileThreads threads;
    private final Operator operator;
    private final ReconcileMetrics metrics;
    private final OperatorHttp http;
    private final Runnable leadershipLost;
    private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);

    private OperatorProcess(
            OperatorConfig config, KubernetesClient client, PrometheusMeterRegistry metrics, Runnable leadershipLost)
            throws IOException {
        this.config = config;
        this.client = client;
        this.leadershipLost = leadershipLost;
        this.threads = new ReconcileThreads(config.parallelPublishes());
        this.metrics = new ReconcileMetrics(metrics, threads.executor());
        this.operator = new Operator(this::configure);
        try {
            this.http = OperatorHttp.start(config.httpPort(), this::isAlive, this::isReady, metrics);
        } catch (BindException e) {
            throw new IOException("Probes and metrics can't be served on port " + config.httpPort(), e);
        }
    }

    /**
     * Starts the controllers; returns when they hold the objects they watch.
     *
     * @param client closed with this process
     * @param leadershipLost called when another replica leads from now on, never while this one stops
     * @throws IOException when the port of the endpoints can't be listened on
     * @throws io.javaoperatorsdk.operator.OperatorException when the controllers can't be started
     */
    public static OperatorProcess start(
            OperatorConfig config,
            KubernetesClient client,
            PrometheusMeterRegistry metrics,
            List<? extends Reconciler<?>> reconcilers,
            Runnable leadershipLost)
            throws IOException {
        OperatorProcess process = new OperatorProcess(config, client, metrics, leadershipLost);
        LOG.info("Probes and metrics are served on port {}", process.http.port());
        try {
            reconcilers.forEach(process::register);
            process.operator.start();
        } catch (RuntimeException e) {
            process.http.close();
            throw e;
        }
        process.state.compareAndSet(State.STARTING, State.RUNNING);
        return process;
    }

    public int httpPort() {
        return http.port();
    }

    /**
     * Fails readiness, starts nothing more, waits for what runs as long as the settings say, leading until then, and
     * closes all.
     */
    @Override
    public void close() {
        if (state.getAndSet(State.STOPPING) != State.STOPPING) {
            LOG.info("Stopping: running publishes have {} to end", config.shutdownGrace());
            threads.drain(config.shutdownGrace());
            operator.stop();
            client.close();
            http.close();
            LOG.info("Stopped");
        }
    }

    private boolean isReady() {
        return state.get() == State.RUNNING;
    }

    private boolean isAlive() {
        return state.get() != State.RUNNING || operator.getRuntimeInfo().allEventSourcesAreHealthy();
    }

    /** With several namespaces there are several watches of a kind, which would share one store: then all is kept. */
    private <R extends HasMetadata> void register(Reconciler<R> reconciler) {
        operator.register(reconciler, settings -> {
            configure(settings);
            if (reconciler instanceof TrimmedCache<R> trimmed
                    && config.namespaces().size() <= 1) {
                settings.withItemStore(trimmed.store());
            }
        });
    }

    private void configure(ConfigurationServiceOverrider settings) {
        settings.withKubernetesClient(client)
                .withMetrics(metrics)
                .withCloseClientOnStop(false)
                .checkingCRDAndValidateLocalModel(false)
                .withExecutorService(threads.executor())
                .withReconciliationTerminationTimeout(REST)
                .withUseSSAToPatchPrimaryResource(true)
                .withStopOnInformerErrorDuringStartup(true);
        if (config.leaderElection().enabled()) {
            settings.withLeaderElectionConfiguration(leaderElection());
        }
    }

    private io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration leaderElection() {
        var election = LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(
                        config.leaderElection().lease())
                .withExitOnStopLeading(false)
                .withLeaderCallbacks(new LeaderCallbacks(
                        () -> LOG.info("This replica leads"),
                        this::stopLeading,
                        leader -> LOG.info("Replica {} leads", leader)));
        config.leaderElection().namespace().ifPresent(election::withLeaseNamespace);
        return election.build();
    }

    private void stopLeading() {
        if (state.get() != State.STOPPING) {
            leadershipLost.run();
        }
    }

    private void configure(ControllerConfigurationOverrider<?> settings) {
        if (config.namespaces().isEmpty()) {
            settings.watchingAllNamespaces();
        } else {
            settings.settingNamespaces(config.namespaces());
        }
        config.shardSelector().ifPresent(settings::withLabelSelector);
        settings.withInformerListLimit(LIST_LIMIT)
                .withRetry(new GenericRetry()
                        .withoutMaxAttempts()
                        .setInitialInterval(config.retry().initial())
                        .setIntervalMultiplier(RETRY_MULTIPLIER)
                        .setMaxInterval(config.retry().max().toMillis()));
    }
}
