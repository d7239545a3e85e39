package dev.sessionpublish.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.event.Level;

/** The declaration of every setting, in the order of docs/settings.md, which is made from it. */
public final class Settings {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);

    public static final Setting<Boolean> PUBLISHING_ENABLED = new Setting<>(
            "PUBLISHING_ENABLED",
            "true",
            SettingForm.flag(),
            "false: every publish is validated as far as the push and ends as publishing-disabled; nothing is pushed,"
                    + " and no pull request opened. They go on when the operator starts with true.");
    static final Setting<Set<String>> NAMESPACES = new Setting<>(
            "NAMESPACES",
            "",
            SettingForm.namespaces(),
            "The namespaces whose resources are watched. Without it: all namespaces.");
    static final Setting<Optional<String>> SHARD_SELECTOR = new Setting<>(
            "SHARD_SELECTOR",
            "",
            SettingForm.labelSelector("sessionpublish.dev/shard=a"),
            "The publishes that this operator works on, and the projects that it looks after, where several share the work:"
                    + " docs/sharding.md. Without it: all of them.");
    static final Setting<Map<String, String>> POD_SELECTOR = new Setting<>(
            "POD_SELECTOR",
            "sessionpublish.dev/sandbox=true",
            SettingForm.labels("sessionpublish.dev/sandbox=true,team=web"),
            "Labels that a plain pod must carry, all of them, before anything is executed in it.");
    static final Setting<String> WORKSPACE_ROOT = new Setting<>(
            "WORKSPACE_ROOT",
            "/workspace",
            SettingForm.containerPath("/workspace"),
            "The directory of a sandbox that every published checkout must lie in, after symbolic links are resolved.");
    static final Setting<String> WORKSPACE_DIRECTORY = new Setting<>(
            "WORKSPACE_DIRECTORY",
            "/workspace/repo",
            SettingForm.containerPath("/workspace/repo"),
            "Where the checkout is, unless a publish names its own directory. The root above, or below it.");
    static final Setting<Optional<Path>> FORGES = new Setting<>(
            "FORGES",
            "",
            SettingForm.file("/etc/session-publish/forges.yaml"),
            "A YAML file of the hosts that may be talked to, with kind, API URL and CA bundle. Without it: github.com alone.");
    static final Setting<Duration> EXEC_TIMEOUT = new Setting<>(
            "EXEC_TIMEOUT",
            "PT30M",
            SettingForm.duration(SECOND, DAY, "PT30M"),
            "The longest that one exec in a sandbox may take, the sending of the pack included.");
    static final Setting<Duration> FORGE_TIMEOUT = new Setting<>(
            "FORGE_TIMEOUT",
            "PT30S",
            SettingForm.duration(SECOND, Duration.ofHours(1), "PT30S"),
            "The longest that a forge may be silent, while connecting and between two pieces of an answer. Over a pack that it has received whole it may be silent for 10 minutes, if that is more.");
    static final Setting<DataSize> MAX_PACK = new Setting<>(
            "MAX_PACK",
            "2GiB",
            SettingForm.size(new DataSize(1024), "512MiB"),
            "The largest pack that is relayed to a forge. A larger one ends the publish with the reason pack-too-large.");
    static final Setting<Integer> PARALLEL_PUBLISHES = new Setting<>(
            "PARALLEL_PUBLISHES",
            "64",
            SettingForm.number(1, 1000, "64"),
            "How many publishes are worked on at the same time; the others wait.");
    static final Setting<Duration> PROGRESS_INTERVAL = new Setting<>(
            "PROGRESS_INTERVAL",
            "PT5S",
            SettingForm.duration(SECOND, Duration.ofHours(1), "PT10S"),
            "How often the status of a long push tells how much has been sent. A push that takes less writes nothing.");
    static final Setting<Duration> RETRY_INITIAL = new Setting<>(
            "RETRY_INITIAL",
            "PT5S",
            SettingForm.duration(SECOND, DAY, "PT5S"),
            "The delay before the first repetition of what failed for a while. It doubles with each further one.");
    static final Setting<Duration> RETRY_MAX = new Setting<>(
            "RETRY_MAX",
            "PT15M",
            SettingForm.duration(SECOND, DAY, "PT15M"),
            "The longest delay between two repetitions. They go on with it until one succeeds.");
    static final Setting<String> COMMIT_AUTHOR_NAME = new Setting<>(
            "COMMIT_AUTHOR_NAME",
            "Session Publish",
            SettingForm.identity("Session Publish"),
            "Author and committer of the commit that is made for uncommittedChanges: Commit.");
    static final Setting<String> COMMIT_AUTHOR_EMAIL = new Setting<>(
            "COMMIT_AUTHOR_EMAIL",
            "session-publish@users.noreply.invalid",
            SettingForm.identity("agents@example.com"),
            "Their address.");
    static final Setting<Integer> HTTP_PORT = new Setting<>(
            "HTTP_PORT",
            "8080",
            SettingForm.number(0, 65535, "8080"),
            "The port of /livez, /readyz and /metrics. 0: any free one, which the log tells.");
    static final Setting<Boolean> LEADER_ELECTION = new Setting<>(
            "LEADER_ELECTION",
            "false",
            SettingForm.flag(),
            "Whether several replicas agree, by a Lease, on the one that works.");
    static final Setting<Optional<String>> LEADER_ELECTION_NAMESPACE = new Setting<>(
            "LEADER_ELECTION_NAMESPACE",
            "",
            SettingForm.namespace(),
            "The namespace of that Lease. Without it: the one of the service account.");
    static final Setting<String> LEADER_ELECTION_LEASE = new Setting<>(
            "LEADER_ELECTION_LEASE",
            "session-publish-operator",
            SettingForm.leaseName("session-publish-operator"),
            "The name of that Lease. Operators that work at the same time, such as shards, each need their own.");
    static final Setting<Duration> SHUTDOWN_GRACE = new Setting<>(
            "SHUTDOWN_GRACE",
            "PT10M",
            SettingForm.duration(Duration.ZERO, DAY, "PT10M"),
            "How long running publishes may take to end after SIGTERM."
                    + " The pod's terminationGracePeriodSeconds should be a little more.");
    static final Setting<LogFormat> LOG_FORMAT = new Setting<>(
            "LOG_FORMAT",
            "text",
            SettingForm.oneOf(LogFormat.class, "json"),
            "How log lines are written to standard output.");
    static final Setting<Level> LOG_LEVEL = new Setting<>(
            "LOG_LEVEL",
            "info",
            SettingForm.oneOf(Level.class, "debug"),
            "The least important lines that are logged."
                    + " The transports never log below info, so that no level shows a credential.");

    public static final List<Setting<?>> ALL = List.of(
            PUBLISHING_ENABLED,
            NAMESPACES,
            SHARD_SELECTOR,
            POD_SELECTOR,
            WORKSPACE_ROOT,
            WORKSPACE_DIRECTORY,
            FORGES,
            EXEC_TIMEOUT,
            FORGE_TIMEOUT,
            MAX_PACK,
            PARALLEL_PUBLISHES,
            PROGRESS_INTERVAL,
            RETRY_INITIAL,
            RETRY_MAX,
            COMMIT_AUTHOR_NAME,
            COMMIT_AUTHOR_EMAIL,
            HTTP_PORT,
            LEADER_ELECTION,
            LEADER_ELECTION_NAMESPACE,
            LEADER_ELECTION_LEASE,
            SHUTDOWN_GRACE,
            LOG_FORMAT,
            LOG_LEVEL);

    private Settings() {}
}
