package dev.sessionpublish.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * GitHub's REST API for tests, over TLS: repositories, pull requests and GitHub's rules for them; and GraphQL for the
 * state of pull requests. Branches and commits
 * are those of the bare repositories {@code ROOT/OWNER/NAME.git}, which someone else makes and pushes to. It also
 * answers below {@code /api/v3}, as GitHub Enterprise does. Its answers have the shapes of GitHub's API description;
 * docs/decisions.md tells how that was checked.
 */
public final class GitHubStandIn implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "github-stand-in");
        thread.setDaemon(true);
        return thread;
    });
    private final GitHubJson json;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, GitHubToken> tokens = new ConcurrentHashMap<>();
    private final GitHubApps apps = new GitHubApps();
    private final Map<String, GitHubRepository> repositories = new LinkedHashMap<>();
    private final Map<String, Integer> renamed = new HashMap<>();
    private final List<GitHubFault> faults = new ArrayList<>();
    private final List<GitHubExchange> exchanges = new CopyOnWriteArrayList<>();

    private GitHubStandIn(HttpsServer server, Path root, String web) {
        this.server = server;
        this.root = root;
        this.json = new GitHubJson(apiUrl().toString(), web);
    }

    /**
     * @param root holds the bare repositories, {@code OWNER/NAME.git}
     * @param web root of the pages and of git: {@code https://localhost:PORT}
     */
    public static GitHubStandIn start(TestCa ca, Path root, String web) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(ca.serverContext()));
        GitHubStandIn standIn = new GitHubStandIn(server, root, web);
        server.createContext("/", standIn::handle);
        server.setExecutor(standIn.threads);
        server.start();
        return standIn;
    }

    /** As github.com's: the root of the host. */
    public URI apiUrl() {
        return URI.create("https://localhost:" + server.getAddress().getPort());
    }

    /** As GitHub Enterprise's. */
    public URI enterpriseApiUrl() {
        return URI.create(apiUrl() + "/api/v3");
    }

    /** A classic personal access token: what it may not do isn't there (404). */
    public GitHubToken token(String token, String login) {
        return tokens.computeIfAbsent(token, any -> new GitHubToken(login, false));
    }

    /** A fine-grained personal access token: what it may not do is forbidden (403). */
    public GitHubToken fineGrainedToken(String token, String login) {
        return tokens.computeIfAbsent(token, any -> new GitHubToken(login, true));
    }

    /** The GitHub Apps, their installations and the tokens of these. */
    public GitHubApps apps() {
        return apps;
    }

    public void revoke(String token) {
        tokens.remove(token);
    }

    /** @throws IllegalArgumentException when there is no bare repository of this name */
    public GitHubRepository repository(String fullName) {
        return find(fullName).orElseThrow(() -> new IllegalArgumentException("no repository " + fullName));
    }

    /** Moves the bare repository too. The old name redirects from now on. */
    public void rename(String from, String to) throws IOException {
        synchronized (repositories) {
            GitHubRepository repository = repository(from);
            repository.renameTo(to);
            repositories.remove(lower(from));
            repositories.put(lower(to), repository);
            renamed.put(lower(from), repository.id());
            tokens.values().forEach(each -> each.renamed(from, to));
        }
    }

    /** The pull requests of a repository as stored, newest first. */
    public List<GitHubPull> pulls(String fullName) {
        return repository(fullName).all();
    }

    /** Every request since the start, each there before its answer is. */
    public List<GitHubExchange> exchanges() {
        return List.copyOf(exchanges);
    }

    public void next(GitHubFault fault) {
        synchronized (faults) {
            faults.add(fault);
        }
    }

    /** From now on nothing goes wrong any more. */
    public void clearFaults() {
        synchronized (faults) {
            faults.clear();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath().replaceFirst("^/api/(v3/)?", "/");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Optional<GitHubFault> fault = takeFault(exchange.getRequestMethod(), path);
        GitHubFault.Kind kind = fault.map(GitHubFault::kind).orElse(GitHubFault.Kind.ANSWER);
        Optional<GitHubReply> reply =
                switch (kind) {
                    case ANSWER, RESET_AFTER_EFFECT, STALL_AFTER_EFFECT ->
                        fault.flatMap(GitHubFault::reply).or(() -> Optional.of(reply(exchange, path, body)));
                    case RESET, STALL, DRIP -> Optional.empty();
                };
        boolean answered = kind == GitHubFault.Kind.ANSWER && reply.isPresent();
        // Before the answer: who has it finds the request here.
        log(exchange, path, body, answered ? reply.get().status() : 0);
        try (exchange) {
            if (answered) {
                send(exchange, reply.get());
            } else if (kind == GitHubFault.Kind.STALL || kind == GitHubFault.Kind.STALL_AFTER_EFFECT) {
                closed.await();
            } else if (kind == GitHubFault.Kind.DRIP) {
                drip(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<GitHubFault> takeFault(String method, String path) {
        synchronized (faults) {
            for (int i = 0; i < faults.size(); i++) {
                GitHubFault fault = faults.get(i);
                if (fault.fits(method, path)) {
                    if (fault.times() == 1) {
                        faults.remove(i);
                    } else {
                        faults.set(i, fault.times(fault.times() - 1));
                    }
                    return Optional.of(fault);
                }
            }
            return Optional.empty();
        }
    }

    private GitHubReply reply(HttpExchange exchange, String path, String body) {
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        String bearer = authorization.replaceFirst("(?i)^(bearer|token) ", "");
        if (apps.serves(path)) {
            return appReply(exchange, path, authorization, body);
        }
        GitHubToken token = Optional.ofNullable(tokens.get(bearer))
                .or(() -> apps.token(bearer))
                .orElse(null);
        if (token == null) {
            return GitHubReply.error(401, authorization.equals("null") ? "Requires authentication" : "Bad credentials");
        }
        if (path.equals("/graphql")) {
            return graphQl(token, parse(body));
        }
        if (!token.take()) {
            return limits(GitHubReply.error(token.exhaustedStatus(), "API rate limit exceeded for user ID 1."), token);
        }
        try {
            Optional<GitHubReply> refusal = apps.refusal(
                    bearer,
                    exchange.getRequestMethod(),
                    path,
                    parts(path).stream().skip(3).toList());
            return limits(
                    refusal.isPresent()
                            ? refusal.get()
                            : conditional(exchange, answer(exchange, path, token, parse(body)), token),
                    token);
        } catch (GitHubReply.Refusal refusal) {
            return limits(refusal.reply(), token);
        }
    }

    private GitHubReply graphQl(GitHubToken token, JsonNode body) {
        GitHubReply reply =
                new GitHubGraphQl(token, id -> Optional.ofNullable(byId(id)), this::findByAnyName).answer(body);
        return with(reply, token.pointHeaders());
    }

    private Optional<GitHubRepository> findByAnyName(String name) {
        Integer moved = renamed.get(lower(name));
        return moved == null ? find(name) : Optional.ofNullable(byId(String.valueOf(moved)));
    }

    /** What an App asks as itself. */
    private GitHubReply appReply(HttpExchange exchange, String path, String authorization, String body) {
        List<String> parts = parts(path);
        Integer moved = parts.size() == 4 ? renamed.get(lower(parts.get(1) + "/" + parts.get(2))) : null;
        try {
            return moved != null
                    ? moved(exchange, "/repositories/" + moved + rest(path, 3))
                    : apps.answer(
                            exchange.getRequestMethod(), path, authorization, parse(body), id -> Optional.ofNullable(
                                            byId(id))
                                    .map(GitHubRepository::fullName));
        } catch (GitHubReply.Refusal refusal) {
            return refusal.reply();
        }
    }

    private static List<String> parts(String path) {
        return Arrays.stream(path.substring(1).split("/"))
                .map(GitHubStandIn::decode)
                .toList();
    }

    private GitHubReply answer(HttpExchange exchange, String path, GitHubToken token, JsonNode body) {
        List<String> parts = parts(path);
        GitHubRepository repository;
        int own;
        if (parts.size() >= 3 && parts.get(0).equals("repos")) {
            own = 3;
            String name = parts.get(1) + "/" + parts.get(2);
            Integer moved = renamed.get(lower(name));
            if (moved != null) {
                return moved(exchange, "/repositories/" + moved + rest(path, 3));
            }
            repository = find(name).orElse(null);
        } else if (parts.size() >= 2 && parts.get(0).equals("repositories")) {
            own = 2;
            repository = byId(parts.get(1));
        } else if (path.equals("/user")) {
            return GitHubReply.of(200, json.user(token.login()));
        } else {
            return GitHubReply.error(404, "Not Found");
        }
        if (repository == null || token.in(repository.fullName()).isEmpty()) {
            return GitHubReply.error(404, "Not Found");
        }
        return new GitHubRules(json, apiUrl().toString(), repository, token)
                .answer(exchange.getRequestMethod(), parts.subList(own, parts.size()), query(exchange), body);
    }

    private static String rest(String path, int parts) {
        String[] all = path.split("/", parts + 2);
        return all.length > parts + 1 ? "/" + all[parts + 1] : "";
    }

    private GitHubReply moved(HttpExchange exchange, String path) {
        String query = exchange.getRequestURI().getRawQuery();
        String location = root(exchange) + path + (query == null ? "" : "?" + query);
        boolean get = exchange.getRequestMethod().equals("GET");
        GitHubReply reply = GitHubReply.error(get ? 301 : 307, get ? "Moved Permanently" : "Temporary Redirect");
        ((ObjectNode) reply.body()).put("url", location);
        return reply.with("Location", location);
    }

    private URI root(HttpExchange exchange) {
        return exchange.getRequestURI().getPath().startsWith("/api/v3/") ? enterpriseApiUrl() : apiUrl();
    }

    private static GitHubReply conditional(HttpExchange exchange, GitHubReply reply, GitHubToken token) {
        if (!exchange.getRequestMethod().equals("GET") || reply.status() != 200) {
            return reply;
        }
        String etag = "W/\"" + Integer.toHexString(reply.body().toString().hashCode()) + "\"";
        if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            token.giveBack();
            return new GitHubReply(304, Map.of("ETag", etag), MissingNode.getInstance());
        }
        return reply.with("ETag", etag);
    }

    private static GitHubReply limits(GitHubReply reply, GitHubToken token) {
        return with(reply, token.headers());
    }

    private static GitHubReply with(GitHubReply reply, Map<String, String> headers) {
        GitHubReply limited = reply;
        for (Map.Entry<String, String> each : headers.entrySet()) {
            limited = limited.with(each.getKey(), each.getValue());
        }
        return limited;
    }

    private static void send(HttpExchange exchange, GitHubReply reply) throws IOException {
        reply.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        exchange.getResponseHeaders().set("X-GitHub-Media-Type", "github.v3; format=json");
        if (reply.body().isMissingNode()) {
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        byte[] bytes = reply.body().isTextual()
                ? reply.body().textValue().getBytes(StandardCharsets.UTF_8)
                : JSON.writeValueAsBytes(reply.body());
        if (String.valueOf(exchange.getRequestHeaders().getFirst("Accept-Encoding"))
                .contains("gzip")) {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(reply.status(), 0);
            try (OutputStream out = new GZIPOutputStream(exchange.getResponseBody())) {
                out.write(bytes);
            }
            return;
        }
        exchange.sendResponseHeaders(reply.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void drip(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        do {
            out.write(' ');
            out.flush();
        } while (!closed.await(50, TimeUnit.MILLISECONDS));
    }

    private void log(HttpExchange exchange, String path, String body, int status) {
        Map<String, List<String>> headers = new HashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(lower(name), List.copyOf(values)));
        String query =
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        exchanges.add(new GitHubExchange(exchange.getRequestMethod(), path, query, Map.copyOf(headers), body, status));
    }

    private Optional<GitHubRepository> find(String fullName) {
        synchronized (repositories) {
            GitHubRepository known = repositories.get(lower(fullName));
            if (known == null
                    && fullName.matches("[\\w.-]+/[\\w.-]+")
                    && Files.isDirectory(root.resolve(fullName + ".git"))) {
                known = new GitHubRepository(repositories.size() + 1, root, fullName);
                repositories.put(lower(fullName), known);
            }
            return Optional.ofNullable(known);
        }
    }

    private @Nullable GitHubRepository byId(String id) {
        synchronized (repositories) {
            return repositories.values().stream()
                    .filter(each -> String.valueOf(each.id()).equals(id))
                    .findFirst()
                    .orElse(null);
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new LinkedHashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                int equals = pair.indexOf('=');
                query.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static JsonNode parse(String body) {
        try {
            return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (IOException e) {
            throw GitHubReply.error(400, "Problems parsing JSON").refusal();
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
