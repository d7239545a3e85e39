package dev.sessionpublish.forge.github;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.embedded.GitHubExchange;
import dev.sessionpublish.embedded.GitHubPull;
import dev.sessionpublish.embedded.GitHubStandIn;
import dev.sessionpublish.embedded.GitHubToken.Access;
import dev.sessionpublish.embedded.TestCa;
import dev.sessionpublish.forge.BareOrigin;
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
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** A stand-in for GitHub with one repository, {@code acme/web}, new for each test, and tokens for it. */
final class GitHubScene implements AutoCloseable {
    static final String WRITER = "ghp_WriterCanary0123456789";
    static final String READER = "github_pat_ReaderCanary0123456789";
    static final String PUSHER = "ghp_PusherCanary0123456789";
    static final String STRANGER = "ghp_StrangerCanary0123456789";
    static final String REPOSITORY = "acme/web";
    static final String WEB = "https://git.example.com";
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final TestCa ca;
    private int scenes;
    private Optional<GitHubStandIn> standIn = Optional.empty();
    private Optional<Forges> forges = Optional.empty();
    private Optional<BareOrigin> origin = Optional.empty();

    private GitHubScene(Path directory, TestCa ca) {
        this.directory = directory;
        this.ca = ca;
    }

    record Reply(int status, Map<String, String> headers, JsonNode body) {}

    static GitHubScene start(Path directory) throws IOException {
        return new GitHubScene(directory, TestCa.create(directory.resolve("ca")));
    }

    void anew() throws IOException {
        anew(Duration.ofSeconds(20));
    }

    void anew(Duration timeout) throws IOException {
        close();
        Path root = directory.resolve("scene-" + ++scenes);
        origin = Optional.of(BareOrigin.create(root.resolve(REPOSITORY + ".git")));
        GitHubStandIn started = GitHubStandIn.start(ca, root, WEB);
        started.token(WRITER, "agent").may(Access.WRITE, REPOSITORY);
        started.token(PUSHER, "agent").may(Access.PUSH, REPOSITORY);
        started.fineGrainedToken(READER, "reader").may(Access.READ, REPOSITORY);
        started.repository(REPOSITORY)
                .collaborators("grace", "copilot-pull-request-reviewer[bot]", "copilot-swe-agent[bot]")
                .teams("core");
        standIn = Optional.of(started);
        forges = Optional.of(TestForges.create(timeout, Clock.fixed(NOW, ZoneOffset.UTC)));
    }

    GitHubStandIn gitHub() {
        return standIn.orElseThrow();
    }

    BareOrigin origin() {
        return origin.orElseThrow();
    }

    Forges forges() {
        return forges.orElseThrow();
    }

    Path caPem() {
        return ca.caPem();
    }

    Forge forge(String repository, String token) throws Exception {
        return forge(gitHub().apiUrl(), repository, token);
    }

    Forge forge(URI api, String repository, String token) throws Exception {
        int slash = repository.indexOf('/');
        return forges().open(
                        host(api, Optional.of(ca.caPem())),
                        new RepositoryUrl(
                                "git.example.com", repository.substring(0, slash), repository.substring(slash + 1)),
                        new Token(token));
    }

    ForgeHost host(URI api, Optional<Path> caBundle) {
        return new ForgeHost("git.example.com", ForgeKind.GITHUB, api, caBundle, Set.of());
    }

    GitHubPull pull(int number) {
        return gitHub().pulls(REPOSITORY).stream()
                .filter(each -> each.number() == number)
                .findFirst()
                .orElseThrow();
    }

    void patch(int number, String body) throws Exception {
        assertThat(call("PATCH", "/repos/acme/web/pulls/" + number, WRITER, body)
                        .status())
                .isEqualTo(200);
    }

    void merge(int number) throws Exception {
        assertThat(call("PUT", "/repos/acme/web/pulls/" + number + "/merge", WRITER, "{}")
                        .status())
                .isEqualTo(200);
    }

    /** Method and path of each request so far. */
    List<String> lines() {
        return gitHub().exchanges().stream().map(GitHubExchange::line).toList();
    }

    /** A request as it is, not through what is tested. */
    Reply call(String method, String path, String token, String body) throws Exception {
        HttpUriRequestBase request = new HttpUriRequestBase(method, URI.create(gitHub().apiUrl() + path));
        request.addHeader("Authorization", "token " + token);
        if (!body.isEmpty()) {
            request.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
        }
        try (CloseableHttpClient client = ForgeHttp.create(Optional.of(ca.caPem()), Duration.ofSeconds(20))) {
            return client.execute(request, response -> {
                Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                for (Header each : response.getHeaders()) {
                    headers.put(each.getName(), each.getValue());
                }
                String text = response.getEntity() == null
                        ? "null"
                        : EntityUtils.toString(response.getEntity(), StandardCharsets.UTF_8);
                return new Reply(response.getCode(), headers, JSON.readTree(text));
            });
        }
    }

    @Override
    public void close() {
        forges.ifPresent(Forges::close);
        standIn.ifPresent(GitHubStandIn::close);
    }
}
