package dev.sessionpublish.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sessionpublish.http.ForgeHttp;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** The REST API of Gitea and Forgejo, asked as an administrator. */
final class GiteaApi implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GiteaSettings settings;
    private final CloseableHttpClient client;

    private GiteaApi(GiteaSettings settings, CloseableHttpClient client) {
        this.settings = settings;
        this.client = client;
    }

    static GiteaApi open(GiteaSettings settings) throws IOException {
        return new GiteaApi(settings, ForgeHttp.create(settings.ca(), Duration.ofSeconds(30)));
    }

    private record Reply(int status, JsonNode body) {}

    /**
     * @param body sent as JSON unless it is empty
     * @throws IOException with what it said, unless it did as asked
     */
    JsonNode ask(String method, String path, Map<String, ?> body) throws IOException {
        return must(method + " " + path, asAdministrator(method, path, body));
    }

    /** What is at a path; empty where nothing is. */
    Optional<JsonNode> find(String path) throws IOException {
        Reply reply = asAdministrator("GET", path, Map.of());
        return reply.status() == 404 ? Optional.empty() : Optional.of(must("GET " + path, reply));
    }

    /** Deletes what is at a path, if it is there and can be. */
    void delete(String path) throws IOException {
        asAdministrator("DELETE", path, Map.of());
    }

    /** A new token of a user. */
    String mint(String user, String password, String name, List<String> scopes) throws IOException {
        String pair = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        String path = "/users/" + user + "/tokens";
        return must("POST " + path, call("Basic " + pair, "POST", path, Map.of("name", name, "scopes", scopes)))
                .path("sha1")
                .asText();
    }

    private static JsonNode must(String request, Reply reply) throws IOException {
        if (reply.status() / 100 != 2) {
            throw new IOException("Gitea answered " + reply.status() + " to " + request + ": "
                    + reply.body().path("message").asText());
        }
        return reply.body();
    }

    private Reply asAdministrator(String method, String path, Map<String, ?> body) throws IOException {
        return call("token " + settings.token(), method, path, body);
    }

    private Reply call(String authorization, String method, String path, Map<String, ?> body) throws IOException {
        var request = new HttpUriRequestBase(method, URI.create(settings.api() + path));
        request.setHeader("Authorization", authorization);
        if (!body.isEmpty()) {
            request.setEntity(new StringEntity(JSON.writeValueAsString(body), ContentType.APPLICATION_JSON));
        }
        return client.execute(request, response -> {
            String text = response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity());
            boolean json = text.startsWith("{") || text.startsWith("[");
            return new Reply(response.getCode(), json ? JSON.readTree(text) : MissingNode.getInstance());
        });
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
