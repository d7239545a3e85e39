package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sessionpublish.http.ForgeHttp;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * A Gitea that nobody else uses, so that it may be stopped, and its log be read: as talkative as it can be made. Started
 * by the folder that the system property {@code forge.home} names (with {@code up DIR} and {@code down DIR}), below the
 * directory {@code forge.dir}.
 */
final class OwnGitea implements AutoCloseable {
    /** The organisation of all repositories. */
    static final String OWNER = "acme";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWORD = "Correct-Horse-3";

    private final Path directory;
    private final Map<String, String> environment;
    private final CloseableHttpClient client;

    private OwnGitea(Path directory, Map<String, String> environment) throws IOException {
        this.directory = directory;
        this.environment = environment;
        this.client = ForgeHttp.create(Optional.of(caPem()), Duration.ofSeconds(60));
    }

    record Reply(int status, JsonNode body) {}

    static OwnGitea start() throws IOException {
        String below = System.getProperty("forge.dir", "");
        assertThat(below).as("-Dforge.dir=DIR").isNotEmpty();
        Path directory = Files.createTempDirectory(Path.of(below), "own");
        Map<String, String> environment = new HashMap<>();
        run("up", directory).lines().filter(line -> line.startsWith("FORGE_")).forEach(line -> {
            String[] pair = line.split("=", 2);
            environment.put(pair[0], pair[1]);
        });
        OwnGitea gitea = new OwnGitea(directory, environment);
        gitea.stop();
        gitea.talk();
        gitea.startAgain();
        gitea.admin("POST", "/orgs", Map.of("username", OWNER));
        return gitea;
    }

    private void talk() throws IOException {
        Path settings = directory.resolve("app.ini");
        String quiet = Files.readString(settings);
        String talking =
                quiet.replace("[database]", "[database]\nLOG_SQL = true").replace("LEVEL = Warn", """
                        LEVEL = Trace
                        logger.access.MODE = console
                        logger.router.MODE = console
                        logger.xorm.MODE = console
                        """);
        assertThat(talking).contains("LOG_SQL", "LEVEL = Trace");
        Files.writeString(settings, talking);
    }

    void stop() throws IOException {
        run("down", directory);
    }

    /** On the port that it had, with all that it had. */
    void startAgain() throws IOException {
        run("up", directory);
    }

    private static String run(String program, Path directory) throws IOException {
        String home = System.getProperty("forge.home", "");
        assertThat(home).as("-Dforge.home=DIR").isNotEmpty();
        Path output = Files.createTempFile("forge", ".out");
        try {
            Process process = new ProcessBuilder(Path.of(home, program).toString(), directory.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(program).isTrue();
            String printed = Files.readString(output);
            assertThat(process.exitValue()).as("%s: %s", program, printed).isZero();
            return printed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.delete(output);
        }
    }

    URI url() {
        return URI.create(environment.get("FORGE_URL"));
    }

    Path caPem() {
        return Path.of(environment.get("FORGE_CA"));
    }

    String log() throws IOException {
        return Files.readString(directory.resolve("gitea.log"), StandardCharsets.ISO_8859_1);
    }

    /** The bare repository on the forge's own disk. */
    Path bare(String repository) {
        return directory.resolve("repositories").resolve(repository + ".git");
    }

    /** Where the content of an LFS object is once it has been uploaded. */
    Path lfsObject(String oid) {
        return directory
                .resolve("lfs")
                .resolve(oid.substring(0, 2))
                .resolve(oid.substring(2, 4))
                .resolve(oid.substring(4));
    }

    /** From now on this is run before every push to the repository. */
    void preReceive(String repository, String shell) throws IOException {
        Path hook = bare(repository).resolve("hooks/pre-receive.d/test");
        Files.writeString(hook, "#!/bin/sh\n" + shell + "\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
    }

    /** A new user, who may do nothing yet. */
    void user(String name) throws IOException {
        admin(
                "POST",
                "/admin/users",
                Map.of(
                        "username",
                        name,
                        "email",
                        name + "@localhost.invalid",
                        "password",
                        PASSWORD,
                        "must_change_password",
                        false));
    }

    /** A token of a user made here. */
    String token(String user, String... scopes) throws IOException {
        Map<String, Object> token = Map.of("name", "token-" + System.nanoTime(), "scopes", List.of(scopes));
        return must(call(basic(user), "POST", "/users/" + user + "/tokens", token))
                .get("sha1")
                .asText();
    }

    /** Ends every token of a user made here. */
    void revokeTokens(String user) throws IOException {
        String path = "/users/" + user + "/tokens";
        for (JsonNode each : must(call(basic(user), "GET", path, Map.of()))) {
            must(call(basic(user), "DELETE", path + "/" + each.get("id"), Map.of()));
        }
    }

    /** As the administrator; anything but success fails the test. */
    JsonNode admin(String method, String path, Map<String, ?> body) throws IOException {
        return must(asAdmin(method, path, body));
    }

    Reply asAdmin(String method, String path, Map<String, ?> body) throws IOException {
        return call("token " + environment.get("FORGE_TOKEN"), method, path, body);
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
    private Reply call(String authorization, String method, String path, Map<String, ?> body) throws IOException {
        var request = new HttpUriRequestBase(method, URI.create(environment.get("FORGE_API") + path));
        request.setHeader("Authorization", authorization);
        // A connection that is kept would be one that a stopped forge has closed.
        request.setHeader("Connection", "close");
        if (!body.isEmpty()) {
            request.setEntity(new StringEntity(JSON.writeValueAsString(body), ContentType.APPLICATION_JSON));
        }
        return client.execute(request, response -> {
            String text = response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity());
            return new Reply(response.getCode(), text.isBlank() ? MissingNode.getInstance() : JSON.readTree(text));
        });
    }

    @Override
    public void close() throws IOException {
        client.close();
        stop();
    }
}
