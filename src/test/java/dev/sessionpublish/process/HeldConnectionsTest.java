package dev.sessionpublish.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What anyone on the network can do to the endpoints by holding connections: nothing that a probe would notice. */
@Timeout(120)
class HeldConnectionsTest {
    private static final int HELD = 500;
    private static final int PROBES = 50;
    /** Every address of 127.0.0.0/8 is this host's. */
    private static final String KUBELET = "127.0.0.1";

    private static final String ELSEWHERE = "127.0.0.2";

    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @AutoClose
    private final HeldConnections held = new HeldConnections();

    @AutoClose
    private OperatorHttp http;

    @BeforeEach
    void start() throws IOException {
        http = OperatorHttp.start(0, 0, Optional::empty, Optional::empty, metrics);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /l", "GET /livez HTTP/1.1\r\nHost: a\r\n", "GET /livez HTTP/1.1\r\n\r\n"})
    void theProbesAreAnsweredWhileManyConnectionsAreHeldOnTheirPort(String sent) throws Exception {
        held.open(HELD, KUBELET, http.probePort(), sent);

        assertThat(answeredProbes()).isEqualTo(PROBES);
    }

    @Test
    void theProbesAreAnsweredWhileMoreAndMoreConnectionsAreHeldOnTheirPort() throws Exception {
        int answered = 0;
        for (int i = 0; i < PROBES; i++) {
            held.open(20, KUBELET, http.probePort(), "GET /l");
            answered += isAlive() ? 1 : 0;
        }

        assertThat(answered).isEqualTo(PROBES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /m", "GET /metrics HTTP/1.1\r\n\r\n"})
    void theProbesAreAnsweredWhileMetricsAreRequestedAndNotRead(String sent) throws Exception {
        IntStream.range(0, 50_000).forEach(i -> metrics.counter("many", "label", "x".repeat(100) + i)
                .increment());

        held.open(100, ELSEWHERE, http.metricsPort(), sent);

        assertThat(answeredProbes()).isEqualTo(PROBES);
        assertThat(status(http.metricsPort(), "/metrics")).isEqualTo(200);
    }

    @Test
    void ofManyHeldConnectionsFewAreKept() throws Exception {
        held.open(HELD, ELSEWHERE, http.probePort(), "GET /l");

        assertThat(isAlive()).isTrue();
        assertThat(held.kept()).isLessThanOrEqualTo(64);
        await().atMost(Duration.ofSeconds(30)).until(() -> held.kept() == 0);
    }

    @Test
    void manyConnectionsOfOneAddressDoNotCutAnotherAddressOff() throws Exception {
        try (HeldConnections kubelet = new HeldConnections()) {
            kubelet.open(1, KUBELET, http.probePort(), "GET /livez HTTP/1.1\r\n");

            held.open(HELD, ELSEWHERE, http.probePort(), "GET /l");

            assertThat(kubelet.kept()).isEqualTo(1);
        }
    }

    @Test
    void aBodyThatNobodyWantsDoesNotCostTheAnswer() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.probePort())) {
            socket.getOutputStream().write("POST /livez HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n".getBytes());
            socket.getOutputStream().write(new byte[1_000_000]);
            socket.shutdownOutput();

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
                    .contains("\r\nAllow: GET, HEAD\r\n", "\r\nConnection: close\r\n");
        }
    }

    @Test
    void whatIsNoRequestIsToldSo() throws Exception {
        assertThat(answerTo("\u0016\u0003\u0001\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(answerTo("GET /livez\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(answerTo("GET /livez HTTP/1.1\r\nA: " + "a".repeat(10_000))).startsWith("HTTP/1.1 431 ");
    }

    private String answerTo(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.probePort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private int answeredProbes() throws Exception {
        int answered = 0;
        for (int i = 0; i < PROBES; i++) {
            answered += isAlive() ? 1 : 0;
        }
        return answered;
    }

    private boolean isAlive() throws Exception {
        return status(http.probePort(), "/livez") == 200;
    }

    private static int status(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }
}
