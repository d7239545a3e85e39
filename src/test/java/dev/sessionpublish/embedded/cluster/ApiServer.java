package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The HTTP face: authentication, routing, audit, faults, streams. */
final class ApiServer implements AutoCloseable {
    private static final int LIMIT = 1 << 20;
    private static final List<String> EXEC_PROTOCOLS = List.of("v5.channel.k8s.io", "v4.channel.k8s.io");

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setFileSystemOptions(
                    new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false)));
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "embedded-exec");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final Store store;
    private final ResourceTypes types;
    private final Resources resources;
    private final PodRoots roots;
    private final Audit audit;
    private final Faults faults;
    private final Discovery discovery;
    private final String token;
    private final HttpServer server;

    ApiServer(
            Store store,
            ResourceTypes types,
            Resources resources,
            PodRoots roots,
            Audit audit,
            Faults faults,
            String token,
            Path keyStore,
            String keyStorePassword) {
        this.store = store;
        this.types = types;
        this.resources = resources;
        this.roots = roots;
        this.audit = audit;
        this.faults = faults;
        this.token = token;
        this.discovery = new Discovery(types);
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PfxOptions().setPath(keyStore.toString()).setPassword(keyStorePassword))
                .setHost("127.0.0.1")
                .setPort(0)
                .setHandle100ContinueAutomatically(true)
                .setMaxInitialLineLength(LIMIT)
                .setMaxHeaderSize(LIMIT)
                .setMaxWebSocketFrameSize(LIMIT)
                .setMaxWebSocketMessageSize(4 * LIMIT)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setWebSocketSubProtocols(EXEC_PROTOCOLS);
        this.server = vertx.createHttpServer(options)
                .requestHandler(this::received)
                .exceptionHandler(any -> {})
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    int port() {
        return server.actualPort();
    }

    Set<Watch> watches() {
        return watches;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        threads.shutdownNow();
    }

    private void received(HttpServerRequest http) {
        http.exceptionHandler(any -> {});
        http.response().exceptionHandler(any -> {});
        if (http.headers().contains("Upgrade", "websocket", true)) {
            http.pause();
            handle(http, request(http, ""));
        } else {
            http.body().onSuccess(body -> handle(http, request(http, body.toString())));
        }
    }

    private static ApiRequest request(HttpServerRequest http, String body) {
        return new ApiRequest(
                http.method().name(),
                http.path(),
                Optional.ofNullable(http.query()).orElse(""),
                header(http, "User-Agent"),
                header(http, "Accept"),
                header(http, "Content-Type").replaceFirst(";.*", "").strip(),
                body);
    }

    private static String header(HttpServerRequest http, String name) {
        return Optional.ofNullable(http.getHeader(name)).orElse("");
    }

    private void handle(HttpServerRequest http, ApiRequest request) {
        Optional<Integer> tooLong = faults.tooLong(http.uri());
        if (tooLong.isPresent()) {
            audit.record(request, tooLong.get());
            http.response()
                    .setStatusCode(tooLong.get())
                    .putHeader("Content-Type", "text/html")
                    .end("<html><body><h1>" + tooLong.get() + " by a proxy</h1></body></html>");
            return;
        }
        Optional<Held> held = faults.hold(request);
        if (held.isPresent()) {
            Context context = vertx.getOrCreateContext();
            held.get().reached().thenRun(() -> context.runOnContext(any -> handleReleased(http, request)));
        } else {
            handleReleased(http, request);
        }
    }

    private void handleReleased(HttpServerRequest http, ApiRequest request) {
        Optional<Faults.Fault> fault = faults.take(request);
        fault.ifPresent(found -> found.before().run());
        Duration delay = fault.map(Faults.Fault::delay).orElse(Duration.ZERO);
        if (delay.isZero()) {
            answer(http, request, fault);
        } else {
            vertx.setTimer(delay.toMillis(), any -> answer(http, request, fault));
        }
    }

    private void answer(HttpServerRequest http, ApiRequest request, Optional<Faults.Fault> fault) {
        try {
            int code = fault.map(Faults.Fault::code).orElse(0);
            if (code != 0) {
                throw Faults.failure(code);
            }
            if (!header(http, "Authorization").equals("Bearer " + token)) {
                throw ApiException.of(401, "Unauthorized", "Unauthorized");
            }
            if (request.contentType().equals("application/vnd.kubernetes.protobuf")) {
                throw ApiException.of(415, "UnsupportedMediaType", "this server reads JSON and YAML only");
            }
            boolean lose = fault.filter(Faults.Fault::loseAnswer).isPresent();
            route(http, request, lose);
        } catch (ApiException e) {
            send(http, request, e.code(), e.status(), false);
        } catch (RuntimeException e) {
            send(
                    http,
                    request,
                    500,
                    ApiException.of(500, "InternalError", e.toString()).status(),
                    false);
        }
    }

    private void route(HttpServerRequest http, ApiRequest request, boolean lose) {
        if (request.path().matches("/(livez|readyz|healthz)(/.*)?")) {
            http.response().end("ok");
            return;
        }
        if (request.method().equals("GET")) {
            Optional<ObjectNode> found = discovery.answer(request.path());
            if (found.isPresent()) {
                send(http, request, 200, found.get(), lose);
                return;
            }
        }
        Optional<ObjectNode> review = Reviews.answer(request);
        if (review.isPresent()) {
            send(http, request, 201, review.get(), lose);
            return;
        }
        ResourcePath path = ResourcePath.parse(request.path(), types).orElseThrow(ApiException::pathNotFound);
        if (path.subresource().equals("exec") && path.type().is("", "pods")) {
            exec(http, request, path);
            return;
        }
        boolean status = path.subresource().equals("status") && path.type().statusSubresource();
        if (!path.subresource().isEmpty() && !status) {
            throw ApiException.pathNotFound();
        }
        if (request.flag("watch") && request.method().equals("GET")) {
            watch(http, request, path);
            return;
        }
        Rest.Answer answer = new Rest(resources, store).answer(request, path);
        send(http, request, answer.code(), answer.body(), lose);
    }

    private void send(HttpServerRequest http, ApiRequest request, int code, JsonNode body, boolean lose) {
        audit.record(request, code);
        if (lose) {
            breakOff(http);
            return;
        }
        http.response()
                .setStatusCode(code)
                .putHeader("Content-Type", "application/json")
                .end(Json.write(body));
    }

    private void watch(HttpServerRequest http, ApiRequest request, ResourcePath path) {
        Predicate<JsonNode> selected = Rest.selector(request, path);
        UnaryOperator<ObjectNode> shown = Tables.wanted(request)
                ? object -> Tables.of(path.type(), object.path("metadata"), List.of(object))
                : UnaryOperator.identity();
        audit.record(request, 200);
        if (http.headers().contains("Upgrade", "websocket", true)) {
            http.toWebSocket().onSuccess(socket -> {
                Watch watch = begin(request, path, selected, shown, new SocketSink(socket, http));
                if (socket.isClosed()) {
                    forget(watch);
                } else {
                    socket.closeHandler(any -> forget(watch));
                }
            });
            return;
        }
        HttpServerResponse response = http.response();
        response.setChunked(true).putHeader("Content-Type", "application/json").writeHead();
        Watch watch = begin(request, path, selected, shown, new ChunkSink(http, vertx.getOrCreateContext()));
        response.closeHandler(any -> forget(watch));
    }

    private Watch begin(
            ApiRequest request,
            ResourcePath path,
            Predicate<JsonNode> selected,
            UnaryOperator<ObjectNode> shown,
            Watch.Sink sink) {
        Watch watch = new Watch(store, path, selected, shown, request.flag("allowWatchBookmarks"), sink);
        watches.add(watch);
        watch.begin(request.param("resourceVersion"), request.flag("sendInitialEvents"));
        String timeout = request.param("timeoutSeconds");
        if (!timeout.isEmpty()) {
            vertx.setTimer(Math.max(1, Long.parseLong(timeout)) * 1000, any -> {
                if (watches.remove(watch)) {
                    watch.end();
                }
            });
        }
        return watch;
    }

    private void forget(Watch watch) {
        watches.remove(watch);
        watch.stop();
    }

    private void exec(HttpServerRequest http, ApiRequest request, ResourcePath path) {
        ObjectNode pod = resources.get(path);
        Exec exec = new Exec(request, pod, roots.of(pod), threads);
        exec.check();
        List<String> offered = List.of(header(http, "Sec-WebSocket-Protocol").split("\\s*,\\s*"));
        if (!http.headers().contains("Upgrade", "websocket", true)) {
            throw ApiException.badRequest("Upgrade request required");
        }
        if (EXEC_PROTOCOLS.stream().noneMatch(offered::contains)) {
            throw ApiException.of(403, "Forbidden", "this server speaks " + EXEC_PROTOCOLS + " only");
        }
        boolean v4 = !offered.contains(EXEC_PROTOCOLS.get(0));
        if (v4 && exec.faults().fail()) {
            throw Faults.failure(500);
        }
        long delay = v4 ? exec.faults().delay().toMillis() : 0;
        Runnable upgrade = () -> http.toWebSocket().onSuccess(socket -> {
            audit.record(request, 101);
            exec.run(socket, () -> breakOff(http));
        });
        if (delay > 0) {
            vertx.setTimer(delay, any -> upgrade.run());
        } else {
            upgrade.run();
        }
    }

    /** Closes the TCP connection as it stands: closed in any other way a WebSocket sends its close frame first. */
    private static void breakOff(HttpServerRequest http) {
        ((ConnectionBase) http.connection()).channel().pipeline().firstContext().close();
    }

    private record SocketSink(ServerWebSocket socket, HttpServerRequest http) implements Watch.Sink {
        @Override
        public void send(ObjectNode event) {
            socket.writeTextMessage(Json.write(event));
        }

        @Override
        public void end() {
            socket.close((short) 1000, "");
        }

        @Override
        public void drop() {
            breakOff(http);
        }
    }

    private record ChunkSink(HttpServerRequest http, Context context) implements Watch.Sink {
        @Override
        public void send(ObjectNode event) {
            String line = Json.write(event) + "\n";
            context.runOnContext(any -> {
                if (!http.response().ended() && !http.response().closed()) {
                    http.response().write(line);
                }
            });
        }

        @Override
        public void end() {
            context.runOnContext(any -> {
                if (!http.response().ended()) {
                    http.response().end();
                }
            });
        }

        @Override
        public void drop() {
            breakOff(http);
        }
    }
}
