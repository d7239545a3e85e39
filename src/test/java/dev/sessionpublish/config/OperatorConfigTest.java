package dev.sessionpublish.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sessionpublish.config.OperatorConfig.Author;
import dev.sessionpublish.config.OperatorConfig.LeaderElection;
import dev.sessionpublish.config.OperatorConfig.Log;
import dev.sessionpublish.config.OperatorConfig.Retry;
import dev.sessionpublish.config.OperatorConfig.Timeouts;
import dev.sessionpublish.config.OperatorConfig.Workspace;
import dev.sessionpublish.http.HttpProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.slf4j.event.Level;

class OperatorConfigTest {
    static final Iterable<Setting<?>> SETTINGS = Settings.ALL;

    @Test
    void anEmptyEnvironmentGivesTheDocumentedDefaults() throws Exception {
        assertThat(OperatorConfig.from(Map.of("PATH", "/bin")))
                .isEqualTo(new OperatorConfig(
                        true,
                        Set.of(),
                        Optional.empty(),
                        new Timeouts(
                                Duration.ofMinutes(2),
                                Duration.ofMinutes(10),
                                Duration.ofMinutes(30),
                                Duration.ofSeconds(30)),
                        new Retry(Duration.ofSeconds(5), Duration.ofMinutes(15)),
                        new DataSize(2L << 30),
                        8081,
                        8080,
                        new LeaderElection(false, Optional.empty(), "session-publish-operator"),
                        new Log(LogFormat.TEXT, Level.INFO),
                        new Workspace("/workspace", "/workspace/repo", Map.of("sessionpublish.dev/sandbox", "true")),
                        Optional.empty(),
                        64,
                        32,
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(5),
                        new Author("Session Publish", "session-publish@users.noreply.invalid"),
                        new OperatorConfig.Follow(
                                Duration.ofSeconds(15),
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(30),
                                Duration.ofMinutes(1)),
                        Optional.empty()));
    }

    @Test
    void everySettingIsTakenFromItsVariable() throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("SESSION_PUBLISH_PUBLISHING_ENABLED", "false");
        environment.put("SESSION_PUBLISH_NAMESPACES", " team-a, team-b ");
        environment.put("SESSION_PUBLISH_SHARD_SELECTOR", "sessionpublish.dev/shard notin (a, b),team");
        environment.put("SESSION_PUBLISH_POD_SELECTOR", "sandbox=yes,example.com/kind=");
        environment.put("SESSION_PUBLISH_WORKSPACE_ROOT", "/w");
        environment.put("SESSION_PUBLISH_WORKSPACE_DIRECTORY", "/w");
        environment.put("SESSION_PUBLISH_FORGES", "/etc/forges.yaml");
        environment.put("SESSION_PUBLISH_CHECKOUT_TIMEOUT", "PT4M");
        environment.put("SESSION_PUBLISH_SANDBOX_TIMEOUT", "PT5M");
        environment.put("SESSION_PUBLISH_EXEC_TIMEOUT", "PT1H");
        environment.put("SESSION_PUBLISH_FORGE_TIMEOUT", "PT7S");
        environment.put("SESSION_PUBLISH_MAX_PACK", "3MiB");
        environment.put("SESSION_PUBLISH_PARALLEL_PUBLISHES", "3");
        environment.put("SESSION_PUBLISH_PARALLEL_PUBLISHES_PER_NAMESPACE", "2");
        environment.put("SESSION_PUBLISH_PROGRESS_INTERVAL", "PT8S");
        environment.put("SESSION_PUBLISH_RETRY_INITIAL", "PT2S");
        environment.put("SESSION_PUBLISH_RETRY_MAX", "PT2S");
        environment.put("SESSION_PUBLISH_FOLLOW_HOT", "PT20S");
        environment.put("SESSION_PUBLISH_FOLLOW_WARM", "PT2M");
        environment.put("SESSION_PUBLISH_FOLLOW_COOL", "PT10M");
        environment.put("SESSION_PUBLISH_FOLLOW_COLD", "PT1H");
        environment.put("SESSION_PUBLISH_FOLLOW_NO_CHECKS_AFTER", "PT3M");
        environment.put("SESSION_PUBLISH_COMMIT_AUTHOR_NAME", "Añadir Núñez");
        environment.put("SESSION_PUBLISH_COMMIT_AUTHOR_EMAIL", "a@example.com");
        environment.put("SESSION_PUBLISH_PROBE_PORT", "0");
        environment.put("SESSION_PUBLISH_METRICS_PORT", "0");
        environment.put("SESSION_PUBLISH_LEADER_ELECTION", "true");
        environment.put("SESSION_PUBLISH_LEADER_ELECTION_NAMESPACE", "operators");
        environment.put("SESSION_PUBLISH_LEADER_ELECTION_LEASE", "shard.rest");
        environment.put("SESSION_PUBLISH_SHUTDOWN_GRACE", "PT0S");
        environment.put("SESSION_PUBLISH_LOG_FORMAT", "json");
        environment.put("SESSION_PUBLISH_LOG_LEVEL", "DEBUG");
        assertThat(environment).hasSameSizeAs(Settings.ALL);

        assertThat(OperatorConfig.from(environment))
                .isEqualTo(new OperatorConfig(
                        false,
                        Set.of("team-a", "team-b"),
                        Optional.of("sessionpublish.dev/shard notin (a, b),team"),
                        new Timeouts(
                                Duration.ofMinutes(4),
                                Duration.ofMinutes(5),
                                Duration.ofHours(1),
                                Duration.ofSeconds(7)),
                        new Retry(Duration.ofSeconds(2), Duration.ofSeconds(2)),
                        new DataSize(3 << 20),
                        0,
                        0,
                        new LeaderElection(true, Optional.of("operators"), "shard.rest"),
                        new Log(LogFormat.JSON, Level.DEBUG),
                        new Workspace("/w", "/w", Map.of("sandbox", "yes", "example.com/kind", "")),
                        Optional.of(Path.of("/etc/forges.yaml")),
                        3,
                        2,
                        Duration.ZERO,
                        Duration.ofSeconds(8),
                        new Author("Añadir Núñez", "a@example.com"),
                        new OperatorConfig.Follow(
                                Duration.ofSeconds(20),
                                Duration.ofMinutes(2),
                                Duration.ofMinutes(10),
                                Duration.ofHours(1),
                                Duration.ofMinutes(3)),
                        Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "7, 3"})
    void aNamespaceGetsHalfOfAllPublishesUnlessSet(String all, int half) throws Exception {
        assertThat(OperatorConfig.from(Map.of("SESSION_PUBLISH_PARALLEL_PUBLISHES", all))
                        .parallelPublishesPerNamespace())
                .isEqualTo(half);
    }

    @Test
    void theProxyIsTheOneThatEveryProgramUses() throws Exception {
        assertThat(OperatorConfig.from(Map.of("HTTPS_PROXY", "http://proxy.example.com:3128", "NO_PROXY", "a.example"))
                        .proxy())
                .contains(new HttpProxy("proxy.example.com", 3128, "", "", List.of("a.example")));
        assertThatThrownBy(() -> OperatorConfig.from(Map.of("HTTPS_PROXY", "socks5://user:Hunter2@proxy:1080")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("HTTPS_PROXY: expected the URL of an HTTP proxy")
                .hasMessageNotContaining("Hunter2");
    }

    @ParameterizedTest
    @FieldSource("SETTINGS")
    void aBlankVariableMeansTheDefaultAndTheExampleIsValid(Setting<?> setting) throws Exception {
        assertThat(OperatorConfig.from(Map.of(setting.variable(), "  "))).isEqualTo(OperatorConfig.from(Map.of()));
        assertThat(OperatorConfig.from(Map.of(setting.variable(), setting.form().example())))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NAMESPACES                | a,,b
            NAMESPACES                | Team_A
            SHARD_SELECTOR            | a b
            SHARD_SELECTOR            | a=b,
            SHARD_SELECTOR            | a=b=c
            SHARD_SELECTOR            | !a=b
            SHARD_SELECTOR            | a in b
            SHARD_SELECTOR            | a in (b,/)
            SHARD_SELECTOR            | a in (b
            SHARD_SELECTOR            | -a
            LEADER_ELECTION_LEASE     | Shard
            POD_SELECTOR              | sandbox
            POD_SELECTOR              | a=b,
            POD_SELECTOR              | -a=b
            POD_SELECTOR              | a=b c
            WORKSPACE_ROOT            | workspace
            WORKSPACE_ROOT            | /
            WORKSPACE_ROOT            | /workspace/
            WORKSPACE_DIRECTORY       | /workspace/../etc
            WORKSPACE_DIRECTORY       | /workspaces/repo
            FORGES                    | forges.yaml
            EXEC_TIMEOUT              | 30m
            EXEC_TIMEOUT              | PT0S
            EXEC_TIMEOUT              | PT-5S
            EXEC_TIMEOUT              | PT99999999999999H
            FORGE_TIMEOUT             | 30
            MAX_PACK                  | 2GB
            MAX_PACK                  | 0KiB
            PARALLEL_PUBLISHES        | 0
            PARALLEL_PUBLISHES        | many
            PARALLEL_PUBLISHES_PER_NAMESPACE | 0
            PARALLEL_PUBLISHES_PER_NAMESPACE | 65
            PROGRESS_INTERVAL         | PT0.1S
            RETRY_INITIAL             | PT0.5S
            RETRY_MAX                 | PT4S
            COMMIT_AUTHOR_NAME        | Eve <eve@example.com>
            PROBE_PORT                | 65536
            METRICS_PORT              | -1
            METRICS_PORT              | 8081
            LEADER_ELECTION           | yes
            LEADER_ELECTION_NAMESPACE | a/b
            LEADER_ELECTION_LEASE     | a..b
            LEADER_ELECTION_LEASE     | a.b.
            SHUTDOWN_GRACE            | PT-1S
            LOG_FORMAT                | xml
            LOG_LEVEL                 | loud
            """)
    void aBadValueIsRefusedWithTheVariableTheValueAndAnExample(String name, String value) {
        assertThatThrownBy(() -> OperatorConfig.from(Map.of("SESSION_PUBLISH_" + name, value)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("SESSION_PUBLISH_" + name + "=" + value + ": expected ")
                .hasMessageContaining(", for example ");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        Throwable refusal = catchThrowable(() -> OperatorConfig.from(Map.of(
                "SESSION_PUBLISH_METRICS_PORT", "http",
                "SESSION_PUBLISH_MAX_PACK", "1\n2",
                "SESSION_PUBLISH_EXEC_TIMOUT", "PT1M")));

        assertThat(refusal).hasMessage("""
                        The operator's settings are invalid. Correct these environment variables and restart the operator:
                          SESSION_PUBLISH_MAX_PACK=1?2: expected a whole number followed by KiB, MiB or GiB, at least 1KiB, for example 512MiB
                          SESSION_PUBLISH_METRICS_PORT=http: expected a whole number from 0 to 65535, for example 8080
                          SESSION_PUBLISH_EXEC_TIMOUT: unknown setting; did you mean SESSION_PUBLISH_EXEC_TIMEOUT?""");
    }

    @Test
    void theVariablesThatKubernetesAddsForAServiceAreNoSettings() throws Exception {
        Map<String, String> links = Map.of(
                "SESSION_PUBLISH_SERVICE_HOST", "10.0.0.1",
                "SESSION_PUBLISH_SERVICE_PORT", "8080",
                "SESSION_PUBLISH_SERVICE_PORT_HTTP", "8080",
                "SESSION_PUBLISH_PORT", "tcp://10.0.0.1:8080",
                "SESSION_PUBLISH_METRICS_PORT", "tcp://10.0.0.2:8080",
                "SESSION_PUBLISH_OPERATOR_PORT", "tcp://10.0.0.1:8080",
                "SESSION_PUBLISH_OPERATOR_PORT_8080_TCP", "tcp://10.0.0.1:8080",
                "SESSION_PUBLISH_OPERATOR_PORT_8080_TCP_ADDR", "10.0.0.1");

        assertThat(OperatorConfig.from(links)).isEqualTo(OperatorConfig.from(Map.of()));
        assertThatThrownBy(() -> OperatorConfig.from(Map.of("SESSION_PUBLISH_PORT", "8080")))
                .hasMessageContaining("SESSION_PUBLISH_PORT: unknown setting");
    }
}
