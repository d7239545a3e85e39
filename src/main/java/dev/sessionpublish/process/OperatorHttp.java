package dev.sessionpublish.process;

import dev.sessionpublish.config.Setting;
import dev.sessionpublish.config.Settings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The HTTP endpoints for the kubelet and Prometheus, in plain HTTP on all addresses, each port with a thread of its own.
 * On the port of probes, {@code /livez} and {@code /readyz} return 200, or 503 and why. On the port of metrics, {@code /metrics}
 * returns Prometheus' text format 0.0.4. Methods other than GET and HEAD return 405, other paths 404. Responses contain
 * no data of objects or credentials.
 */
public final class OperatorHttp implements AutoCloseable {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final HttpPort.Limits PROBE_LIMITS = new HttpPort.Limits(64, Duration.ofSeconds(5));
    /** Fewer, because each may hold a whole scrape; longer, because a scrape may be large. */
    private static final HttpPort.Limits METRICS_LIMITS = new HttpPort.Limits(16, Duration.ofSeconds(30));

    private final HttpPort probes;
    private final HttpPort metrics;

    private OperatorHttp(HttpPort probes, HttpPort metrics) {
        this.probes = probes;
        this.metrics = metrics;
    }

    /**
     * @param probePort 0 for any free port
     * @param metricsPort 0 for any free port
     * @param dead why the process can't work any more; empty while it can
     * @param unready what the process waits for; empty when it is ready
     * @throws IOException with a message that names the setting, if a port can't be bound
     */
    public static OperatorHttp start(
            int probePort,
            int metricsPort,
            Supplier<Optional<String>> dead,
            Supplier<Optional<String>> unready,
            PrometheusMeterRegistry metrics)
            throws IOException {
        HttpPort probes = open(Settings.PROBE_PORT, probePort, PROBE_LIMITS, request -> switch (request.path()) {
            case "/livez" -> probe(dead);
            case "/readyz" -> probe(unready);
            default -> notFound("The paths of this port are /livez and /readyz.");
        });
        SharedScrape scrape = new SharedScrape(metrics::scrape, System::nanoTime);
        try {
            return new OperatorHttp(
                    probes,
                    open(
                            Settings.METRICS_PORT,
                            metricsPort,
                            METRICS_LIMITS,
                            request -> request.path().equals("/metrics")
                                    ? new HttpAnswer("200 OK", METRICS_TYPE, scrape.get())
                                    : notFound("The path of this port is /metrics.")));
        } catch (IOException e) {
            probes.close();
            throw e;
        }
    }

    public int probePort() {
        return probes.port();
    }

    public int metricsPort() {
        return metrics.port();
    }

    @Override
    public void close() {
        probes.close();
        metrics.close();
    }

    private static HttpPort open(
            Setting<Integer> setting, int port, HttpPort.Limits limits, Function<RequestLine, HttpAnswer> answers)
            throws IOException {
        String purpose = setting.equals(Settings.PROBE_PORT) ? "probes" : "metrics";
        try {
            return HttpPort.open(purpose, port, limits, answers);
        } catch (IOException e) {
            throw new IOException(
                    "Port " + port + " for " + purpose + " can't be bound (set " + setting.variable()
                            + " to another port)",
                    e);
        }
    }

    private static HttpAnswer probe(Supplier<Optional<String>> problem) {
        return problem.get()
                .map(why -> HttpAnswer.text("503 Service Unavailable", why + "\n"))
                .orElse(HttpAnswer.text("200 OK", "ok\n"));
    }

    private static HttpAnswer notFound(String sentence) {
        return HttpAnswer.text("404 Not Found", "Not found. " + sentence + "\n");
    }
}
