package dev.sessionpublish.gitea;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sessionpublish.http.ForgeHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * The REST API of Gitea and Forgejo, called as an administrator. All users that one client creates have the same random
 * password.
 */
public final class GiteaAdmin implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GiteaSettings settings;
    private final CloseableHttpClient client;
    private final String password = "A1-" + Long.toString(new SecureRandom().nextLong(), 36);
    private final List<String> tokens = new CopyOnWriteArrayList<>();

    private GiteaAdmin(GiteaSettings settings, CloseableHttpClient client) {
        this.settings = settings;
        this.client = client;
    }

    public static GiteaAdmin open(GiteaSettings settings) {
        try {
            return new GiteaAdmin(settings, ForgeHttp.create(settings.ca(), Duration.ofSeconds(60)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Response(int status, JsonNode body) {}

    public GiteaSettings settings() {
        return settings;
    }

    /**
     * @param path below the API's root
     * @param body sent as JSON unless it is empty
     * @throws IOException with Gitea's message, unless the request succeeded
     */
    public JsonNode call(String method, String path, Map<String, ?> body) throws IOException {
        return succeeded(method + " " + path, asAdministrator(method, path, body));
    }

    /** The resource at a path; empty if there is none. */
    public Optional<JsonNode> find(String path) throws IOException {
        Response response = asAdministrator("GET", path, Map.of());
        return response.status() == 404 ? Optional.empty() : Optional.of(succeeded("GET " + path, response));
    }

    /** @return whether the request succeeded */
    public boolean attempt(String method, String path, Map<String, ?> body) throws IOException {
        return asAdministrator(method, path, body).status() / 100 == 2;
    }

    public void createOrganization(String name) throws IOException {
        call("POST", "/orgs", Map.of("username", name));
    }

    /**
     * Creates a repository with one commit on {@code main}.
     *
     * @param more properties of the repository
     */
    public GiteaRepository createRepository(String organization, String name, Map<String, ?> more) throws IOException {
        Map<String, Object> body = new LinkedHashMap<>(more);
        body.put("name", name);
        body.put("auto_init", true);
        body.put("default_branch", "main");
        call("POST", "/orgs/" + organization + "/repos", body);
        return new GiteaRepository(this, organization, name);
    }

    /** Creates a user without any rights. */
    public void createUser(String name) throws IOException {
        call(
                "POST",
                "/admin/users",
                Map.of(
                        "username",
                        name,
                        "email",
                        name + "@localhost.invalid",
                        "password",
                        password,
                        "must_change_password",
                        false));
    }

    /** A new token of a user that this client has created. */
    public String createToken(String user, String... scopes) throws IOException {
        Map<String, ?> body = Map.of("name", "token-" + System.nanoTime(), "scopes", List.of(scopes));
        String token = asUser(user, "POST", tokensOf(user), body).path("sha1").asText();
        tokens.add(token);
        return token;
    }

    /** Deletes every token of a user that this client has created. */
    public void revokeTokens(String user) throws IOException {
        for (JsonNode each : asUser(user, "GET", tokensOf(user), Map.of())) {
            asUser(user, "DELETE", tokensOf(user) + "/" + each.get("id"), Map.of());
        }
    }

    /** Every token that this client has created, the revoked ones included. */
    public List<String> createdTokens() {
        return List.copyOf(tokens);
    }

    /** A page as a user sees it who has signed in. */
    public String page(String user, String url) throws IOException {
        var signIn = new HttpUriRequestBase("POST", URI.create(settings.url() + "/user/login"));
        signIn.setEntity(new StringEntity(
                "user_name=" + user + "&password=" + password, ContentType.APPLICATION_FORM_URLENCODED));
        String session = client.execute(signIn, response -> {
            require(response.getCode() == 303, "POST /user/login", response.getCode(), "");
            // The session cookie is replaced on sign-in: the last value counts.
            Map<String, String> cookies = new LinkedHashMap<>();
            for (Header each : response.getHeaders("Set-Cookie")) {
                String cookie = each.getValue().split(";", 2)[0];
                cookies.put(cookie.substring(0, cookie.indexOf('=')), cookie);
            }
            return String.join("; ", cookies.values());
        });
        var page = new HttpUriRequestBase("GET", URI.create(url));
        page.setHeader("Cookie", session);
        return client.execute(page, response -> {
            String text = EntityUtils.toString(response.getEntity());
            require(response.getCode() == 200, "GET " + url, response.getCode(), text);
            return text;
        });
    }

    private static String tokensOf(String user) {
        return "/users/" + user + "/tokens";
    }

    private static JsonNode succeeded(String request, Response response) throws IOException {
        require(
                response.status() / 100 == 2,
                request,
                response.status(),
                response.body().path("message").asText());
        return response.body();
    }

    private static void require(boolean succeeded, String request, int status, String message) throws IOException {
        if (!succeeded) {
            throw new IOException("Gitea answered " + status + " to " + request + ": " + message);
        }
    }

    private Response asAdministrator(String method, String path, Map<String, ?> body) throws IOException {
        return send("token " + settings.token(), method, path, body);
    }

    private JsonNode asUser(String user, String method, String path, Map<String, ?> body) throws IOException {
        String pair = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return succeeded(method + " " + path, send("Basic " + pair, method, path, body));
    }

    private Response send(String authorization, String method, String path, Map<String, ?> body) throws IOException {
        var request = new HttpUriRequestBase(method, URI.create(settings.api() + path));
        request.setHeader("Authorization", authorization);
        // A Gitea that is stopped between two requests closes the connections that are kept open.
        request.setHeader("Connection", "close");
        if (!body.isEmpty()) {
            request.setEntity(new StringEntity(JSON.writeValueAsString(body), ContentType.APPLICATION_JSON));
        }
        return client.execute(request, response -> {
            String text = response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity());
            boolean json = text.startsWith("{") || text.startsWith("[");
            return new Response(response.getCode(), json ? JSON.readTree(text) : MissingNode.getInstance());
        });
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
