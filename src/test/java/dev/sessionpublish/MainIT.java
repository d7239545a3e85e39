package dev.sessionpublish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.embedded.EmbeddedCluster;
import dev.sessionpublish.process.OperatorHttp;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class MainIT {
    private static final Pattern PORT = Pattern.compile("probes on port (\\d+)");

    @TempDir
    private Path directory;

    @AutoClose
    private EmbeddedCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = EmbeddedCluster.in(directory.resolve("cluster")).start();
    }

    @Test
    void sigtermLetsARunningReconcileEndAndThenExitsWithZero() throws Exception {
        try (PackagedOperator operator =
                PackagedOperator.launch(log(), environment(cluster.kubeconfig()), BlockingOperator.class)) {
            int port = Integer.parseInt(operator.awaitLine(PORT).group(1));
            operator.awaitLine(Pattern.compile("(?m)Ready$"));
            assertThat(operator.log())
                    .as("a start has nothing to warn of, and no lines of the framework about itself")
                    .doesNotContain("WARN", "Operator SDK", "Registered reconciler", "ConfigurationService");
            assertThat(status(port, "/readyz")).isEqualTo(200);
            assertThat(status(port, "/livez")).isEqualTo(200);
            cluster.applyYaml("""
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {namespace: team, name: one}
                    """);
            operator.awaitLine(Pattern.compile("begins one"));

            operator.terminate();
            await().atMost(Duration.ofSeconds(20)).until(() -> status(port, "/readyz") == 503);
            assertThat(body(port, "/readyz")).startsWith("Stopping: waiting until the publishes");
            assertThat(status(port, "/livez")).isEqualTo(200);
            assertThat(operator.isAlive()).isTrue();
            operator.write("\n");

            operator.awaitLine(Pattern.compile("(?s)ends one.*Stopped$"));
            assertThat(operator.awaitExit()).isZero();
        }
    }

    @Test
    void aLeaderThatStopsReleasesTheLeaseToTheNextOne() throws Exception {
        Map<String, String> settings = environment(cluster.kubeconfig());
        settings.putAll(Map.of(
                "SESSION_PUBLISH_LEADER_ELECTION", "true",
                "SESSION_PUBLISH_LEADER_ELECTION_NAMESPACE", "team",
                "HOSTNAME", "operator-a"));
        Pattern leads = Pattern.compile("This replica is the leader");
        try (PackagedOperator first = PackagedOperator.launch(log(), settings, BlockingOperator.class)) {
            first.awaitLine(leads);
            assertThat(holder()).contains("operator-a");

            first.terminate();

            assertThat(first.awaitExit()).as("%s", first.log()).isZero();
            assertThat(first.log()).containsSubsequence("Stopping", "Released the Lease", "Stopped");
            assertThat(holder()).isEmpty();
        }
    }

    @Test
    void settingsThatCanNotBeUsedEndItWithTwoAndOneMessage() throws Exception {
        Map<String, String> settings = environment(cluster.kubeconfig());
        settings.put("SESSION_PUBLISH_LOG_LEVEL", "loud");
        settings.put("SESSION_PUBLISH_RETRIES", "5");

        assertThat(logOfOneThatEndsWith(2, settings))
                .containsOnlyOnce("ERROR")
                .contains(
                        "SESSION_PUBLISH_LOG_LEVEL=loud: expected one of", "SESSION_PUBLISH_RETRIES: unknown setting");
    }

    /** In the locale C, the JVM reads ASCII alone. */
    @Test
    void settingsThatTheLocaleCanNotCarryEndItWithTwo() throws Exception {
        Map<String, String> settings = environment(cluster.kubeconfig());
        settings.put("LC_ALL", "C");
        // What the test's own locale can't pass on, the operator's gets as other bytes that aren't ASCII, or as "?".
        settings.put("SESSION_PUBLISH_COMMIT_AUTHOR_NAME", "Añadir");

        assertThat(logOfOneThatEndsWith(2, settings))
                .contains("SESSION_PUBLISH_COMMIT_AUTHOR_NAME=A", ": the locale's encoding is US-ASCII")
                .contains("set LC_ALL to C.UTF-8");
    }

    @Test
    void tracesThatCanNotBeSentAsAskedEndItWithTwo() throws Exception {
        Map<String, String> settings = environment(cluster.kubeconfig());
        settings.put("OTEL_TRACES_EXPORTER", "zipkin");

        assertThat(logOfOneThatEndsWith(2, settings)).contains("OTEL_TRACES_EXPORTER: zipkin");
    }

    @Test
    void aClusterThatCanNotBeReachedEndsItWithOneAndASentence() throws Exception {
        Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "http://localhost:1/"}}]
                users: [{name: u, user: {}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """);

        assertThat(logOfOneThatEndsWith(1, environment(kubeconfig)))
                .contains("The operator failed to start. The Kubernetes API at http://localhost:1/ is unreachable")
                .contains("Connection refused");
    }

    @Test
    void aKubeconfigThatDoesNotExistEndsItWithTwoAndItsName() throws Exception {
        Path absent = directory.resolve("nope");

        assertThat(logOfOneThatEndsWith(2, environment(absent)))
                .contains("KUBECONFIG=" + absent + ": no such file")
                .doesNotContain("Connecting");
    }

    @Test
    void aFileThatTheKubeconfigNamesAndThatDoesNotExistEndsItWithOneAndItsName() throws Exception {
        Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "https://localhost:1/", certificate-authority: /nope.crt}}]
                users: [{name: u, user: {}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """);

        assertThat(logOfOneThatEndsWith(1, environment(kubeconfig)))
                .contains("KUBECONFIG", "check the files that it names", "/nope.crt");
    }

    @ParameterizedTest
    @CsvSource({"--help, 0, Usage: java -jar", "--namespaces=team, 2, Unknown arguments: --namespaces=team"})
    void anArgumentIsAnsweredAndStartsNoOperator(String argument, int exit, String answer) throws Exception {
        try (PackagedOperator operator = PackagedOperator.launch(log(), argument)) {
            assertThat(operator.awaitExit()).isEqualTo(exit);
            assertThat(operator.log()).contains(answer).doesNotContain("OperatorProgram", "WARN", "ERROR");
        }
    }

    @Test
    void aPortThatIsTakenEndsItWithOne() throws Exception {
        try (OperatorHttp taken = OperatorHttp.start(
                0, 0, Optional::empty, Optional::empty, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))) {
            Map<String, String> settings = environment(cluster.kubeconfig());
            settings.put("SESSION_PUBLISH_PROBE_PORT", "" + taken.metricsPort());

            assertThat(logOfOneThatEndsWith(1, settings))
                    .contains("Port " + taken.metricsPort()
                            + " for probes can't be bound (set SESSION_PUBLISH_PROBE_PORT to another port)");
        }
    }

    private Optional<String> holder() {
        return Optional.ofNullable(cluster.client()
                .leases()
                .inNamespace("team")
                .withName("session-publish-operator")
                .get()
                .getSpec()
                .getHolderIdentity());
    }

    /** The log, without a stack trace, of an operator that ends by itself. */
    private String logOfOneThatEndsWith(int exit, Map<String, String> environment) throws Exception {
        try (PackagedOperator operator = PackagedOperator.launch(log(), environment)) {
            assertThat(operator.awaitExit()).isEqualTo(exit);
            assertThat(operator.log()).doesNotContain("\tat ");
            return operator.log();
        }
    }

    private Path log() {
        return directory.resolve("operator.log");
    }

    private static Map<String, String> environment(Path kubeconfig) {
        return new HashMap<>(Map.of(
                "KUBECONFIG",
                kubeconfig.toString(),
                "SESSION_PUBLISH_PROBE_PORT",
                "0",
                "SESSION_PUBLISH_METRICS_PORT",
                "0"));
    }

    private static int status(int port, String path) throws Exception {
        return ask(port, path).statusCode();
    }

    private static String body(int port, String path) throws Exception {
        return ask(port, path).body();
    }

    private static HttpResponse<String> ask(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }
}
