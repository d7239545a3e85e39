package dev.sessionpublish.forge.github;

import static dev.sessionpublish.forge.github.GitHubAppScene.ALL;
import static dev.sessionpublish.forge.github.GitHubAppScene.PAIR;
import static dev.sessionpublish.forge.github.GitHubAppScene.REPOSITORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.embedded.AppKeyPair;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.embedded.TestCa;
import dev.sessionpublish.forge.AppCredential;
import dev.sessionpublish.forge.AppPermission;
import dev.sessionpublish.forge.AppReason;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GitHub App's tokens, from a stand-in that checks what GitHub checks. */
class GitHubAppTest {
    private static final List<String> MINT =
            List.of("GET /repos/acme/web/installation 200", "POST /app/installations/98765400/access_tokens 201");

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

    @Test
    void aTokenIsForOneRepositoryWithWhatIsUsedOfWhatIsGranted() throws Exception {
        AppCredential app = scene.credential();

        assertThat(app.token().value()).startsWith("ghs_").hasSizeGreaterThan(500);
        assertThat(scene.lines()).isEqualTo(MINT);
        assertThat(new ObjectMapper()
                        .readTree(scene.gitHub().exchanges().get(1).body())
                        .toString())
                .isEqualTo("{\"repositories\":[\"web\"],\"permissions\":{\"checks\":\"read\",\"contents\":\"write\","
                        + "\"metadata\":\"read\",\"pull_requests\":\"write\",\"statuses\":\"read\"}}");
        assertThat(app.installation().slug()).isEqualTo("octo-publisher");
        assertThat(app.installation().account()).isEqualTo("acme");
        assertThat(app.installation().permissions()).contains("contents: write", "issues: write");
        assertThat(app.installation().missing()).isEmpty();
        assertThat(app.login()).contains("octo-publisher[bot]");
        assertThat(scene.lines()).as("once for all of this").isEqualTo(MINT);
    }

    @Test
    void theApiTakesIt() throws Exception {
        Forge forge = scene.forge(scene.credential());

        assertThat(forge.repository().canonical()).isEqualTo(REPOSITORY);
        assertThat(forge.pullRequestsOf("s1")).isEmpty();
        assertThat(forge.identity()).as("without GET /user, which no App may").contains("octo-publisher[bot]");
        assertThat(scene.lines()).noneMatch(line -> line.contains("/user"));
    }

    @Test
    void aClientIdAndAnInstallationIdServeToo() throws Exception {
        AppCredential app = scene.credential(
                PAIR,
                scene.app().clientId(),
                Optional.of(String.valueOf(scene.installation().id())));

        assertThat(app.token().value()).startsWith("ghs_");
        assertThat(scene.lines().get(0)).isEqualTo("GET /app/installations/98765400 200");
    }

    @Test
    void enterpriseServerHasItsApiElsewhere() throws Exception {
        assertThat(scene.enterpriseCredential().token().value()).startsWith("ghs_");
    }

    @Test
    void aRenamedRepositoryIsNamedByItsId() throws Exception {
        scene.gitHub().rename(REPOSITORY, "acme/site");
        scene.installation().select("acme/site");

        assertThat(scene.credential().token().value()).startsWith("ghs_");
        assertThat(scene.lines())
                .containsExactly(
                        "GET /repos/acme/web/installation 301",
                        "GET /repositories/1/installation 200",
                        "POST /app/installations/98765400/access_tokens 201");
    }

    @Test
    void itIsRenewedFiveMinutesBeforeItExpires() throws Exception {
        AppCredential app = scene.credential();
        Token first = app.token();

        scene.ours().move(Duration.ofMinutes(54));
        assertThat(app.token()).isEqualTo(first);
        scene.ours().move(Duration.ofMinutes(1));
        assertThat(app.token()).isNotEqualTo(first);
        assertThat(scene.gitHub().apps().issued()).hasSize(2);
    }

    @Test
    void manyAtOnceShareOneRequest() throws Exception {
        AppCredential app = scene.credential();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Token>> calls = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                calls.add(app::token);
            }
            for (Future<Token> each : threads.invokeAll(calls)) {
                assertThat(each.get()).isEqualTo(app.token());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(scene.lines()).isEqualTo(MINT);
    }

    @Test
    void aRevokedTokenIsReplacedOnce() throws Exception {
        AppCredential app = scene.credential();
        Forge forge = scene.forge(app);
        forge.repository();
        Token before = app.token();

        scene.gitHub().apps().revokeAll();

        assertThat(forge.pullRequestsOf("s1")).isEmpty();
        assertThat(app.token()).isNotEqualTo(before);
        assertThat(scene.gitHub().apps().issued()).hasSize(2);
    }

    @Test
    void aTokenThatIsAlwaysRejectedIsNotRenewedForEver() throws Exception {
        Forge forge = scene.forge(scene.credential());
        scene.gitHub()
                .next(GitHubFault.answer("GET", "/repos/acme/web", GitHubReply.error(401, "Bad credentials"))
                        .times(100));

        RefusedException refused = catchThrowableOfType(RefusedException.class, forge::repository);

        assertThat(refused.reason()).isEqualTo(SharedReason.AUTH);
        assertThat(scene.gitHub().apps().issued()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-PT3H", "-PT11M", "PT2M", "PT3H"})
    void aWrongClockIsCorrectedByGitHubs(String off) throws Exception {
        scene.ours().move(Duration.parse(off));
        AppCredential app = scene.credential();
        Token first = app.token();

        assertThat(scene.lines())
                .containsExactly(
                        "GET /repos/acme/web/installation 401",
                        "GET /repos/acme/web/installation 200",
                        "POST /app/installations/98765400/access_tokens 201");
        scene.ours().move(Duration.ofMinutes(54));
        assertThat(app.token()).isEqualTo(first);
    }

    @Test
    void anotherKeyIsRejectedWithItsFingerprint() throws Exception {
        AppCredential app = scene.credential(
                AppKeyPair.generate(), String.valueOf(scene.app().id()), Optional.empty());

        RefusedException refused = catchThrowableOfType(RefusedException.class, app::token);

        assertThat(refused.reason()).isEqualTo(SharedReason.AUTH);
        assertThat(refused)
                .hasMessageContainingAll(
                        "GitHub rejects the key of the GitHub App 1234501",
                        "app-id and private-key",
                        "fingerprint is SHA256:",
                        "A JSON web token could not be decoded");
        assertThat(scene.lines()).as("with the server's time once more").hasSize(2);
    }

    @Test
    void anUnknownAppIsNotAMissingInstallation() throws Exception {
        AppCredential app = scene.credential(PAIR, "42", Optional.empty());
        RefusedException refused = catchThrowableOfType(RefusedException.class, app::token);
        assertThat(refused.reason()).isEqualTo(SharedReason.AUTH);
        assertThat(refused).hasMessageContainingAll("the GitHub App 42", "Integration not found");
    }

    @Test
    void anAppThatIsNotInstalledSaysWhereToInstallIt() throws Exception {
        scene.installation().unselect(REPOSITORY);
        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> scene.credential().token());
        assertThat(refused.reason()).isEqualTo(AppReason.APP_NOT_INSTALLED);
        assertThat(refused)
                .hasMessageContainingAll(
                        "The GitHub App octo-publisher is not installed on https://git.example.com/acme/web",
                        "https://git.example.com/github-apps/octo-publisher/installations/new");

        AppCredential named = scene.credential(
                PAIR,
                String.valueOf(scene.app().id()),
                Optional.of(String.valueOf(scene.installation().id())));
        refused = catchThrowableOfType(RefusedException.class, named::token);
        assertThat(refused.reason()).isEqualTo(AppReason.APP_NOT_INSTALLED);
        assertThat(refused)
                .hasMessageContainingAll(
                        "has no access to https://git.example.com/acme/web",
                        "https://git.example.com/organizations/acme/settings/installations/98765400");
    }

    @Test
    void aSuspendedInstallationSaysWhereToUnsuspendIt() throws Exception {
        AppCredential app = scene.credential();
        Forge forge = scene.forge(app);
        forge.repository();

        scene.installation().suspend();
        RefusedException refused = catchThrowableOfType(RefusedException.class, forge::repository);

        assertThat(refused.reason()).isEqualTo(AppReason.APP_SUSPENDED);
        assertThat(refused)
                .hasMessageContaining("is suspended. Unsuspend it at"
                        + " https://git.example.com/organizations/acme/settings/installations/98765400.");
        scene.installation().unsuspend();
        assertThat(forge.repository().canonical()).isEqualTo(REPOSITORY);
    }

    @Test
    void missingPermissionsSayWhereToGrantThem() throws Exception {
        scene.app().request(Map.of("contents", "write", "pull_requests", "read"));
        scene.installation().accept();
        AppCredential app = scene.credential();

        assertThat(app.installation().missing())
                .extracting(AppPermission::toString)
                .containsExactly("pull_requests: write", "checks: read", "statuses: read");
        app.require(AppPermission.CONTENTS);
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> app.require(AppPermission.PULL_REQUESTS));
        assertThat(refused.reason()).isEqualTo(SharedReason.FORBIDDEN);
        assertThat(refused)
                .hasMessage(
                        "The installation of the GitHub App octo-publisher on acme lacks the permission"
                                + " pull_requests: write. Change that: grant it in the App's settings at"
                                + " https://git.example.com/organizations/acme/settings/apps/octo-publisher/permissions"
                                + " (Repository permissions), then accept the change at"
                                + " https://git.example.com/organizations/acme/settings/installations/98765400/permissions/update.");

        scene.app().request(ALL);
        refused = catchThrowableOfType(RefusedException.class, () -> app.require(AppPermission.PULL_REQUESTS));
        assertThat(refused)
                .hasMessageContaining("the App requests more than the owner of acme has accepted: accept the App's new"
                        + " permissions at");

        scene.installation().accept();
        app.require(AppPermission.PULL_REQUESTS);
        assertThat(app.installation().missing()).isEmpty();
    }

    @Test
    void aRateLimitIsTheInstallations() throws Exception {
        scene.installation().quota().rateLimit(0, 5000, scene.ours().instant().getEpochSecond() + 600, 403);
        AppCredential app = scene.credential();
        Object before = app.account();
        app.token();
        assertThat(app.account())
                .isNotEqualTo(before)
                .isEqualTo(scene.credential().account());

        Forge forge = scene.forge(app);
        assertThat(catchThrowableOfType(RefusedException.class, forge::repository)
                        .reason())
                .isEqualTo(SharedReason.RATE_LIMITED);
        scene.gitHub().apps().revokeAll();
        app.refreshed();
        int sent = scene.lines().size();
        assertThat(catchThrowableOfType(RefusedException.class, scene.forge(app)::repository))
                .as("a new token inherits it")
                .hasMessageContaining("is exceeded until");
        assertThat(scene.lines()).hasSize(sent);
    }

    @Test
    void everyTokenIsRedacted() throws Exception {
        AppCredential app = scene.credential();
        var redactor = app.redactor();
        String first = app.token().value();
        app.refreshed();
        String second = app.token().value();

        assertThat(second).isNotEqualTo(first);
        for (String each : List.of(first, second)) {
            String basic =
                    Base64.getEncoder().encodeToString(("x-access-token:" + each).getBytes(StandardCharsets.UTF_8));
            assertThat(redactor.redact("a " + each + " b")).isEqualTo("a [redacted] b");
            assertThat(redactor.redact("a " + each.replace(".", "%2E").replace("_", "%5F") + " b"))
                    .isEqualTo("a [redacted] b");
            assertThat(redactor.redact("Basic " + basic)).isEqualTo("Basic [redacted]");
        }
        assertThat(redactor.redact(PAIR.aLine())).isEqualTo("[redacted]");
        assertThat(app.toString()).doesNotContain(second).doesNotContain(PAIR.aLine());
    }

    @Test
    void aJwtThatIsThrownBackIsRedacted() throws Exception {
        AppCredential app = scene.credential();
        app.token();
        String jwt = scene.gitHub()
                .exchanges()
                .get(0)
                .header("Authorization")
                .orElseThrow()
                .substring(7);
        scene.gitHub()
                .next(GitHubFault.answer(
                                "GET",
                                "/repos/acme/web/installation",
                                GitHubReply.error(403, "you sent " + jwt + " and " + PAIR.aLine()))
                        .times(100));
        RefusedException refused = catchThrowableOfType(RefusedException.class, app::refreshed);
        assertThat(refused).hasMessageContaining("you sent [redacted] and [redacted]");
    }
}
