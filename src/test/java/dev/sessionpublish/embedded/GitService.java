package dev.sessionpublish.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers the requests of a {@link GitServer}: faults first, then redirects, rights, and at last git itself. */
final class GitService implements HttpsListener.Handler {
    private record Redirect(int status, String target) {}

    private static final Pattern SERVICE =
            Pattern.compile("/([^/]+/[^/]+?)(?:\\.git)?/(info/refs|git-upload-pack|git-receive-pack)");

    private final Path root;
    private final Access access;
    private final HttpBackend backend;
    private final LfsStore lfs;
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final Map<String, Redirect> redirects = new ConcurrentHashMap<>();
    private final Map<String, UnaryOperator<String>> capabilities = new ConcurrentHashMap<>();

    GitService(Path root, Path home, Access access) throws IOException {
        this.root = root;
        this.access = access;
        this.backend = new HttpBackend(root, home);
        this.lfs = new LfsStore(root);
    }

    void fault(Fault fault) {
        faults.add(fault);
    }

    void release() {
        faults.forEach(Fault::release);
    }

    void redirect(String repository, int status, String target) {
        redirects.put(repository, new Redirect(status, target));
    }

    void advertise(String repository, UnaryOperator<String> change) {
        capabilities.put(repository, change);
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        LoggedRequest request = exchange.request();
        Optional<Fault> fault =
                faults.stream().filter(each -> each.takes(request)).findFirst();
        if (fault.isPresent()) {
            fault.get().apply(exchange, (body, answer) -> serve(exchange, body, answer));
        } else {
            serve(exchange, exchange.body(), exchange::answer);
        }
    }

    private void serve(Exchange exchange, InputStream body, Fault.Answer answer) throws IOException {
        LoggedRequest request = exchange.request();
        if (LfsStore.serves(request.path())) {
            serveLfs(exchange, body);
            return;
        }
        Matcher service = SERVICE.matcher(request.path());
        if (!service.matches()) {
            refuse(exchange, 404, "Not Found");
            return;
        }
        String repository = service.group(1);
        String path = "/" + service.group(2);
        Redirect redirect = redirects.get(repository);
        if (redirect != null) {
            String query = request.query().isEmpty() ? "" : "?" + request.query();
            exchange.answer(redirect.status(), Map.of("Location", redirect.target() + path + query), new byte[0]);
            return;
        }
        boolean write = path.equals("/git-receive-pack") || request.query().contains("service=git-receive-pack");
        boolean exists = Files.isDirectory(root.resolve(repository + ".git"));
        Optional<String> token = token(request);
        Optional<Access.Refusal> refusal = access.decide(repository, exists, write, token);
        if (refusal.isPresent()) {
            refuse(exchange, refusal.get().status(), refusal.get().text());
            return;
        }
        if (path.equals("/info/refs") && !request.query().contains("service=git-")) {
            refuse(exchange, 403, "Please upgrade your git client.");
            return;
        }
        UnaryOperator<String> change = write && path.equals("/info/refs") ? capabilities.get(repository) : null;
        backend.serve(
                request,
                "/" + repository + ".git" + path,
                token.flatMap(access::login).orElse("anonymous"),
                body,
                change == null ? answer : rewriting(answer, change));
    }

    private void serveLfs(Exchange exchange, InputStream body) throws IOException {
        LoggedRequest request = exchange.request();
        String repository = LfsStore.repository(request.path());
        boolean exists = Files.isDirectory(root.resolve(repository + ".git"));
        Optional<Access.Refusal> refusal = LfsStore.isBatch(request.path())
                ? access.decide(repository, exists, true, token(request))
                : Optional.empty();
        if (refusal.isPresent()) {
            refuse(exchange, refusal.get().status(), refusal.get().text());
        } else {
            lfs.serve(exchange, body);
        }
    }

    private static Fault.Answer rewriting(Fault.Answer answer, UnaryOperator<String> change) {
        return (status, headers) -> new ByteArrayOutputStream() {
            @Override
            public void close() throws IOException {
                try (var out = answer.begin(status, headers)) {
                    out.write(HttpBackend.withCapabilities(toByteArray(), change));
                }
            }
        };
    }

    /** The password of Basic, whatever the user's name; as GitHub takes it. */
    private static Optional<String> token(LoggedRequest request) {
        return request.header("authorization")
                .filter(value -> value.regionMatches(true, 0, "Basic ", 0, 6))
                .map(value ->
                        new String(Base64.getDecoder().decode(value.substring(6).strip()), StandardCharsets.UTF_8))
                .map(pair -> pair.substring(pair.indexOf(':') + 1));
    }

    private static void refuse(Exchange exchange, int status, String text) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("Content-Type", "text/plain; charset=utf-8"));
        if (status == 401) {
            headers.put("WWW-Authenticate", "Basic realm=\"GitHub\"");
        }
        exchange.answer(status, headers, text.getBytes(StandardCharsets.UTF_8));
    }
}
