package dev.sessionpublish.forge.github;

import static dev.sessionpublish.forge.github.GitHubAppScene.PAIR;
import static dev.sessionpublish.forge.github.GitHubAppScene.REPOSITORY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sessionpublish.embedded.AppKeyPair;
import dev.sessionpublish.embedded.TestCa;
import dev.sessionpublish.forge.AppKey;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.ForgeHttp;
import dev.sessionpublish.http.RestApi;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GitHub's rules for Apps, which the stand-in enforces. */
class GitHubAppsStandInTest {
    private static final String TOKENS = "/app/installations/98765400/access_tokens";

    private GitHubAppScene scene;
    private CloseableHttpClient client;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        TestCa ca = TestCa.create(directory.resolve("ca"));
        scene = new GitHubAppScene(ca, directory);
        client = ForgeHttp.create(Optional.of(ca.caPem()), Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        scene.close();
    }

    @Test
    void aJwtIsSignedByTheAppAndValidNow() throws Exception {
        Instant now = Instant.now();
        assertThat(get("/app", jwt(PAIR, "1234501", now)).status()).isEqualTo(200);
        assertThat(message(get("/app", jwt(AppKeyPair.generate(), "1234501", now))))
                .isEqualTo("401 A JSON web token could not be decoded");
        assertThat(message(get("/app", "no.jwt"))).isEqualTo("401 A JSON web token could not be decoded");
        assertThat(message(get("/app", jwt(PAIR, "42", now)))).isEqualTo("404 Integration not found");
        assertThat(message(get("/app", jwt(PAIR, "1234501", now.minusSeconds(600)))))
                .startsWith("401 'Expiration time' claim ('exp') must be");
        assertThat(message(get("/app", jwt(PAIR, "1234501", now.plusSeconds(90)))))
                .isEqualTo("401 'Expiration time' claim ('exp') is too far in the future");
    }

    @Test
    void aTokenIsForWhatTheInstallationHas() throws Exception {
        assertThat(issue("web", Map.of("contents", "read")).status()).isEqualTo(201);
        assertThat(message(issue("other", Map.of("contents", "read"))))
                .startsWith("422 There is at least one repository that does not exist");
        assertThat(message(issue("web", Map.of("contents", "admin"))))
                .isEqualTo("422 The permissions requested are not granted to this installation.");
        assertThat(message(issue("web", Map.of("workflows", "write"))))
                .isEqualTo("422 The permissions requested are not granted to this installation.");
        scene.installation().suspend();
        assertThat(message(issue("web", Map.of("contents", "read"))))
                .isEqualTo("403 This installation has been suspended");
        scene.installation().remove();
        assertThat(message(issue("web", Map.of("contents", "read")))).isEqualTo("404 Not Found");
    }

    @Test
    void aTokenMayDoWhatItsPermissionsSayForAnHour() throws Exception {
        Answer issued = issue("web", Map.of("contents", "read"));
        String token = issued.json().path("token").asText();

        assertThat(Instant.parse(issued.json().path("expires_at").asText()))
                .isBetween(Instant.now().plusSeconds(3500), Instant.now().plusSeconds(3601));
        assertThat(get("/repos/" + REPOSITORY, token).status()).isEqualTo(200);
        assertThat(message(get("/repos/" + REPOSITORY + "/pulls", token)))
                .isEqualTo("403 Resource not accessible by integration");
        assertThat(message(get("/user", token))).isEqualTo("403 Resource not accessible by integration");
        assertThat(message(get("/app", token))).isEqualTo("401 A JSON web token could not be decoded");
        scene.gitHub().apps().clock(Clock.fixed(Instant.now().plusSeconds(3601), ZoneOffset.UTC));
        assertThat(message(get("/repos/" + REPOSITORY, token))).isEqualTo("401 Bad credentials");
    }

    private static String jwt(AppKeyPair pair, String appId, Instant now) throws Exception {
        return AppJwt.sign(AppKey.of(appId, pair.pkcs1(), Optional.empty()), now);
    }

    private Answer issue(String repository, Map<String, String> permissions) throws Exception {
        return send("POST", TOKENS, jwt(PAIR, "1234501", Instant.now()), AppRequests.scope(repository, 0, permissions));
    }

    private Answer get(String path, String bearer) throws Exception {
        return send("GET", path, bearer, null);
    }

    private Answer send(String method, String path, String bearer, ObjectNode body) throws Exception {
        URI api = scene.gitHub().apiUrl();
        HttpUriRequestBase request = new HttpUriRequestBase(method, URI.create(api + path));
        request.setHeader("Authorization", "Bearer " + bearer);
        if (body != null) {
            request.setEntity(new StringEntity(body.toString(), ContentType.APPLICATION_JSON));
        }
        return new RestApi(api, client, Duration.ofSeconds(20)).exchange(request);
    }

    private static String message(Answer answer) {
        return answer.status() + " " + answer.json().path("message").asText();
    }
}
