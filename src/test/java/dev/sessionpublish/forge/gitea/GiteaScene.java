package dev.sessionpublish.forge.gitea;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sessionpublish.embedded.RealGitea;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.forge.TestForges;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.ForgeHttp;
import dev.sessionpublish.http.Token;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.awaitility.Awaitility;

/** An organisation of its own in a real Gitea, with a repository at a time, users, and tokens with few scopes. */
final class GiteaScene implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWORD = "Correct-Horse-2";
    private static final String ADMIN = "token " + System.getProperty("forge.token");

    private final RealGitea gitea;
    private final CloseableHttpClient client;
    private final Forges forges = TestForges.create(Duration.ofSeconds(60), Clock.systemUTC());
    private final List<String> tokens = new ArrayList<>();
    private int repositories;
    private int files;

    private GiteaScene(RealGitea gitea) throws IOException {
        this.gitea = gitea;
        this.client = ForgeHttp.create(Optional.of(gitea.caPem()), Duration.ofSeconds(60));
    }

    record Reply(int status, JsonNode body) {}

    static GiteaScene start() throws IOException {
        return new GiteaScene(RealGitea.withOrganisation());
    }

    /** From now on the repository is a new one, with one commit on {@code main} and the label {@code agent}. */
    void anew() throws IOException {
        repositories++;
        gitea.repository(name(), "sha1");
        admin("POST", "/repos/" + repository() + "/labels", Map.of("name", "agent", "color", "#00aabb"));
    }

    /** {@code OWNER/NAME}. */
    String repository() {
        return gitea.owner() + "/" + name();
    }

    String name() {
        return "web-" + repositories;
    }

    /** In the forge's own directory. */
    Path bare() {
        return gitea.bare(name());
    }

    String url() {
        return gitea.url(name());
    }

    /** The name that a user of this role has here. */
    String login(String role) {
        return role + "-" + gitea.run();
    }

    /** A new user, who may do nothing yet. */
    void user(String role) throws IOException {
        Map<String, Object> user = Map.of(
                "username",
                login(role),
                "email",
                login(role) + "@localhost.invalid",
                "password",
                PASSWORD,
                "must_change_password",
                false);
        admin("POST", "/admin/users", user);
    }

    /** Gives a user the right {@code read}, {@code write} or {@code admin} on the repository. */
    void collaborator(String role, String permission) throws IOException {
        admin("PUT", "/repos/" + repository() + "/collaborators/" + login(role), Map.of("permission", permission));
    }

    /** A token of a user made here. */
    String token(String role, String... scopes) throws IOException {
        String name = login(role);
        String token = must(call(
                        basic(name),
                        "POST",
                        "/users/" + name + "/tokens",
                        Map.of("name", "token-" + tokens.size(), "scopes", List.of(scopes))))
                .get("sha1")
                .asText();
        tokens.add(token);
        return token;
    }

    /** Ends every token of a user made here. */
    void revokeTokens(String role) throws IOException {
        String path = "/users/" + login(role) + "/tokens";
        for (JsonNode each : must(call(basic(login(role)), "GET", path, Map.of()))) {
            must(call(basic(login(role)), "DELETE", path + "/" + each.get("id"), Map.of()));
        }
    }

    /** Every token made here. */
    List<String> tokens() {
        return List.copyOf(tokens);
    }

    /** As the cluster admin would list it. */
    private static ForgeHost host(RealGitea gitea) {
        String authority = authority();
        URI api = URI.create(System.getProperty("forge.api"));
        return new ForgeHost(authority, ForgeKind.GITEA, api, Optional.of(gitea.caPem()), Set.of(authority));
    }

    static String authority() {
        return URI.create(System.getProperty("forge.url")).getAuthority();
    }

    /** @param name of a repository of the organisation */
    Forge forge(String name, String token) throws Exception {
        return forges.open(host(gitea), new RepositoryUrl(authority(), gitea.owner(), name), new Token(token));
    }

    /** Adds a commit to a branch, which starts at {@code main} when it isn't there; answers its id. */
    String commitTo(String branch, String message) throws IOException {
        boolean there = hasBranch(branch);
        String text = Base64.getEncoder().encodeToString(message.getBytes(StandardCharsets.UTF_8));
        Map<String, Object> file =
                Map.of("content", text, "message", message, "branch", there ? branch : "main", "new_branch", branch);
        return admin("POST", "/repos/" + repository() + "/contents/file-" + ++files, file)
                .path("commit")
                .path("sha")
                .asText();
    }

    /** Gitea first finds out in the background whether it can, and says 405 until then. */
    void merge(int number) {
        String path = "/repos/" + repository() + "/pulls/" + number + "/merge";
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> call(ADMIN, "POST", path, Map.of("Do", "merge")).status() == 200);
    }

    private boolean hasBranch(String branch) throws IOException {
        String path = "/repos/" + repository() + "/branches?limit=50&page=";
        int page = 1;
        JsonNode branches = admin("GET", path + page, Map.of());
        while (!branches.isEmpty()) {
            for (JsonNode each : branches) {
                if (each.path("name").asText().equals(branch)) {
                    return true;
                }
            }
            branches = admin("GET", path + ++page, Map.of());
        }
        return false;
    }

    /** As the administrator; anything but success fails the test. */
    JsonNode admin(String method, String path, Map<String, ?> body) throws IOException {
        return must(call(ADMIN, method, path, body));
    }

    private static JsonNode must(Reply reply) {
        assertThat(reply.status()).as("%s", reply.body()).isBetween(200, 299);
        return reply.body();
    }

    private static String basic(String user) {
        String pair = user + ":" + PASSWORD;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /** @param body sent as JSON unless it is empty */
    Reply call(String authorization, String method, String path, Map<String, ?> body) throws IOException {
        var request = new HttpUriRequestBase(method, URI.create(System.getProperty("forge.api") + path));
        request.setHeader("Authorization", authorization);
        if (!body.isEmpty()) {
            request.setEntity(new StringEntity(JSON.writeValueAsString(body), ContentType.APPLICATION_JSON));
        }
        return client.execute(request, response -> {
            String text = response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity());
            return new Reply(response.getCode(), text.isBlank() ? MissingNode.getInstance() : JSON.readTree(text));
        });
    }

    /** A page as a user sees who has signed in. */
    String page(String role, String url) throws IOException {
        var signIn = new HttpUriRequestBase("POST", URI.create(System.getProperty("forge.url") + "/user/login"));
        signIn.setEntity(new StringEntity(
                "user_name=" + login(role) + "&password=" + PASSWORD, ContentType.APPLICATION_FORM_URLENCODED));
        String session = client.execute(signIn, response -> {
            assertThat(response.getCode()).isEqualTo(303);
            // The session gets another name when someone signs in: the last one counts.
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
            assertThat(response.getCode()).as(url).isEqualTo(200);
            return text;
        });
    }

    Path caPem() {
        return gitea.caPem();
    }

    @Override
    public void close() throws IOException {
        forges.close();
        client.close();
    }
}
