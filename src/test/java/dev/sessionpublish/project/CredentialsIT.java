package dev.sessionpublish.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectSpec;
import dev.sessionpublish.embedded.AppKeyPair;
import dev.sessionpublish.embedded.EmbeddedCluster;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.forge.TestForges;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsIT {
    @TempDir
    private static Path directory;

    private static EmbeddedCluster cluster;
    private static Forges forges;
    private static int secrets;

    @BeforeAll
    static void start() throws IOException {
        cluster = EmbeddedCluster.in(directory).start();
        forges = TestForges.create(Duration.ofSeconds(5), Clock.systemUTC());
    }

    @AfterAll
    static void stop() {
        forges.close();
        cluster.close();
    }

    @Test
    void oneTokenServesForBoth() throws Exception {
        Credentials read = read(Map.of("token", "abc"));
        assertThat(read.requirePush().token().value()).isEqualTo("abc");
        assertThat(read.requirePullRequest().token().value()).isEqualTo("abc");
        assertThat(read.version()).isNotEmpty();
    }

    @Test
    void aTokenOfItsOwnGoesBeforeTheSharedOne() throws Exception {
        Credentials read = read(Map.of("token", "abc", "push-token", "push", "pull-request-token", "pr"));
        assertThat(read.requirePush()).isEqualTo(new Token("push"));
        assertThat(read.requirePullRequest()).isEqualTo(new Token("pr"));
    }

    @Test
    void eachPartMayBeMissingAlone() throws Exception {
        Credentials push = read(Map.of("push-token", "push"));
        assertThat(push.pullRequest()).isEmpty();
        assertThat(catchThrowableOfType(RefusedException.class, push::requirePullRequest))
                .hasMessageContaining("pull-request-token");
        Credentials api = read(Map.of("pull-request-token", "pr"));
        assertThat(api.push()).isEmpty();
        assertThat(catchThrowableOfType(RefusedException.class, api::requirePush))
                .hasMessageContaining("push-token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc\n", "abc\r\n", "  abc\t\n\n", "\uFEFFabc\r\n"})
    void spaceAroundATokenIsNoPartOfIt(String value) throws Exception {
        assertThat(read(Map.of("token", value)).requirePush().token().value()).isEqualTo("abc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tökén", "two words", "one\ntwo", "a\u0000b"})
    void whatCanNotBeATokenIsRefusedWithoutShowingIt(String value) {
        RefusedException refused = refusal(Map.of("token", value));
        assertThat(refused.reason()).isEqualTo(ProjectReason.MISSING_CREDENTIALS);
        assertThat(refused).hasMessageContaining("printable ASCII");
        assertThat(refused.getMessage()).doesNotContain(value).doesNotContain("tökén");
    }

    @Test
    void anEmptyTokenIsNone() {
        assertThat(refusal(Map.of("token", " \n"))).hasMessageContainingAll("The key token of the Secret", "is empty");
        assertThat(refusal(Map.of("password", "x", "user", "y")))
                .hasMessageContaining("has the keys password, user but none of token, push-token, pull-request-token");
        assertThat(refusal(Map.of())).hasMessageContaining("has none of the keys token");
    }

    @Test
    void anAppServesForBoth() throws Exception {
        String pem = AppKeyPair.generate().pkcs1();
        Credentials read = read(Map.of("app-id", " 1234567\n", "private-key", pem, "installation-id", "98\n"));

        assertThat(read.app()).isPresent();
        assertThat(read.requirePush())
                .isSameAs(read.requirePullRequest())
                .isSameAs(read.app().get());
        assertThat(read(Map.of("app-id", "1234567", "private-key", "\uFEFF\n" + pem, "installation-id", "98"))
                        .app())
                .as("the same App again")
                .get()
                .isSameAs(read.app().get());
        assertThat(read(Map.of("app-id", "1234567", "private-key", pem)).app().get())
                .as("without the installation")
                .isNotSameAs(read.app().get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "push-token", "pull-request-token"})
    void aTokenAndAnAppContradictEachOther(String key) {
        assertThat(refusal(Map.of(key, "abc", "app-id", "1", "private-key", "x")))
                .hasMessageContainingAll("keys of a token (" + key + ")", "GitHub App (app-id, private-key)", "Remove");
    }

    @Test
    void anAppLacksNoKey() {
        String pem = AppKeyPair.generate().pkcs8();
        assertThat(refusal(Map.of("app-id", "1"))).hasMessageContaining("but not private-key. Add it, beside app-id");
        assertThat(refusal(Map.of("private-key", pem)))
                .hasMessageContaining("but not app-id. Add it, beside private-key");
        assertThat(refusal(Map.of("installation-id", "1"))).hasMessageContaining("but not app-id");
        assertThat(refusal(Map.of("app-id", " \n", "private-key", pem)))
                .hasMessageContaining("The key app-id of the Secret");
        assertThat(refusal(Map.of("app-id", "my-app", "private-key", pem)))
                .hasMessageContainingAll("The key app-id is neither an App ID", "client ID");
        assertThat(refusal(Map.of("app-id", "1", "private-key", pem, "installation-id", "acme")))
                .hasMessageContaining("The key installation-id is not a number");
        assertThat(refusal(Map.of("app-id", "1", "private-key", "secret-canary")))
                .hasMessageContainingAll("The key private-key is not a PEM file", "--from-file=private-key=FILE")
                .hasMessageNotContaining("canary");
    }

    @Test
    void onlyGitHubHasApps() throws Exception {
        ForgeHosts hosts = ForgeHosts.parse("- {host: git.example.com, kind: Gitea}", Path.of("forges.yaml"));
        String pem = AppKeyPair.generate().pkcs8();
        String name = secret(Map.of("app-id", "1", "private-key", pem));
        RefusedException refused = catchThrowableOfType(
                RefusedException.class,
                () -> Credentials.read(cluster.client(), forges, project(name, "git.example.com", hosts)));
        assertThat(refused).hasMessageContaining("only GitHub has Apps: git.example.com is Gitea");
    }

    @Test
    void aSecretThatIsNotThereIsNamed() {
        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> Credentials.read(cluster.client(), forges, project("absent")));
        assertThat(refused.reason()).isEqualTo(ProjectReason.MISSING_CREDENTIALS);
        assertThat(refused).hasMessageContaining("The Secret absent does not exist");
    }

    private static RefusedException refusal(Map<String, String> data) {
        return catchThrowableOfType(RefusedException.class, () -> read(data));
    }

    private static Credentials read(Map<String, String> data) throws RefusedException {
        return Credentials.read(cluster.client(), forges, project(secret(data)));
    }

    private static String secret(Map<String, String> data) {
        Map<String, String> encoded = new HashMap<>();
        data.forEach((key, value) ->
                encoded.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        String name = "secret-" + ++secrets;
        cluster.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace("team")
                        .withName(name)
                        .endMetadata()
                        .withData(encoded)
                        .build())
                .create();
        return name;
    }

    private static Project project(String secret) throws RefusedException {
        return project(secret, "github.com", ForgeHosts.DEFAULT);
    }

    private static Project project(String secret, String host, ForgeHosts hosts) throws RefusedException {
        SessionProject project = new SessionProject();
        project.setMetadata(new ObjectMetaBuilder()
                .withNamespace("team")
                .withName("web")
                .withUid("u")
                .withGeneration(1L)
                .build());
        project.setSpec(Serialization.unmarshal(
                "repository: https://" + host + "/acme/web\ncredentialsSecret: {name: " + secret + "}",
                SessionProjectSpec.class));
        return Project.of(project, hosts);
    }
}
