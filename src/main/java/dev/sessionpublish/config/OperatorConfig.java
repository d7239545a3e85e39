package dev.sessionpublish.config;

import dev.sessionpublish.http.HttpProxy;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.event.Level;

/**
 * The validated values of the {@link Settings}.
 *
 * @param publishingEnabled false to only validate publishes
 * @param namespaces the watched namespaces; empty for all
 * @param shardSelector the label selector of the publishes and projects that this operator reconciles; empty for all
 * @param maxPack the size limit of a pack
 * @param probePort the port of probes; 0 for any free port
 * @param metricsPort the port of metrics; 0 for any free port
 * @param forges the file with the allowed hosts; empty for github.com only
 * @param parallelPublishes how many objects are reconciled at the same time
 * @param parallelPublishesPerNamespace how many publishes of one namespace are reconciled at the same time
 * @param shutdownGrace how long running publishes may take to finish after SIGTERM
 * @param progressInterval the minimum time between two progress updates of a push
 * @param proxy the proxy for forges, from {@code HTTPS_PROXY} and {@code NO_PROXY}
 */
@RecordBuilder
@RecordBuilder.Options(enableGetters = false)
public record OperatorConfig(
        boolean publishingEnabled,
        Set<String> namespaces,
        Optional<String> shardSelector,
        Timeouts timeouts,
        Retry retry,
        DataSize maxPack,
        int probePort,
        int metricsPort,
        LeaderElection leaderElection,
        Log log,
        Workspace workspace,
        Optional<Path> forges,
        int parallelPublishes,
        int parallelPublishesPerNamespace,
        Duration shutdownGrace,
        Duration progressInterval,
        Author commitAuthor,
        Follow follow,
        Optional<HttpProxy> proxy) {

    /**
     * @param checkout the time limit for the description of a checkout
     * @param sandbox the longest silence of a sandbox during a transfer
     * @param exec the time limit of one exec in a sandbox
     * @param forge the longest silence of a forge
     */
    public record Timeouts(Duration checkout, Duration sandbox, Duration exec, Duration forge) {}

    /** The first and the longest delay before a retry. */
    public record Retry(Duration initial, Duration max) {}

    /**
     * @param namespace the namespace of the Lease; empty for the process's own namespace
     * @param lease the name of the Lease
     */
    public record LeaderElection(boolean enabled, Optional<String> namespace, String lease) {}

    public record Log(LogFormat format, Level level) {}

    /**
     * @param root the directory in the sandbox that every published checkout must be in
     * @param directory the default directory of the checkout; the root or below it
     * @param podSelector the labels that a plain pod must have
     */
    public record Workspace(String root, String directory, Map<String, String> podSelector) {
        /** The labels as kubectl takes a selector: {@code a=b,c=d}. */
        public String podSelectorText() {
            return podSelector.entrySet().stream()
                    .map(label -> label.getKey() + "=" + label.getValue())
                    .sorted()
                    .collect(Collectors.joining(","));
        }
    }

    /** The author of commits with uncommitted changes. */
    public record Author(String name, String email) {}

    /**
     * How often pull requests are read, from the fastest pace to the slowest.
     *
     * @param noChecksAfter how long a pull request without checks may still get some
     */
    public record Follow(Duration hot, Duration warm, Duration cool, Duration cold, Duration noChecksAfter) {}

    /** @throws InvalidConfigurationException with a message that lists every invalid variable */
    public static OperatorConfig from(Map<String, String> environment) throws InvalidConfigurationException {
        SettingsReader read = new SettingsReader(environment);
        OperatorConfig config = OperatorConfigBuilder.builder()
                .publishingEnabled(read.value(Settings.PUBLISHING_ENABLED))
                .namespaces(read.value(Settings.NAMESPACES))
                .shardSelector(read.value(Settings.SHARD_SELECTOR))
                .timeouts(new Timeouts(
                        read.value(Settings.CHECKOUT_TIMEOUT),
                        read.value(Settings.SANDBOX_TIMEOUT),
                        read.value(Settings.EXEC_TIMEOUT),
                        read.value(Settings.FORGE_TIMEOUT)))
                .retry(new Retry(read.value(Settings.RETRY_INITIAL), read.value(Settings.RETRY_MAX)))
                .maxPack(read.value(Settings.MAX_PACK))
                .probePort(read.value(Settings.PROBE_PORT))
                .metricsPort(read.value(Settings.METRICS_PORT))
                .leaderElection(new LeaderElection(
                        read.value(Settings.LEADER_ELECTION),
                        read.value(Settings.LEADER_ELECTION_NAMESPACE),
                        read.value(Settings.LEADER_ELECTION_LEASE)))
                .log(new Log(read.value(Settings.LOG_FORMAT), read.value(Settings.LOG_LEVEL)))
                .workspace(new Workspace(
                        read.value(Settings.WORKSPACE_ROOT),
                        read.value(Settings.WORKSPACE_DIRECTORY),
                        read.value(Settings.POD_SELECTOR)))
                .forges(read.value(Settings.FORGES))
                .parallelPublishes(read.value(Settings.PARALLEL_PUBLISHES))
                .parallelPublishesPerNamespace(read.value(Settings.PARALLEL_PUBLISHES_PER_NAMESPACE)
                        .orElse(Math.max(1, read.value(Settings.PARALLEL_PUBLISHES) / 2)))
                .shutdownGrace(read.value(Settings.SHUTDOWN_GRACE))
                .progressInterval(read.value(Settings.PROGRESS_INTERVAL))
                .commitAuthor(
                        new Author(read.value(Settings.COMMIT_AUTHOR_NAME), read.value(Settings.COMMIT_AUTHOR_EMAIL)))
                .follow(new Follow(
                        read.value(Settings.FOLLOW_HOT),
                        read.value(Settings.FOLLOW_WARM),
                        read.value(Settings.FOLLOW_COOL),
                        read.value(Settings.FOLLOW_COLD),
                        read.value(Settings.FOLLOW_NO_CHECKS_AFTER)))
                .proxy(read.proxy())
                .build();
        config.checkTogether(read);
        read.finish(Settings.ALL);
        return config;
    }

    private void checkTogether(SettingsReader read) {
        if (metricsPort != 0 && metricsPort == probePort) {
            read.wrong(Settings.METRICS_PORT, metricsPort, "another port than " + Settings.PROBE_PORT.variable());
        }
        requireAtLeast(read, Settings.RETRY_MAX, retry.max, Settings.RETRY_INITIAL, retry.initial);
        requireAtLeast(read, Settings.FOLLOW_WARM, follow.warm, Settings.FOLLOW_HOT, follow.hot);
        requireAtLeast(read, Settings.FOLLOW_COOL, follow.cool, Settings.FOLLOW_WARM, follow.warm);
        requireAtLeast(read, Settings.FOLLOW_COLD, follow.cold, Settings.FOLLOW_COOL, follow.cool);
        if (parallelPublishesPerNamespace > parallelPublishes) {
            read.wrong(
                    Settings.PARALLEL_PUBLISHES_PER_NAMESPACE,
                    parallelPublishesPerNamespace,
                    "at most the value of " + Settings.PARALLEL_PUBLISHES.variable() + ", which is "
                            + parallelPublishes);
        }
        if (!workspace.directory.equals(workspace.root) && !workspace.directory.startsWith(workspace.root + "/")) {
            read.wrong(
                    Settings.WORKSPACE_DIRECTORY,
                    workspace.directory,
                    "a path below " + Settings.WORKSPACE_ROOT.variable() + ", which is " + workspace.root);
        }
    }

    private static void requireAtLeast(
            SettingsReader read, Setting<Duration> setting, Duration value, Setting<Duration> other, Duration least) {
        if (value.compareTo(least) < 0) {
            read.wrong(setting, value, "at least the value of " + other.variable() + ", which is " + least);
        }
    }
}
