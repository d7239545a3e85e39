package dev.sessionpublish.process;

import dev.sessionpublish.config.OperatorConfig;
import dev.sessionpublish.lifecycle.TrimmedCacheReconciler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running operator: its controllers, its HTTP endpoints and its shutdown. With leader election, a replica is ready
 * once its caches are filled, but reconciles only while it is the leader.
 */
public final class OperatorProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);
    private static final long LIST_LIMIT = 500;
    private static final double RETRY_MULTIPLIER = 2;
    /** How long the framework's tasks may take to finish after the last reconcile. */
    private static final Duration TASKS_TIMEOUT = Duration.ofSeconds(1);

    private enum ProcessState {
        STARTING("Starting: waiting until the caches are filled with the objects that the operator watches."
                + " If this lasts, the operator's log has the requests that the API server refuses."),
        RUNNING(null),
        STOPPING("Stopping: waiting until the publishes that are being sent have ended.");

        private final @Nullable String unready;

        ProcessState(@Nullable String unready) {
            this.unready = unready;
        }

        /** What the process waits for before it is ready. */
        Optional<String> unready() {
            return Optional.ofNullable(unready);
        }
    }

    private final OperatorConfig config;
    private final KubernetesClient client;
    private final ReconcileThreads threads;
    private final Optional<LeaderLease> lease;
    private final Operator operator;
    private final ReconcileMetrics metrics;
    private final OperatorHttp http;
    private final Runnable leadershipLost;
    private final AtomicReference<ProcessState> state = new AtomicReference<>(ProcessState.STARTING);

    private OperatorProcess(OperatorParts parts, Runnable leadershipLost) throws IOException {
        this.config = parts.config();
        this.client = parts.client();
        this.leadershipLost = leadershipLost;
        this.threads = new ReconcileThreads(config.parallelPublishes(), parts.shutdown());
        this.metrics = new ReconcileMetrics(parts.metrics(), threads.executor());
        this.lease = config.leaderElection().enabled()
                ? Optional.of(new LeaderLease(client, config.leaderElection(), parts.replica(), this::stopLeading))
                : Optional.empty();
        this.operator = new Operator(this::configure);
        this.http = OperatorHttp.start(
                config.probePort(), config.metricsPort(), this::dead, this::unready, parts.metrics());
    }

    /**
     * Starts the controllers. Returns when their caches are filled.
     *
     * @param parts its client is closed with this process
     * @param leadershipLost called when another replica becomes the leader, but not during shutdown
     * @throws IOException if a port of the endpoints can't be bound
     * @throws io.javaoperatorsdk.operator.OperatorException if the controllers can't be started
     */
    public static OperatorProcess start(
            OperatorParts parts, List<? extends Reconciler<?>> reconcilers, Runnable leadershipLost)
            throws IOException {
        OperatorProcess process = new OperatorProcess(parts, leadershipLost);
        LOG.info(
                "Serving probes on port {} and metrics on port {}",
                process.http.probePort(),
                process.http.metricsPort());
        try {
            reconcilers.forEach(process::register);
            process.operator.start();
        } catch (RuntimeException e) {
            process.http.close();
            throw e;
        }
        process.state.compareAndSet(ProcessState.STARTING, ProcessState.RUNNING);
        return process;
    }

    public int probePort() {
        return http.probePort();
    }

    public int metricsPort() {
        return http.metricsPort();
    }

    /**
     * Becomes unready, starts no further reconciles, abandons those that have not begun to send, and waits for the others
     * up to the grace period. Meanwhile it keeps the leadership and serves probes and metrics. Then closes everything, and
     * releases the leadership unless something is still being sent.
     */
    @Override
    public void close() {
        if (state.getAndSet(ProcessState.STOPPING) != ProcessState.STOPPING) {
            LOG.info("Stopping; publishes that are being sent have {} to finish", config.shutdownGrace());
            boolean drained = threads.drain(config.shutdownGrace());
            operator.stop();
            if (drained) {
                lease.ifPresent(LeaderLease::release);
            }
            client.close();
            http.close();
            LOG.info("Stopped");
        }
    }

    private Optional<String> unready() {
        return state.get().unready();
    }

    private Optional<String> dead() {
        return state.get() != ProcessState.RUNNING || operator.getRuntimeInfo().allEventSourcesAreHealthy()
                ? Optional.empty()
                : Optional.of(
                        "A watch on the API server has ended and could not be restarted. The operator's log has why.");
    }

    /**
     * Uses the trimmed cache unless several namespaces are watched: each namespace has its own watch, and they would
     * share one store.
     */
    private <R extends HasMetadata> void register(Reconciler<R> reconciler) {
        operator.register(reconciler, settings -> {
            configure(settings);
            if (reconciler instanceof TrimmedCacheReconciler<R> trimmed
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
                .withReconciliationTerminationTimeout(TASKS_TIMEOUT)
                .withUseSSAToPatchPrimaryResource(true)
                .withStopOnInformerErrorDuringStartup(true);
        lease.map(LeaderLease::configuration).ifPresent(settings::withLeaderElectionConfiguration);
    }

    private void stopLeading() {
        if (state.get() != ProcessState.STOPPING) {
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
