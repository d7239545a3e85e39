package dev.sessionpublish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.process.OperatorHttp;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class MainIT {
    private static final Pattern PORT = Pattern.compile("on port (\\d+)");

    private final Map<ServerRequest, Queue<ServerResponse>> answers = new HashMap<>();
    private final KubernetesMockServer server = new KubernetesMockServer(
            new Context(), new MockWebServer(), answers, new KubernetesMixedDispatcher(answers), false);
    private final List<Process> processes = new ArrayList<>();
    private KubernetesClient client;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() {
        server.init();
        client = server.createClient();
    }

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        client.close();
        server.destroy();
    }

    @Test
    void sigtermLetsARunningReconcileEndAndThenExitsWithZero() throws Exception {
        Process operator = operator(clusterUrl(), Map.of());
        BufferedReader output = operator.inputReader();
        int port = Integer.parseInt(awaitLine(output, PORT).group(1));
        awaitLine(output, Pattern.compile("Ready$"));
        assertThat(status(port, "/readyz")).isEqualTo(200);
        assertThat(status(port, "/livez")).isEqualTo(200);
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("team")
                        .withName("one")
                        .endMetadata()
                        .build())
                .create();
        awaitLine(output, Pattern.compile("begins one"));

        operator.toHandle().destroy(); // Process.destroy would close its streams
        await().atMost(Duration.ofSeconds(20)).until(() -> status(port, "/readyz") == 503);
        assertThat(status(port, "/livez")).isEqualTo(200);
        assertThat(operator.isAlive()).isTrue();
        operator.getOutputStream().write('\n');
        operator.getOutputStream().flush();

        awaitLine(output, Pattern.compile("ends one"));
        awaitLine(output, Pattern.compile("Stopped$"));
        assertThat(operator.waitFor()).isZero();
    }

    @Test
    void settingsThatCanNotBeUsedEndItWithTwoAndOneMessage() throws Exception {
        Process operator =
                operator(clusterUrl(), Map.of("SESSION_PUBLISH_LOG_LEVEL", "loud", "SESSION_PUBLISH_RETRIES", "5"));

        String output = new String(operator.getInputStream().readAllBytes());
        assertThat(operator.waitFor()).isEqualTo(2);
        assertThat(output)
                .containsOnlyOnce("ERROR")
                .contains("SESSION_PUBLISH_LOG_LEVEL=loud: expected one of", "SESSION_PUBLISH_RETRIES: unknown setting")
                .doesNotContain("\tat ");
    }

    @Test
    void tracesThatCanNotBeSentAsAskedEndItWithTwo() throws Exception {
        Process operator = operator(clusterUrl(), Map.of("OTEL_TRACES_EXPORTER", "zipkin"));

        String output = new String(operator.getInputStream().readAllBytes());
        assertThat(operator.waitFor()).isEqualTo(2);
        assertThat(output).contains("OTEL_TRACES_EXPORTER: zipkin").doesNotContain("\tat ");
    }

    @Test
    void aClusterThatCanNotBeReachedEndsItWithOneAndASentence() throws Exception {
        Process operator = operator("http://localhost:1/", Map.of());

        String output = new String(operator.getInputStream().readAllBytes());
        assertThat(operator.waitFor()).isEqualTo(1);
        assertThat(output)
                .contains("The operator failed to start. The Kubernetes API at http://localhost:1/ is unreachable")
                .contains("Connection refused")
                .doesNotContain("\tat ");
    }

    @Test
    void aPortThatIsTakenEndsItWithOne() throws Exception {
        try (OperatorHttp taken =
                OperatorHttp.start(0, () -> true, () -> true, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))) {
            Process operator = operator(clusterUrl(), Map.of("SESSION_PUBLISH_HTTP_PORT", "" + taken.port()));

            String output = new String(operator.getInputStream().readAllBytes());
            assertThat(operator.waitFor()).isEqualTo(1);
            assertThat(output)
                    .contains("Port " + taken.port() + " for probes and metrics can't be bound")
                    .doesNotContain("\tat ");
        }
    }

    private String clusterUrl() {
        return client.getMasterUrl().toString();
    }

    private Process operator(String cluster, Map<String, String> settings) throws IOException {
        Path kubeconfig = directory.resolve("kubeconfig");
        Files.writeString(kubeconfig, """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s"}}]
                users: [{name: u, user: {}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(cluster));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        classPath,
                        BlockingOperator.class.getName())
                .redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().put("SESSION_PUBLISH_HTTP_PORT", "0");
        builder.environment().putAll(settings);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static Matcher awaitLine(BufferedReader output, Pattern wanted) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher matcher = wanted.matcher(line);
            if (matcher.find()) {
                return matcher;
            }
            seen.append(line).append('\n');
        }
        throw new AssertionError("the process ended without " + wanted + ":\n" + seen);
    }

    private static int status(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }
}
