package dev.sessionpublish.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorHttpTest {
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpClient client = HttpClient.newHttpClient();

    private volatile Optional<String> dead = Optional.empty();
    private volatile Optional<String> unready = Optional.empty();

    @AutoClose
    private OperatorHttp http;

    @BeforeEach
    void start() throws IOException {
        http = OperatorHttp.start(0, 0, () -> dead, () -> unready, metrics);
    }

    @Test
    void readinessFollowsWhatItIsTold() throws Exception {
        unready = Optional.of("Starting: waiting for the caches.");
        assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(503);
        assertThat(ask("GET", "/readyz").body()).isEqualTo("Starting: waiting for the caches.\n");
        unready = Optional.empty();
        assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void livenessFollowsWhatItIsTold() throws Exception {
        assertThat(ask("GET", "/livez").statusCode()).isEqualTo(200);
        dead = Optional.of("A watch has ended.");
        assertThat(ask("GET", "/livez").statusCode()).isEqualTo(503);
        assertThat(ask("GET", "/livez").body()).isEqualTo("A watch has ended.\n");
    }

    @Test
    void metricsAreInPrometheusText() throws Exception {
        metrics.counter("some.things").increment(3);

        HttpResponse<String> answer = ask("GET", "/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(answer.body()).contains("some_things_total 3.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/livez/", "/livez/x", "/metricsfoo", "/READYZ"})
    void anotherPathIsNotThere(String path) throws Exception {
        assertThat(ask("GET", path).statusCode()).isEqualTo(404);
    }

    @Test
    void eachPortAnswersOnlyItsOwnPaths() throws Exception {
        assertThat(ask(http.metricsPort(), "GET", "/livez").statusCode()).isEqualTo(404);
        assertThat(ask(http.probePort(), "GET", "/metrics").body())
                .isEqualTo("Not found. The paths of this port are /livez and /readyz.\n");
    }

    @Test
    void aQueryIsNoPartOfThePath() throws Exception {
        assertThat(ask("GET", "/livez?verbose").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"POST,/livez", "PUT,/readyz", "DELETE,/metrics"})
    void anotherMethodIsNotAllowed(String method, String path) throws Exception {
        HttpResponse<String> answer = ask(method, path);

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @Test
    void headAnswersAsGetDoesWithoutABody() throws Exception {
        HttpResponse<String> answer = ask("HEAD", "/livez");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("Content-Length")).contains("3");
    }

    @Test
    void aPortThatIsTakenIsAnErrorOfItsOwn() {
        assertThatThrownBy(() -> OperatorHttp.start(0, http.probePort(), () -> dead, () -> unready, metrics))
                .hasMessage("Port " + http.probePort()
                        + " for metrics can't be bound (set SESSION_PUBLISH_METRICS_PORT to another port)");
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        return ask(path.equals("/metrics") ? http.metricsPort() : http.probePort(), method, path);
    }

    private HttpResponse<String> ask(int port, String method, String path) throws Exception {
        URI uri = URI.create("http://localhost:" + port + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }
}
