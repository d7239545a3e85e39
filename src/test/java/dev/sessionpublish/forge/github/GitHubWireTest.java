package dev.sessionpublish.forge.github;

import static dev.sessionpublish.forge.github.GitHubScene.PUSHER;
import static dev.sessionpublish.forge.github.GitHubScene.READER;
import static dev.sessionpublish.forge.github.GitHubScene.REPOSITORY;
import static dev.sessionpublish.forge.github.GitHubScene.WRITER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.sessionpublish.embedded.GitHubExchange;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubPull;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.Forge.NewPullRequest;
import dev.sessionpublish.forge.Forge.PullRequest;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to GitHub and how often, and what happens when the answer is not one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GitHubWireTest {
    private static final String REPO = "/repos/acme/web";
    private static final String PULLS = "/repos/acme/web/pulls";

    @AutoClose
    private GitHubScene scene;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        scene = GitHubScene.start(directory);
    }

    @BeforeEach
    void anew() throws Exception {
        scene.anew();
        scene.origin().commitTo("session/s7", "Add a page");
    }

    @Test
    void aPlainPublishCostsTwoRequestsAndOneWhereTheBaseIsKnown() throws Exception {
        writer().open(request());
        assertThat(scene.lines()).containsExactly("POST " + PULLS);

        scene.origin().commitTo("session/s8", "Add a page");
        Forge forge = writer();
        String base = forge.repository().defaultBranch();
        forge.open(new NewPullRequest("session/s8", base, "Add", "", false, List.of(), List.of(), List.of()));
        assertThat(scene.lines()).containsExactly("POST " + PULLS, "GET " + REPO, "POST " + PULLS);
    }

    @Test
    void aRepositoryThatHasNotChangedCostsNothing() throws Exception {
        Forge.Repository first = writer().repository();
        Forge.Repository again = writer().repository();

        assertThat(scene.gitHub().exchanges())
                .extracting(GitHubExchange::status)
                .containsExactly(200, 304);
        assertThat(again).isEqualTo(first);
        assertThat(again.rateLimit()).isEqualTo(new Forge.RateLimit(4999, 5000, 4_102_444_800L));
    }

    @Test
    void whatOneCredentialMaySeeIsNotServedToAnother() throws Exception {
        assertThat(writer().repository().canPush()).isTrue();
        assertThat(scene.forge(REPOSITORY, READER).repository().canPush()).isFalse();

        assertThat(scene.gitHub().exchanges())
                .extracting(GitHubExchange::status)
                .containsExactly(200, 200);
    }

    @Test
    void aChangedRepositoryIsSeen() throws Exception {
        writer().repository();
        scene.gitHub().repository(REPOSITORY).archived(true);

        assertThat(writer().repository().condition()).isEqualTo(Forge.Condition.ARCHIVED);
    }

    @Test
    void gitHubEnterpriseIsSpokenToBelowItsOwnRoot() throws Exception {
        Forge forge = scene.forge(scene.gitHub().enterpriseApiUrl(), REPOSITORY, WRITER);

        assertThat(forge.repository().canonical()).isEqualTo(REPOSITORY);
        assertThat(forge.open(request()).pullRequest().url()).isEqualTo(GitHubScene.WEB + "/acme/web/pull/1");
        assertThat(forge.pullRequestsOf("session/s7")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 429})
    void anExhaustedLimitIsNeitherWaitedForNorAskedAgain(int status) throws Exception {
        long reset = Instant.now().getEpochSecond() + 3000;
        scene.gitHub().token(WRITER, "agent").rateLimit(0, 5000, reset, status);

        RefusedException refused = refusal(SharedReason.RATE_LIMITED, () -> writer().open(request()));

        assertThat(refused.retryAfter()).hasValueSatisfying(wait -> assertThat(wait)
                .isBetween(Duration.ofMinutes(45), Duration.ofSeconds(3002)));
        assertThat(scene.lines()).hasSize(1);
    }

    @Test
    void aSecondaryLimitSaysHowLongToWaitOrAMinute() throws Exception {
        scene.gitHub().next(GitHubFault.secondaryLimit("POST", PULLS, Optional.of(Duration.ofSeconds(17))));
        scene.gitHub().next(GitHubFault.secondaryLimit("POST", PULLS, Optional.empty()));

        assertThat(refusal(SharedReason.RATE_LIMITED, () -> writer().open(request()))
                        .retryAfter())
                .contains(Duration.ofSeconds(17));
        assertThat(refusal(SharedReason.RATE_LIMITED, () -> scene.forge(REPOSITORY, PUSHER)
                                .open(request()))
                        .retryAfter())
                .contains(Duration.ofSeconds(60));
        assertThat(scene.lines()).hasSize(2);
    }

    @Test
    void aCredentialThatWasToldToWaitIsNotAskedForUntilThen() throws Exception {
        scene.gitHub().next(GitHubFault.secondaryLimit("POST", PULLS, Optional.of(Duration.ofSeconds(17))));
        refusal(SharedReason.RATE_LIMITED, () -> writer().open(request()));

        assertThat(refusal(SharedReason.RATE_LIMITED, () -> writer().repository())
                        .retryAfter())
                .contains(Duration.ofSeconds(17));
        assertThat(scene.lines()).hasSize(1);
    }

    @Test
    void aLostConnectionIsNotTriedAgain() {
        scene.gitHub().next(GitHubFault.of(GitHubFault.Kind.RESET, "POST", PULLS));

        refusal(SharedReason.NETWORK, () -> writer().open(request()));

        assertThat(scene.lines()).containsExactly("POST " + PULLS);
        assertThat(scene.gitHub().pulls(REPOSITORY)).isEmpty();
    }

    @Test
    void aPullRequestWhoseAnswerWasLostIsFoundAfterwards() throws Exception {
        scene.gitHub().next(GitHubFault.of(GitHubFault.Kind.RESET_AFTER_EFFECT, "POST", PULLS));

        refusal(SharedReason.NETWORK, () -> writer().open(request()));

        assertThat(scene.gitHub().pulls(REPOSITORY)).hasSize(1);
        assertThat(writer().pullRequestsOf("session/s7"))
                .extracting(PullRequest::number)
                .containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"STALL", "DRIP"})
    void anAnswerThatDoesNotEndIsGivenUp(String kind) throws Exception {
        scene.anew(Duration.ofMillis(400));
        scene.gitHub().next(GitHubFault.of(GitHubFault.Kind.valueOf(kind), "GET", REPO));

        assertThat(refusal(SharedReason.NETWORK, () -> writer().repository())).hasMessageContaining("within");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>Proxy login</html>",
                "",
                "null",
                "[]",
                "{}",
                "{\"full_name\":\"a/b/c\"}",
                "{\"full_name\":[1]}"
            })
    void anAnswerThatIsNotARepositoryIsTheServersError(String body) {
        scene.gitHub().next(answer("GET", REPO, 200, body));

        refusal(SharedReason.SERVER_ERROR, () -> writer().repository());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "{}", "[null]", "[{}]", "[{\"number\":1,\"head\":{\"ref\":\"session/s7\"}}]"})
    void anAnswerThatIsNotAListIsTheServersErrorOrEmpty(String body) throws Exception {
        scene.gitHub().next(answer("GET", PULLS, 200, body));

        try {
            assertThat(writer().pullRequestsOf("session/s7")).isEmpty();
        } catch (RefusedException e) {
            assertThat(e.reason()).isEqualTo(SharedReason.SERVER_ERROR);
        }
    }

    @Test
    void anAnswerThatIsTooLongIsNotHeld() {
        scene.gitHub().next(answer("GET", REPO, 200, "\"" + "x".repeat(11 * 1024 * 1024) + "\""));

        assertThat(refusal(SharedReason.SERVER_ERROR, () -> writer().repository()))
                .hasMessageContaining("exceeds 10 MiB");
    }

    @Test
    void aPageOfAProxyIsTheServersError() {
        scene.gitHub().next(answer("POST", PULLS, 502, "<html>Bad gateway</html>"));

        refusal(SharedReason.SERVER_ERROR, () -> writer().open(request()));
        assertThat(scene.lines()).hasSize(1);
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsNamedAsTheProblem() throws Exception {
        Forge forge = scene.forges()
                .open(
                        scene.host(scene.gitHub().apiUrl(), Optional.empty()),
                        new RepositoryUrl("git.example.com", "acme", "web"),
                        new Token(WRITER));

        assertThat(refusal(SharedReason.NETWORK, forge::repository))
                .hasMessageContaining("certificate of localhost")
                .hasMessageContaining("set the caBundle of the host");
    }

    @Test
    void aHostThatRefusesConnectionsAndOneWithoutAnAddressAreToldApart() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Forge down = scene.forge(URI.create("https://localhost:" + port), REPOSITORY, WRITER);
        Forge nowhere = scene.forge(URI.create("https://forge.invalid"), REPOSITORY, WRITER);

        assertThat(refusal(SharedReason.NETWORK, down::repository)).hasMessageContaining("refuses connections");
        assertThat(refusal(SharedReason.NETWORK, nowhere::repository)).hasMessageContaining("can't be resolved");
    }

    @Test
    void aCaBundleThatIsNotThereIsSaid() {
        ForgeHost host = new ForgeHost(
                "git.example.com",
                ForgeKind.GITHUB,
                scene.gitHub().apiUrl(),
                Optional.of(scene.caPem().resolveSibling("absent.pem")),
                Set.of());

        assertThat(refusal(SharedReason.NETWORK, () -> scene.forges()
                        .open(host, new RepositoryUrl("git.example.com", "acme", "web"), new Token(WRITER))))
                .hasMessageContaining("CA bundle of git.example.com");
    }

    @Test
    void aRenamedRepositoryIsFollowedToItsNewName() throws Exception {
        scene.gitHub().rename(REPOSITORY, "acme/site");

        assertThat(writer().repository().canonical()).isEqualTo("acme/site");
        assertThat(writer().open(request()).pullRequest().url()).isEqualTo(GitHubScene.WEB + "/acme/site/pull/1");
        assertThat(writer().pullRequestsOf("session/s7")).hasSize(1);
        assertThat(scene.gitHub().pulls("acme/site")).hasSize(1);
    }

    @Test
    void readingAndClosingAPullRequestCostOneRequestEach() throws Exception {
        int number = writer().open(request()).pullRequest().number();

        writer().pullRequest(number);
        writer().close(number);

        assertThat(scene.lines()).containsExactly("POST " + PULLS, "GET " + PULLS + "/1", "PATCH " + PULLS + "/1");
    }

    @Test
    void aPullRequestOfARenamedRepositoryIsClosed() throws Exception {
        int number = writer().open(request()).pullRequest().number();
        scene.gitHub().rename(REPOSITORY, "acme/site");

        assertThat(writer().pullRequest(number).state()).isEqualTo(Forge.State.OPEN);
        writer().close(number);

        assertThat(scene.gitHub().pulls("acme/site"))
                .extracting(GitHubPull::state)
                .containsExactly("closed");
    }

    @Test
    void aRedirectOffTheApiIsNotFollowed() {
        scene.gitHub()
                .next(GitHubFault.answer(
                        "GET",
                        REPO,
                        GitHubReply.error(301, "Moved Permanently")
                                .with("Location", "https://evil.example/repos/a/b")));

        assertThat(refusal(SharedReason.UNSUPPORTED_HOST, () -> writer().repository()))
                .hasMessageContaining("not followed");
    }

    @Test
    void redirectsInACircleEnd() {
        scene.gitHub()
                .next(GitHubFault.answer(
                                "GET",
                                REPO,
                                GitHubReply.error(301, "Moved Permanently").with("Location", REPO))
                        .times(10));

        refusal(SharedReason.UNKNOWN, () -> writer().repository());
        assertThat(scene.lines()).hasSize(4);
    }

    @Test
    void singleSignOnIsAskedForWithItsAddress() {
        scene.gitHub()
                .next(GitHubFault.singleSignOn(
                        "POST", PULLS, GitHubScene.WEB + "/orgs/acme/sso?authorization_request=A1"));

        assertThat(refusal(SharedReason.SSO_REQUIRED, () -> writer().open(request())))
                .hasMessageContaining(GitHubScene.WEB + "/orgs/acme/sso?authorization_request=A1");
    }

    @ParameterizedTest
    @ValueSource(strings = {PUSHER, READER})
    void aTokenThatMayNotOpenPullRequestsIsForbidden(String token) {
        assertThat(refusal(SharedReason.FORBIDDEN, () -> scene.forge(REPOSITORY, token)
                        .open(request())))
                .hasMessageContaining("permission");
    }

    @Test
    void aBranchWithoutCommitsOfItsOwnHasNoChanges() throws Exception {
        scene.origin().branch("session/same");

        refusal(PullRequestReason.NO_CHANGES, () -> writer().open(
                        new NewPullRequest("session/same", "main", "Add", "", false, List.of(), List.of(), List.of())));
    }

    @Test
    void disabledPullRequestsAndDraftsAreSaid() {
        scene.gitHub().repository(REPOSITORY).drafts(false);
        refusal(PullRequestReason.PULL_REQUESTS_DISABLED, () -> writer().open(
                        new NewPullRequest("session/s7", "main", "Add", "", true, List.of(), List.of(), List.of())));
        scene.gitHub().repository(REPOSITORY).pullRequests(false);
        refusal(PullRequestReason.PULL_REQUESTS_DISABLED, () -> writer().open(request()));
    }

    @Test
    void teamsAreAskedForReviewsByTheirSlug() throws Exception {
        Forge.Opened opened = writer().open(new NewPullRequest(
                "session/s7", "main", "Add", "", false, List.of(), List.of("grace", "acme/core"), List.of()));

        GitHubPull stored = scene.pull(opened.pullRequest().number());
        assertThat(opened.notes()).isEmpty();
        assertThat(stored.reviewers()).containsExactly("grace");
        assertThat(stored.teams()).containsExactly("core");
    }

    /** GitHub lists requested bots nowhere, and some assigned ones by another login. */
    @Test
    void botsAreAskedForReviewsAndAssignedByTheirLogin() throws Exception {
        Forge.Opened opened = writer().open(new NewPullRequest(
                "session/s7",
                "main",
                "Add",
                "",
                false,
                List.of(),
                List.of("copilot-pull-request-reviewer[bot]"),
                List.of("grace", "copilot-swe-agent[bot]")));

        GitHubPull stored = scene.pull(opened.pullRequest().number());
        assertThat(opened.notes()).isEmpty();
        assertThat(stored.reviewers()).containsExactly("copilot-pull-request-reviewer[bot]");
        assertThat(stored.assignees()).containsExactly("grace", "Copilot");
    }

    @Test
    void aRefusalOfTheUsersLeavesTheTeamsBe() throws Exception {
        scene.gitHub()
                .next(GitHubFault.answer(
                        "POST",
                        "/repos/acme/web/pulls/1/requested_reviewers",
                        GitHubReply.error(403, "Resource not accessible by personal access token")));

        Forge.Opened opened = writer().open(new NewPullRequest(
                "session/s7", "main", "Add", "", false, List.of(), List.of("grace", "acme/core"), List.of()));

        assertThat(opened.notes())
                .singleElement()
                .asString()
                .startsWith("The reviewer grace could not be added.")
                .doesNotContain("core");
        assertThat(scene.pull(1).teams()).containsExactly("core");
    }

    @Test
    void whatCanNotBeAddedIsANoteAndThePullRequestStands() throws Exception {
        scene.gitHub().next(GitHubFault.secondaryLimit("POST", "/repos/acme/web/issues/1/labels", Optional.empty()));
        scene.gitHub()
                .next(GitHubFault.of(GitHubFault.Kind.RESET, "POST", "/repos/acme/web/pulls/1/requested_reviewers"));

        Forge.Opened opened = writer().open(new NewPullRequest(
                "session/s7", "main", "Add", "", false, List.of("agent"), List.of("grace"), List.of("grace")));

        assertThat(opened.notes()).hasSize(2);
        assertThat(scene.pull(1).assignees()).containsExactly("grace");
    }

    @Test
    void nothingThatTheLibraryLogsHoldsACredential() throws Exception {
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(new SimpleFormatter().format(entry));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        handler.setLevel(Level.ALL);
        Logger library = Logger.getLogger("org.kohsuke.github");
        Level before = library.getLevel();
        library.addHandler(handler);
        library.setLevel(Level.ALL);
        library.setUseParentHandlers(false);
        try {
            writer().repository();
            writer().open(request());
            writer().pullRequestsOf("session/s7");
            scene.gitHub()
                    .next(GitHubFault.of(GitHubFault.Kind.RESET, "GET", REPO).times(2));
            refusal(SharedReason.NETWORK, () -> writer().repository());
            scene.gitHub().revoke(WRITER);
            refusal(SharedReason.AUTH, () -> writer().repository());
        } finally {
            library.removeHandler(handler);
            library.setLevel(before);
            library.setUseParentHandlers(true);
        }

        assertThat(logged).isNotEmpty().noneMatch(line -> line.contains("Canary"));
        assertThat(scene.gitHub().exchanges())
                .allSatisfy(each -> assertThat(each.header("Authorization")).contains("Bearer " + WRITER));
    }

    private Forge writer() throws Exception {
        return scene.forge(REPOSITORY, WRITER);
    }

    private static NewPullRequest request() {
        return new NewPullRequest(
                "session/s7", "main", "Add a page", "It was asked for.", false, List.of(), List.of(), List.of());
    }

    private static GitHubFault answer(String method, String path, int status, String body) {
        return GitHubFault.answer(method, path, new GitHubReply(status, Map.of(), new TextNode(body)));
    }

    private static RefusedException refusal(Reason reason, ThrowingCallable call) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, call);
        assertThat(refused).as("a refusal").isNotNull();
        assertThat(refused.reason()).as(refused.getMessage()).isEqualTo(reason);
        assertThat(refused).hasNoCause();
        assertThat(refused.getMessage()).doesNotContain("Canary").doesNotContain("\n");
        return refused;
    }
}
