package dev.sessionpublish.process;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * The HTTP endpoints for the kubelet and Prometheus, in plain HTTP on all addresses. {@code /livez} and {@code /readyz}
 * return 200 or 503. {@code /metrics} returns Prometheus' text format 0.0.4. Methods other than GET and HEAD return
 * 405, other paths 404. Responses contain no data of objects or credentials.
 */
public final class OperatorHttp implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int BACKLOG = 16;
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "http");
        thread.setDaemon(true);
        return thread;
    });
    private final BooleanSupplier alive;
    private final BooleanSupplier ready;
    private final PrometheusMeterRegistry metrics;

    private OperatorHttp(
            HttpServer server, BooleanSupplier alive, BooleanSupplier ready, PrometheusMeterRegistry metrics) {
        this.server = server;
        this.alive = alive;
        this.ready = ready;
        this.metrics = metrics;
    }

    /**
     * @param port 0 for any free port
     * @throws IOException if the port can't be bound
     */
    public static OperatorHttp start(
            int port, BooleanSupplier alive, BooleanSupplier ready, PrometheusMeterRegistry metrics)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(port), BACKLOG);
        OperatorHttp http = new OperatorHttp(server, alive, ready, metrics);
        server.createContext("/", http::handle);
        server.setExecutor(http.threads);
        server.start();
        return http;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/livez" -> probe(exchange, alive);
                case "/readyz" -> probe(exchange, ready);
                case "/metrics" -> {
                    if (isRead(exchange)) {
                        answer(exchange, 200, METRICS, metrics.scrape());
                    }
                }
                default -> answer(exchange, 404, PLAIN, "Not found. The paths are /livez, /readyz and /metrics.\n");
            }
        }
    }

    private static void probe(HttpExchange exchange, BooleanSupplier good) throws IOException {
        if (isRead(exchange)) {
            boolean ok = good.getAsBoolean();
            answer(exchange, ok ? 200 : 503, PLAIN, ok ? "ok\n" : "not ok\n");
        }
    }

    private static boolean isRead(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (method.equals("GET") || method.equals("HEAD")) {
            return true;
        }
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        answer(exchange, 405, PLAIN, "Method not allowed. Use GET or HEAD.\n");
        return false;
    }

    private static void answer(HttpExchange exchange, int code, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(code, -1);
        } else {
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
