package dev.sessionpublish.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.event.Level;

/** The declarations of all settings, in the order of docs/settings.md, which is generated from them. */
public final class Settings {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);

    public static final Setting<Boolean> PUBLISHING_ENABLED = new Setting<>(
            "PUBLISHING_ENABLED",
            "true",
            SettingForm.flag(),
            "Whether the operator pushes. If false, every publish is validated up to the push and ends with the reason"
                    + " publishing-disabled. These publishes continue once the operator restarts with true.");
    static final Setting<Set<String>> NAMESPACES = new Setting<>(
            "NAMESPACES", "", SettingForm.namespaces(), "The watched namespaces. If unset, all namespaces.");
    static final Setting<Optional<String>> SHARD_SELECTOR = new Setting<>(
            "SHARD_SELECTOR",
            "",
            SettingForm.labelSelector("sessionpublish.dev/shard=a"),
            "The label selector of the publishes and projects that this operator reconciles, if several operators share"
                    + " the work; see docs/sharding.md. If unset, all.");
    static final Setting<Map<String, String>> POD_SELECTOR = new Setting<>(
            "POD_SELECTOR",
            "sessionpublish.dev/sandbox=true",
            SettingForm.labels("sessionpublish.dev/sandbox=true,team=web"),
            "The labels that a pod named in source.podName must have, all of them. Pods of a Sandbox need none.");
    static final Setting<String> WORKSPACE_ROOT = new Setting<>(
            "WORKSPACE_ROOT",
            "/workspace",
            SettingForm.containerPath("/workspace"),
            "The directory in a sandbox that every published checkout must be in, with symbolic links resolved.");
    static final Setting<String> WORKSPACE_DIRECTORY = new Setting<>(
            "WORKSPACE_DIRECTORY",
            "/workspace/repo",
            SettingForm.containerPath("/workspace/repo"),
            "The default directory of the checkout. It must be the workspace root or below it.");
    static final Setting<Optional<Path>> FORGES = new Setting<>(
            "FORGES",
            "",
            SettingForm.file("/etc/session-publish/forges.yaml"),
            "A YAML file with the allowed forge hosts, their kinds, API URLs and CA bundles. If unset, only github.com. A"
                    + " changed CA bundle is in use without a restart; a changed list needs one.");
    static final Setting<Duration> CHECKOUT_TIMEOUT = new Setting<>(
            "CHECKOUT_TIMEOUT",
            "PT2M",
            SettingForm.duration(SECOND, DAY, "PT5M"),
            "The time limit for git in a sandbox to describe the checkout, with uncommittedChanges: Commit including the"
                    + " commit of the changes, and again to list the commits that prove a fast-forward. Raise it for"
                    + " large checkouts on slow disks.");
    static final Setting<Duration> SANDBOX_TIMEOUT = new Setting<>(
            "SANDBOX_TIMEOUT",
            "PT10M",
            SettingForm.duration(SECOND, DAY, "PT10M"),
            "The longest time that a sandbox may send nothing while its LFS objects and its pack are transferred."
                    + " It includes the time in which git prepares the pack.");
    static final Setting<Duration> EXEC_TIMEOUT = new Setting<>(
            "EXEC_TIMEOUT",
            "PT30M",
            SettingForm.duration(SECOND, DAY, "PT30M"),
            "The time limit of one exec in a sandbox, including the transfer of the pack.");
    static final Setting<Duration> FORGE_TIMEOUT = new Setting<>(
            "FORGE_TIMEOUT",
            "PT30S",
            SettingForm.duration(SECOND, Duration.ofHours(1), "PT30S"),
            "The longest time that a forge may send nothing, while connecting and between two parts of a response."
                    + " A whole API request may take three times as long, other requests without a pack ten times."
                    + " After receiving a whole pack, it may send nothing for at least 10 minutes, and its whole response"
                    + " may take six times as long.");
    static final Setting<DataSize> MAX_PACK = new Setting<>(
            "MAX_PACK",
            "2GiB",
            SettingForm.size(new DataSize(1024), "512MiB"),
            "The size limit of a pack and the LFS objects that are uploaded with it, together. A larger publish fails with"
                    + " the reason pack-too-large.");
    static final Setting<Integer> PARALLEL_PUBLISHES = new Setting<>(
            "PARALLEL_PUBLISHES",
            "64",
            SettingForm.number(1, 1000, "64"),
            "The maximum number of publishes reconciled at the same time. The others wait.");
    static final Setting<Optional<Integer>> PARALLEL_PUBLISHES_PER_NAMESPACE = new Setting<>(
            "PARALLEL_PUBLISHES_PER_NAMESPACE",
            "",
            SettingForm.optionalNumber(1, 1000, "16"),
            "The maximum number of publishes of one namespace reconciled at the same time, so that one namespace can't"
                    + " keep the others waiting. The others of the namespace wait for their turn."
                    + " If unset, half of SESSION_PUBLISH_PARALLEL_PUBLISHES.");
    static final Setting<Duration> PROGRESS_INTERVAL = new Setting<>(
            "PROGRESS_INTERVAL",
            "PT5S",
            SettingForm.duration(SECOND, Duration.ofHours(1), "PT10S"),
            "The interval at which the status of a long push reports the number of bytes sent. Shorter pushes report none.");
    static final Setting<Duration> RETRY_INITIAL = new Setting<>(
            "RETRY_INITIAL",
            "PT5S",
            SettingForm.duration(SECOND, DAY, "PT5S"),
            "The delay before the first retry. It doubles with each further retry.");
    static final Setting<Duration> RETRY_MAX = new Setting<>(
            "RETRY_MAX",
            "PT15M",
            SettingForm.duration(SECOND, DAY, "PT15M"),
            "The longest delay between two retries. Retries continue at this interval until one succeeds.");
    static final Setting<Duration> FOLLOW_HOT = new Setting<>(
            "FOLLOW_HOT",
            "PT15S",
            SettingForm.duration(SECOND, DAY, "PT30S"),
            "How often a pull request is read while its checks run or the forge computes whether it can be merged, for at"
                    + " most an hour after its last change. It is also how soon a new one is read, and how often the"
                    + " operator looks which ones are due.");
    static final Setting<Duration> FOLLOW_WARM = new Setting<>(
            "FOLLOW_WARM",
            "PT1M",
            SettingForm.duration(SECOND, DAY, "PT2M"),
            "How often a pull request is read within an hour after its last change.");
    static final Setting<Duration> FOLLOW_COOL = new Setting<>(
            "FOLLOW_COOL",
            "PT5M",
            SettingForm.duration(SECOND, DAY, "PT10M"),
            "How often a pull request is read within a day after its last change.");
    static final Setting<Duration> FOLLOW_COLD = new Setting<>(
            "FOLLOW_COLD",
            "PT30M",
            SettingForm.duration(SECOND, DAY, "PT1H"),
            "How often any other open pull request is read, and a closed one for a day.");
    static final Setting<Duration> FOLLOW_NO_CHECKS_AFTER = new Setting<>(
            "FOLLOW_NO_CHECKS_AFTER",
            "PT1M",
            SettingForm.duration(Duration.ZERO, Duration.ofHours(1), "PT2M"),
            "How long after its last change a pull request without checks is read as if checks were running, because they"
                    + " may not have been created yet.");
    static final Setting<String> COMMIT_AUTHOR_NAME = new Setting<>(
            "COMMIT_AUTHOR_NAME",
            "Session Publish",
            SettingForm.identity("Session Publish"),
            "The name of the author and committer of commits for uncommittedChanges: Commit.");
    static final Setting<String> COMMIT_AUTHOR_EMAIL = new Setting<>(
            "COMMIT_AUTHOR_EMAIL",
            "session-publish@users.noreply.invalid",
            SettingForm.identity("agents@example.com"),
            "The email address of this author and committer.");
    public static final Setting<Integer> PROBE_PORT = new Setting<>(
            "PROBE_PORT",
            "8081",
            SettingForm.number(0, 65535, "8081"),
            "The port of /livez and /readyz. 0 selects a free port, which the log reports.");
    public static final Setting<Integer> METRICS_PORT = new Setting<>(
            "METRICS_PORT",
            "8080",
            SettingForm.number(0, 65535, "8080"),
            "The port of /metrics. It differs from that of the probes, so that requests for metrics can't stall a"
                    + " probe. 0 selects a free port, which the log reports.");
    static final Setting<Boolean> LEADER_ELECTION = new Setting<>(
            "LEADER_ELECTION",
            "false",
            SettingForm.flag(),
            "Whether replicas elect a leader with a Lease. Only the leader reconciles.");
    static final Setting<Optional<String>> LEADER_ELECTION_NAMESPACE = new Setting<>(
            "LEADER_ELECTION_NAMESPACE",
            "",
            SettingForm.namespace(),
            "The namespace of the Lease. If unset, the namespace of the service account.");
    static final Setting<String> LEADER_ELECTION_LEASE = new Setting<>(
            "LEADER_ELECTION_LEASE",
            "session-publish-operator",
            SettingForm.leaseName("session-publish-operator"),
            "The name of the Lease. Operators that run at the same time, such as shards, require different names.");
    static final Setting<Duration> SHUTDOWN_GRACE = new Setting<>(
            "SHUTDOWN_GRACE",
            "PT10M",
            SettingForm.duration(Duration.ZERO, DAY, "PT10M"),
            "How long publishes that are being sent may take to finish after SIGTERM. Others are abandoned at once and start"
                    + " again in the next process."
                    + " Set the pod's terminationGracePeriodSeconds to a slightly larger value.");
    static final Setting<LogFormat> LOG_FORMAT = new Setting<>(
            "LOG_FORMAT",
            "text",
            SettingForm.oneOf(LogFormat.class, "json"),
            "The format of log lines on standard output.");
    static final Setting<Level> LOG_LEVEL = new Setting<>(
            "LOG_LEVEL",
            "info",
            SettingForm.oneOf(Level.class, "debug"),
            "The minimum level of log lines."
                    + " HTTP clients never log below info, so that no level exposes credentials.");

    public static final List<Setting<?>> ALL = List.of(
            PUBLISHING_ENABLED,
            NAMESPACES,
            SHARD_SELECTOR,
            POD_SELECTOR,
            WORKSPACE_ROOT,
            WORKSPACE_DIRECTORY,
            FORGES,
            CHECKOUT_TIMEOUT,
            SANDBOX_TIMEOUT,
            EXEC_TIMEOUT,
            FORGE_TIMEOUT,
            MAX_PACK,
            PARALLEL_PUBLISHES,
            PARALLEL_PUBLISHES_PER_NAMESPACE,
            PROGRESS_INTERVAL,
            RETRY_INITIAL,
            RETRY_MAX,
            FOLLOW_HOT,
            FOLLOW_WARM,
            FOLLOW_COOL,
            FOLLOW_COLD,
            FOLLOW_NO_CHECKS_AFTER,
            COMMIT_AUTHOR_NAME,
            COMMIT_AUTHOR_EMAIL,
            PROBE_PORT,
            METRICS_PORT,
            LEADER_ELECTION,
            LEADER_ELECTION_NAMESPACE,
            LEADER_ELECTION_LEASE,
            SHUTDOWN_GRACE,
            LOG_FORMAT,
            LOG_LEVEL);

    private Settings() {}
}
