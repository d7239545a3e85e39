package dev.sessionpublish.config;

import dev.sessionpublish.http.HttpProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.event.Level;

/**
 * The operator's settings, checked: what {@link Settings} declares, as values.
 *
 * @param publishingEnabled false to validate only
 * @param namespaces the ones that are watched; empty for all
 * @param shardSelector labels of the publishes that are worked on and of the projects that are looked after; empty for all
 * @param maxPack the largest pack that is relayed
 * @param httpPort where probes and metrics are served; 0 for any free one
 * @param forges the file of the hosts that may be talked to; absent for github.com alone
 * @param parallelPublishes how many objects are worked on at once
 * @param shutdownGrace how long running publishes may take to end when the process is asked to stop
 * @param progressInterval the least time between two progress notes of one push
 * @param proxy for forges, from {@code HTTPS_PROXY} and {@code NO_PROXY}
 */
public record OperatorConfig(
        boolean publishingEnabled,
        Set<String> namespaces,
        Optional<String> shardSelector,
        Timeouts timeouts,
        Retry retry,
        DataSize maxPack,
        int httpPort,
        LeaderElection leaderElection,
        Log log,
        Workspace workspace,
        Optional<Path> forges,
        int parallelPublishes,
        Duration shutdownGrace,
        Duration progressInterval,
        Author commitAuthor,
        Optional<HttpProxy> proxy) {

    /**
     * @param exec the longest that one conversation with a sandbox may take
     * @param forge the longest silence of a forge
     */
    public record Timeouts(Duration exec, Duration forge) {}

    /** The first and the longest delay before a publish is tried again. */
    public record Retry(Duration initial, Duration max) {}

    /**
     * @param namespace of the Lease; absent for the process's own
     * @param lease its name
     */
    public record LeaderElection(boolean enabled, Optional<String> namespace, String lease) {}

    public record Log(LogFormat format, Level level) {}

    /**
     * @param root what every directory that is published from must lie below, in the sandbox
     * @param directory where the checkout is unless the publish says otherwise; the root itself or below it
     * @param podSelector labels that a plain pod must carry to be published from
     */
    public record Workspace(String root, String directory, Map<String, String> podSelector) {}

    /** Who commits what was left uncommitted, where a publish asks for that. */
    public record Author(String name, String email) {}

    /** @throws InvalidConfigurationException naming every variable that can't be used */
    public static OperatorConfig from(Map<String, String> environment) throws InvalidConfigurationException {
        SettingsReader read = new SettingsReader(environment);
        OperatorConfig config = new OperatorConfig(
                read.value(Settings.PUBLISHING_ENABLED),
                read.value(Settings.NAMESPACES),
                read.value(Settings.SHARD_SELECTOR),
                new Timeouts(read.value(Settings.EXEC_TIMEOUT), read.value(Settings.FORGE_TIMEOUT)),
                new Retry(read.value(Settings.RETRY_INITIAL), read.value(Settings.RETRY_MAX)),
                read.value(Settings.MAX_PACK),
                read.value(Settings.HTTP_PORT),
                new LeaderElection(
                        read.value(Settings.LEADER_ELECTION),
                        read.value(Settings.LEADER_ELECTION_NAMESPACE),
                        read.value(Settings.LEADER_ELECTION_LEASE)),
                new Log(read.value(Settings.LOG_FORMAT), read.value(Settings.LOG_LEVEL)),
                new Workspace(
                        read.value(Settings.WORKSPACE_ROOT),
                        read.value(Settings.WORKSPACE_DIRECTORY),
                        read.value(Settings.POD_SELECTOR)),
                read.value(Settings.FORGES),
                read.value(Settings.PARALLEL_PUBLISHES),
                read.value(Settings.SHUTDOWN_GRACE),
                read.value(Settings.PROGRESS_INTERVAL),
                new Author(read.value(Settings.COMMIT_AUTHOR_NAME), read.value(Settings.COMMIT_AUTHOR_EMAIL)),
                read.proxy());
        config.checkTogether(read);
        read.finish(Settings.ALL);
        return config;
    }

    private void checkTogether(SettingsReader read) {
        if (retry.max.compareTo(retry.initial) < 0) {
            read.wrong(
                    Settings.RETRY_MAX,
                    retry.max,
                    "no less than " + Settings.RETRY_INITIAL.variable() + ", which is " + retry.initial);
        }
        if (!workspace.directory.equals(workspace.root) && !workspace.directory.startsWith(workspace.root + "/")) {
            read.wrong(
                    Settings.WORKSPACE_DIRECTORY,
                    workspace.directory,
                    "a path below " + Settings.WORKSPACE_ROOT.variable() + ", which is " + workspace.root);
        }
    }
}
