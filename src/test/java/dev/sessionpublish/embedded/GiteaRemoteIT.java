package dev.sessionpublish.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.http.ForgeHttp;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;

/**
 * The contract against a real Gitea: system properties {@code forge.url}, {@code forge.api}, {@code forge.ca} (which lies
 * in the forge's directory) and {@code forge.token} (an administrator's) say which.
 */
@Tag("control-plane")
@Tag("forge")
class GiteaRemoteIT extends GitRemoteContract {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWORD = "Correct-Horse-1";

    private final String run = Long.toString(System.nanoTime(), 36);
    private final String owner = "acme-" + run;

    @Override
    Remote remote(GitServer.Option... options) throws Exception {
        boolean sha256 = Arrays.asList(options).contains(GitServer.Option.SHA256);
        String admin = "token " + System.getProperty("forge.token");
        Assumptions.assumeFalse(
                sha256 && hostGitIsOlderThan2Dot42(), "Gitea keeps sha256 repositories only with git 2.42 or later");
        api(admin, "POST", "/orgs", Map.of("username", owner));
        Map<String, Object> repository = Map.of(
                "name",
                "web",
                "private",
                true,
                "auto_init",
                true,
                "default_branch",
                "main",
                "object_format_name",
                sha256 ? "sha256" : "sha1");
        api(admin, "POST", "/orgs/" + owner + "/repos", repository);
        String writer = user(admin, "writer-" + run);
        String reader = user(admin, "reader-" + run);
        String collaborators = "/repos/" + owner + "/web/collaborators/";
        api(admin, "PUT", collaborators + "writer-" + run, Map.of("permission", "write"));
        api(admin, "PUT", collaborators + "reader-" + run, Map.of("permission", "read"));
        return new Remote(url("/" + owner + "/web"), writer, reader, user(admin, "stranger-" + run));
    }

    @Override
    void refuseEveryPush(Remote remote, String text) throws Exception {
        Path hook = caPem().resolveSibling("repositories/" + owner + "/web.git/hooks/pre-receive.d/refuse");
        Files.writeString(hook, "#!/bin/sh\necho '" + text + "'\nexit 1\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
    }

    @Override
    Path caPem() {
        return Path.of(System.getProperty("forge.ca"));
    }

    private static String url(String path) {
        return System.getProperty("forge.url") + path;
    }

    private static boolean hostGitIsOlderThan2Dot42() {
        String[] version = RealGit.in(Path.of("/")).run("version").split(" ")[2].split("\\.");
        int major = Integer.parseInt(version[0]);
        return major < 2 || (major == 2 && Integer.parseInt(version[1]) < 42);
    }

    private String user(String admin, String name) throws Exception {
        Map<String, Object> user = Map.of(
                "username",
                name,
                "email",
                name + "@localhost.invalid",
                "password",
                PASSWORD,
                "must_change_password",
                false);
        api(admin, "POST", "/admin/users", user);
        String basic = Base64.getEncoder().encodeToString((name + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        Map<String, Object> token = Map.of("name", "push", "scopes", List.of("write:repository"));
        return api("Basic " + basic, "POST", "/users/" + name + "/tokens", token)
                .get("sha1")
                .asText();
    }

    private JsonNode api(String authorization, String method, String path, Map<String, Object> body) throws Exception {
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
