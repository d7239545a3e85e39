package dev.sessionpublish.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectSpec;
import dev.sessionpublish.embedded.EmbeddedCluster;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
    private static int secrets;

    @BeforeAll
    static void start() throws IOException {
        cluster = EmbeddedCluster.in(directory).start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void oneTokenServesForBoth() throws Exception {
        Credentials read = read(Map.of("token", "abc"));
        assertThat(read.requirePush().value()).isEqualTo("abc");
        assertThat(read.requirePullRequest().value()).isEqualTo("abc");
        assertThat(read.version()).isNotEmpty();
    }

    @Test
    void aTokenOfItsOwnGoesBeforeTheSharedOne() throws Exception {
        Credentials read = read(Map.of("token", "abc", "push-token", "push", "pull-request-token", "pr"));
        assertThat(read.push().map(Token::value)).contains("push");
        assertThat(read.pullRequest().map(Token::value)).contains("pr");
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
        assertThat(read(Map.of("token", value)).requirePush().value()).isEqualTo("abc");
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
    void theKeyOfAnAppIsNotSupportedYet() {
        assertThat(refusal(Map.of("app-id", "1", "private-key", "x"))).hasMessageContaining("not supported yet");
    }

    @Test
    void aSecretThatIsNotThereIsNamed() {
        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> Credentials.read(cluster.client(), project("absent")));
        assertThat(refused.reason()).isEqualTo(ProjectReason.MISSING_CREDENTIALS);
        assertThat(refused).hasMessageContaining("The Secret absent does not exist");
    }

    private static RefusedException refusal(Map<String, String> data) {
        return catchThrowableOfType(RefusedException.class, () -> read(data));
    }

    private static Credentials read(Map<String, String> data) throws RefusedException {
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
        return Credentials.read(cluster.client(), project(name));
    }

    private static Project project(String secret) throws RefusedException {
        SessionProject project = new SessionProject();
        project.setMetadata(new ObjectMetaBuilder()
                .withNamespace("team")
                .withName("web")
                .withUid("u")
                .withGeneration(1L)
                .build());
        project.setSpec(Serialization.unmarshal(
                "repository: https://github.com/acme/web\ncredentialsSecret: {name: " + secret + "}",
                SessionProjectSpec.class));
        return Project.of(project, ForgeHosts.DEFAULT);
    }
}
