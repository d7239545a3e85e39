package dev.sessionpublish.forge.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.embedded.TestCa;
import dev.sessionpublish.forge.AppCredential;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers to a GitHub App that are not GitHub's. */
class GitHubAppAnswersTest {
    private static final String TOKENS = "/app/installations/98765400/access_tokens";

    private static TestCa ca;

    @TempDir
    private Path directory;

    private GitHubAppScene scene;

    @BeforeAll
    static void createCa(@TempDir Path shared) throws Exception {
        ca = TestCa.create(shared.resolve("ca"));
    }

    @BeforeEach
    void start() throws Exception {
        scene = new GitHubAppScene(ca, directory);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    private void answer(String method, String path, int status, String json) throws Exception {
        scene.gitHub()
                .next(GitHubFault.answer(
                        method, path, new GitHubReply(status, Map.of(), new ObjectMapper().readTree(json))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "\"text\"",
                "{\"token\":null,\"expires_at\":\"2099-01-01T00:00:00Z\"}",
                "{\"token\":17,\"expires_at\":\"2099-01-01T00:00:00Z\"}",
                "{\"token\":\"two words\",\"expires_at\":\"2099-01-01T00:00:00Z\"}",
                "{\"token\":\"ghs_1\",\"expires_at\":null}",
                "{\"token\":\"ghs_1\",\"expires_at\":4070908800}"
            })
    void anAnswerWithoutATokenOrItsEndIsInvalid(String json) throws Exception {
        answer("POST", TOKENS, 201, json);

        RefusedException refused = catchThrowableOfType(RefusedException.class, scene.credential()::token);

        assertThat(refused.reason()).isEqualTo(SharedReason.SERVER_ERROR);
        assertThat(refused).hasMessageContaining("GitHub's answer to the GitHub App is invalid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"app_slug\":null,\"id\":1,\"account\":{\"login\":\"acme\"},\"target_type\":\"User\"}",
                "{\"app_slug\":\"a/../b\",\"id\":1,\"account\":{\"login\":\"acme\"},\"target_type\":\"User\"}",
                "{\"app_slug\":\"a\",\"id\":1,\"account\":{\"login\":5},\"target_type\":\"User\"}"
            })
    void anAnswerWithoutAnInstallationIsInvalid(String json) throws Exception {
        answer("GET", "/repos/acme/web/installation", 200, json);

        RefusedException refused = catchThrowableOfType(RefusedException.class, scene.credential()::token);

        assertThat(refused).hasMessageContaining("GitHub's answer to the GitHub App is invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2099-01-01T00:00:00Z", "+999999999-12-31T23:59:59Z"})
    void noTokenIsUsedForLongerThanAnHour(String expires) throws Exception {
        answer("POST", TOKENS, 201, "{\"token\":\"ghs_forever\",\"expires_at\":\"" + expires + "\"}");
        AppCredential app = scene.credential();

        assertThat(app.token().value()).isEqualTo("ghs_forever");
        scene.ours().move(Duration.ofMinutes(56));

        assertThat(app.token().value()).isNotEqualTo("ghs_forever");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P2D", "-P30D"})
    void noJwtIsSignedForAnotherDay(String off) throws Exception {
        scene.ours().move(Duration.parse(off));

        RefusedException refused = catchThrowableOfType(RefusedException.class, scene.credential()::token);

        assertThat(refused.reason()).isEqualTo(SharedReason.AUTH);
        assertThat(scene.lines()).containsExactly("GET /repos/acme/web/installation 401");
    }

    @Test
    void aTokenIsRedactedAfterItWasReplacedManyTimes() throws Exception {
        AppCredential app = scene.credential();
        String first = app.token().value();
        for (int i = 0; i < 15; i++) {
            app.refreshed();
        }

        assertThat(app.token().value()).isNotEqualTo(first);
        assertThat(app.redactor().redact(first)).isEqualTo("[redacted]");
    }

    @Test
    void theAccountStaysKnownWhileThereIsNoToken() throws Exception {
        AppCredential app = scene.credential();
        var token = app.token();
        Object account = app.account();

        app.rejected(token);

        assertThat(app.account()).as("so that its rate limit holds").isEqualTo(account);
    }
}
