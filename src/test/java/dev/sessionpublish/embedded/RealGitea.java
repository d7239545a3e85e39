package dev.sessionpublish.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.http.ForgeHttp;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * The running Gitea that the system properties {@code forge.url}, {@code forge.api}, {@code forge.ca} (which lies in the
 * forge's directory) and {@code forge.token} (an administrator's) name: an organisation of its own in it.
 *
 * @param run makes names that nobody has used before
 */
public record RealGitea(String run) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWORD = "Correct-Horse-1";
    private static final String ADMIN = "token " + System.getProperty("forge.token");

    public static RealGitea withOrganisation() throws IOException {
        RealGitea gitea = new RealGitea(Long.toString(System.nanoTime(), 36));
        gitea.api("POST", "/orgs", Map.of("username", gitea.owner()));
        return gitea;
    }

    public String owner() {
        return "acme-" + run;
    }

    /** A private repository with one commit on {@code main}. */
    public void repository(String name, String objectFormat) throws IOException {
        api(
                "POST",
                "/orgs/" + owner() + "/repos",
                Map.of(
                        "name",
                        name,
                        "private",
                        true,
                        "auto_init",
                        true,
                        "default_branch",
                        "main",
                        "object_format_name",
                        objectFormat));
    }

    public String url(String repository) {
        return System.getProperty("forge.url") + "/" + owner() + "/" + repository;
    }

    /** On the forge's own disk. */
    public Path bare(String repository) {
        return caPem().resolveSibling("repositories/" + owner() + "/" + repository + ".git");
    }

    /** A new user's token for repositories. */
    public String user(String role) throws IOException {
        String name = role + "-" + run;
        Map<String, Object> user = Map.of(
                "username",
                name,
                "email",
                name + "@localhost.invalid",
                "password",
                PASSWORD,
                "must_change_password",
                false);
        api("POST", "/admin/users", user);
        return token(role, "write:repository");
    }

    /** One more token of a user made here. */
    public String token(String role, String... scopes) throws IOException {
        String name = role + "-" + run;
        String basic = Base64.getEncoder().encodeToString((name + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        Map<String, Object> token = Map.of("name", String.join("+", scopes), "scopes", List.of(scopes));
        return api("Basic " + basic, "POST", "/users/" + name + "/tokens", token)
                .get("sha1")
                .asText();
    }

    /** As {@link #user}, of one who is let into a repository. */
    public String collaborator(String role, String repository, String permission) throws IOException {
        String token = user(role);
        api(
                "PUT",
                "/repos/" + owner() + "/" + repository + "/collaborators/" + role + "-" + run,
                Map.of("permission", permission));
        return token;
    }

    /** From now on a hook of the repository runs this before every push. */
    public void preReceive(String repository, String shell) throws IOException {
        Path hook = bare(repository).resolve("hooks/pre-receive.d/test");
        Files.writeString(hook, "#!/bin/sh\n" + shell + "\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
    }

    public Path caPem() {
        return Path.of(System.getProperty("forge.ca"));
    }

    /** Asks the API as an administrator, and expects that it does as asked. */
    public JsonNode api(String method, String path, Map<String, Object> body) throws IOException {
        return api(ADMIN, method, path, body);
    }

    private JsonNode api(String authorization, String method, String path, Map<String, Object> body)
            throws IOException {
        var request = new HttpUriRequestBase(method, URI.create(System.getProperty("forge.api") + path));
        request.setHeader("Authorization", authorization);
        request.setEntity(new StringEntity(JSON.writeValueAsString(body), ContentType.APPLICATION_JSON));
        try (var client = ForgeHttp.create(Optional.of(caPem()), Duration.ofSeconds(30))) {
            return client.<JsonNode>execute(request, response -> {
                String text = response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity());
                assertThat(response.getCode())
                        .as(method + " " + path + ": " + text)
                        .isBetween(200, 299);
                return JSON.readTree(text);
            });
        }
    }
}
