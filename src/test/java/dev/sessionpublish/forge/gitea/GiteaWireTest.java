package dev.sessionpublish.forge.gitea;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sessionpublish.embedded.TestCa;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.Forge.NewPullRequest;
import dev.sessionpublish.forge.Forge.PullRequest;
import dev.sessionpublish.forge.Forge.PullRequestExistsException;
import dev.sessionpublish.forge.Forge.State;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.forge.TestForges;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.publish.ReasonByName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is asked and what is made of the answers, which are as a Gitea 1.26 gave them. What a whole Gitea does is
 * tested against one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GiteaWireTest {
    private static final String TOKEN = "0123456789CanaryCanary0123456789abcdef01";
    private static final String REPO = "GET /api/v1/repos/acme/web";
    private static final String PULLS = "GET /api/v1/repos/acme/web/pulls?state=all&limit=50&page=";
    private static final String COMMITS = "GET /api/v1/repos/acme/web/commits?sha=refs%2Fheads%2Fsession%2Fs7"
            + "&not=refs%2Fheads%2Fmain&limit=1&stat=false&verification=false&files=false";
    private static final String OPEN = "POST /api/v1/repos/acme/web/pulls";
    private static final String SHA = "729288d9ef15e735a70213e8977cfc5bdf72fec2";
    private static final String OTHER_SHA = "00aeca81ef15e735a70213e8977cfc5bdf72fec2";
    private static final String REPOSITORY_JSON =
            "{\"full_name\":\"acme/web\",\"default_branch\":\"main\",\"archived\":false,\"has_pull_requests\":true,"
                    + "\"permissions\":{\"admin\":false,\"push\":true,\"pull\":true}}";

    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    @AutoClose
    private Forges forges;

    private TestCa ca;
    private HttpsServer server;

    private record Answer(int status, String body, Map<String, String> headers) {}

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        ca = TestCa.create(directory);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(ca.serverContext()));
        server.createContext("/", this::handle);
        server.start();
    }

    @AfterAll
    void stop() {
        server.stop(0);
    }

    /** Also the forges: they remember who was told to wait. */
    @BeforeEach
    void anew() {
        forges = TestForges.create(Duration.ofSeconds(20), Clock.systemUTC());
        answers.clear();
        requests.clear();
        bodies.clear();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        boolean ours = ("token " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        requests.add(line);
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Deque<Answer> known = answers.getOrDefault(line, new ArrayDeque<>());
        Answer answer = known.isEmpty() || !ours
                ? new Answer(599, "{\"message\":\"not expected: " + TOKEN + "\"}", Map.of())
                : known.size() == 1 ? known.peek() : known.poll();
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** The last answer of a request stays. */
    private void on(String line, int status, String body) {
        on(line, status, body, Map.of());
    }

    private void on(String line, int status, String body, Map<String, String> headers) {
        answers.computeIfAbsent(line, any -> new ArrayDeque<>()).add(new Answer(status, body, headers));
    }

    private Forge forge() throws RefusedException {
        URI api = URI.create("https://localhost:" + server.getAddress().getPort() + "/api/v1");
        ForgeHost host = new ForgeHost("git.example.com", ForgeKind.FORGEJO, api, Optional.of(ca.caPem()), Set.of());
        return forges.open(host, new RepositoryUrl("git.example.com", "acme", "web"), new Token(TOKEN));
    }

    private static String pull(int number, String state, boolean merged, String label, String ref, String sha) {
        return ("{\"number\":%d,\"html_url\":\"https://git.example.com/acme/web/pulls/%1$d\",\"title\":\"t\","
                        + "\"state\":\"%s\",\"merged\":%s,\"draft\":false,"
                        + "\"head\":{\"label\":\"%s\",\"ref\":\"%s\",\"sha\":\"%s\",\"repo_id\":1},"
                        + "\"base\":{\"label\":\"main\",\"ref\":\"main\",\"repo_id\":1}}")
                .formatted(number, state, merged, label, ref, sha);
    }

    private static String open(int number) {
        return pull(number, "open", false, "session/s7", "session/s7", SHA);
    }

    private static NewPullRequest request(String title, boolean draft) {
        return new NewPullRequest("session/s7", "main", title, "Why.", draft, List.of(), List.of(), List.of());
    }

    private static RefusedException refusal(Reason reason, ThrowingCallable call) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, call);
        assertThat(refused).as("a refusal").isNotNull();
        assertThat(refused.reason()).as(refused.getMessage()).isEqualTo(reason);
        assertThat(refused).hasNoCause();
        assertThat(refused.getMessage()).doesNotContain("Canary").doesNotContain("\n");
        return refused;
    }

    @Test
    void whatTheRepositoryTakesIsRead() throws Exception {
        on(REPO, 200, REPOSITORY_JSON);
        on(REPO, 200, REPOSITORY_JSON.replace("{\"full", "{\"mirror\":true,\"full"));
        on(REPO, 200, REPOSITORY_JSON.replace("\"has_pull_requests\":true,", "\"has_pull_requests\":false,"));

        assertThat(forge().repository().condition()).isEqualTo(Forge.Condition.ACTIVE);
        assertThat(forge().repository().condition()).isEqualTo(Forge.Condition.MIRROR);
        Forge.Repository without = forge().repository();
        assertThat(without.condition()).isEqualTo(Forge.Condition.ACTIVE);
        assertThat(without.pullRequests()).isFalse();
    }

    @Test
    void aPullRequestCostsTwoRequests() throws Exception {
        on(COMMITS, 200, "[{}]");
        on(OPEN, 201, open(3));

        Forge.Opened opened = forge().open(request("Add \"it\"", false));

        assertThat(requests).containsExactly(COMMITS, OPEN);
        assertThat(bodies.get(1))
                .isEqualTo(
                        "{\"head\":\"session/s7\",\"base\":\"main\",\"title\":\"Add \\\"it\\\"\",\"body\":\"Why.\"}");
        assertThat(opened.pullRequest())
                .isEqualTo(new PullRequest(
                        3,
                        "https://git.example.com/acme/web/pulls/3",
                        State.OPEN,
                        false,
                        "session/s7",
                        "main",
                        SHA,
                        new Forge.Description("", "")));
    }

    @ParameterizedTest
    @CsvSource({"Add it, WIP: Add it", "wip: Add it, wip: Add it", "[WIP] Add it, [WIP] Add it"})
    void aDraftIsMarkedOnceInItsTitle(String title, String sent) throws Exception {
        on(COMMITS, 200, "[{}]");
        on(OPEN, 201, open(3));

        List<String> notes = forge().open(request(title, true)).notes();

        assertThat(bodies.get(1)).contains("\"title\":\"" + sent + "\"");
        assertThat(notes).singleElement().asString().contains("is not a draft", "Forgejo");
    }

    @Test
    void theRefusalOfASecondOneTellsWhichIsThere() {
        on(COMMITS, 200, "[{}]");
        on(
                OPEN,
                409,
                "{\"message\":\"pull request already exists for these targets [id: 11, issue_id: 7, head_repo_id: 1,"
                        + " base_repo_id: 1, head_branch: session/s7, base_branch: main]\"}");

        assertThat(catchThrowableOfType(PullRequestExistsException.class, () -> forge().open(request("t", false)))
                        .number())
                .hasValue(7);
    }

    @Test
    void nothingIsOpenedForNothing() {
        on(COMMITS, 200, "[]");

        refusal(PullRequestReason.NO_CHANGES, () -> forge().open(request("t", false)));
        assertThat(requests).containsExactly(COMMITS);
    }

    @Test
    void whichBranchIsMissingIsFoundOut() {
        on(COMMITS, 404, "null");
        on(COMMITS, 500, "{\"message\":\"\"}");
        on(REPO, 200, REPOSITORY_JSON);
        on(REPO + "/branches/main", 200, "{}");
        on(REPO + "/branches/main", 404, "{}");
        on(REPO + "/branches/session/s7", 404, "{}");

        refusal(PullRequestReason.HEAD_MISSING, () -> forge().open(request("t", false)));
        refusal(SharedReason.BASE_MISSING, () -> forge().open(request("t", false)));
    }

    @Test
    void whatIsMissingThoughAllIsThereIsTheRight() {
        on(COMMITS, 200, "[{}]");
        on(OPEN, 404, "{\"message\":\"not found\"}");
        on(REPO, 200, REPOSITORY_JSON);
        on(REPO + "/branches/main", 200, "{}");
        on(REPO + "/branches/session/s7", 200, "{}");

        assertThat(refusal(SharedReason.FORBIDDEN, () -> forge().open(request("t", false))))
                .hasMessageContaining("may not read or open pull requests");
    }

    @Test
    void whatOnePersonCanNotBeIsANoteAndTheOthersAreAsked() throws Exception {
        on(COMMITS, 200, "[{}]");
        on(OPEN, 201, open(3));
        on("POST /api/v1/repos/acme/web/issues/3/labels", 200, "[{\"name\":\"agent\"}]");
        String reviewers = OPEN + "/3/requested_reviewers";
        on(reviewers, 404, "{\"message\":\"User 'nobody' not exist\"}");
        on(reviewers, 404, "{\"message\":\"User 'nobody' not exist\"}");
        on(reviewers, 201, "[]");
        on(reviewers, 201, "[{\"user\":null,\"team\":{\"name\":\"core\",\"organization\":{\"name\":\"acme\"}}}]");
        String edit = "PATCH /api/v1/repos/acme/web/pulls/3";
        on(edit, 500, "{\"message\":\"\"}");
        on(edit, 201, "{}");
        on(edit, 500, "{\"message\":\"\"}");

        List<String> notes = forge().open(new NewPullRequest(
                        "session/s7",
                        "main",
                        "t",
                        "b",
                        false,
                        List.of("agent", "new"),
                        List.of("acme/core", "nobody", "grace"),
                        List.of("grace", "stranger")))
                .notes();

        assertThat(notes)
                .satisfiesExactly(
                        note -> assertThat(note).contains("The label new "),
                        note -> assertThat(note).contains("The reviewer nobody ", "User 'nobody' not exist"),
                        note -> assertThat(note).contains("The assignee stranger "));
        assertThat(bodies)
                .contains(
                        "{\"labels\":[\"agent\",\"new\"]}",
                        "{\"reviewers\":[\"grace\"],\"team_reviewers\":[]}",
                        "{\"reviewers\":[],\"team_reviewers\":[\"core\"]}",
                        "{\"assignees\":[\"grace\"]}",
                        "{\"assignees\":[\"grace\",\"stranger\"]}");
    }

    /** Gitea ignores them with 201, and lists no review either when the team was requested before. */
    @Test
    void aTeamOfARepositoryWithoutTeamsIsANote() throws Exception {
        on(COMMITS, 200, "[{}]");
        on(OPEN, 201, open(3));
        on(OPEN + "/3/requested_reviewers", 201, "[]");
        String pull = "GET /api/v1/repos/acme/web/pulls/3";
        on(pull, 200, "{\"requested_reviewers_teams\":[{\"name\":\"core\"}]}");
        on(pull, 200, "{\"requested_reviewers_teams\":null}");
        var request =
                new NewPullRequest("session/s7", "main", "t", "b", false, List.of(), List.of("ACME/core"), List.of());

        assertThat(forge().open(request).notes()).isEmpty();
        assertThat(forge().open(request).notes())
                .singleElement()
                .asString()
                .contains("The team core was not requested", "acme/web belongs to a user");
    }

    @ParameterizedTest
    @CsvSource({"WIP: Add it, Add it", "[wip]Wip: Add it, Add it", "WIP:, session/s7"})
    void whatIsNoDraftIsNotCalledOne(String title, String sent) throws Exception {
        on(COMMITS, 200, "[{}]");
        on(OPEN, 201, open(3));

        List<String> notes = forge().open(request(title, false)).notes();

        assertThat(bodies.get(1)).contains("\"title\":\"" + sent + "\"");
        assertThat(notes).singleElement().asString().contains("start of the title was removed", "WIP: or [WIP]");
    }

    @Test
    void aForgeThatTakesOtherTitlesForDraftsIsSaid() throws Exception {
        on(COMMITS, 200, "[{}]");
        on(OPEN, 201, open(3).replace("\"draft\":false", "\"draft\":true"));

        Forge.Opened opened = forge().open(request("Draft: Add it", false));

        assertThat(opened.pullRequest().draft()).isTrue();
        assertThat(opened.notes()).singleElement().asString().contains("is a draft although draft is false");
    }

    @Test
    void aTokenWithoutTheScopeForLabelsIsANote() throws Exception {
        on(COMMITS, 200, "[{}]");
        on(OPEN, 201, open(3));
        on(
                "POST /api/v1/repos/acme/web/issues/3/labels",
                403,
                "{\"message\":\"token does not have at least one of required scope(s), required=[write:issue]\"}");
        var request = new NewPullRequest("session/s7", "main", "t", "b", false, List.of("agent"), List.of(), List.of());

        assertThat(forge().open(request).notes())
                .singleElement()
                .asString()
                .contains("The labels agent ", "write:issue");
    }

    @Test
    void theNewestTwoHundredAreLookedThroughAndNoMore() throws Exception {
        for (int page = 1; page <= 5; page++) {
            int first = 1001 - 50 * page;
            on(
                    PULLS + page,
                    200,
                    IntStream.range(0, 50)
                            .mapToObj(
                                    n -> pull(first + 49 - n, "open", false, n == 0 ? "session/s7" : "x" + n, "x", SHA))
                            .collect(Collectors.joining(",", "[", "]")),
                    Map.of("X-Total-Count", "1000"));
        }

        assertThat(forge().pullRequestsOf("session/s7"))
                .extracting(PullRequest::number)
                .containsExactly(1000, 950, 900, 850);
        assertThat(requests).containsExactly(PULLS + 1, PULLS + 2, PULLS + 3, PULLS + 4);
    }

    @Test
    void aForgeThatGivesSmallerPagesIsAskedForMore() throws Exception {
        on(PULLS + 1, 200, "[" + open(9) + "]");
        on(PULLS + 2, 200, "[" + open(9) + "," + open(8) + "]");
        on(PULLS + 3, 200, "[]");

        assertThat(forge().pullRequestsOf("session/s7"))
                .extracting(PullRequest::number)
                .containsExactly(9, 8);
    }

    @Test
    void oneThatHasEndedKeepsItsHeadThoughTheBranchHasMovedOrGone() throws Exception {
        on(
                PULLS + 1,
                200,
                "[" + pull(9, "closed", false, "session/s7", "refs/pull/9/head", SHA) + ","
                        + pull(8, "closed", true, "session/s7", "session/s7", OTHER_SHA) + "]",
                Map.of("X-Total-Count", "2"));
        for (int number : new int[] {8, 9}) {
            String ref = "refs/pull/" + number + "/head";
            on(REPO + "/git/" + ref, 200, "[{\"ref\":\"" + ref + "\",\"object\":{\"sha\":\"" + SHA + "\"}}]");
        }

        assertThat(forge().pullRequestsOf("session/s7"))
                .extracting(PullRequest::number, PullRequest::state, PullRequest::headCommit)
                .containsExactly(tuple(9, State.CLOSED, SHA), tuple(8, State.MERGED, SHA));
    }

    @Test
    void aForksBranchOfTheSameNameIsAnother() throws Exception {
        on(
                PULLS + 1,
                200,
                "[" + open(9).replaceFirst("\"repo_id\":1", "\"repo_id\":2") + "]",
                Map.of("X-Total-Count", "1"));

        assertThat(forge().pullRequestsOf("session/s7")).isEmpty();
    }

    @Test
    void closingAMergedOneIsNoFailure() throws Exception {
        on("PATCH /api/v1/repos/acme/web/pulls/3", 412, "{\"message\":\"cannot change state\"}");

        forge().close(3);

        assertThat(bodies).containsExactly("{\"state\":\"closed\"}");
    }

    @Test
    void aRenamedRepositoryIsFollowedBelowTheApiAlone() throws Exception {
        on("PATCH /api/v1/repos/acme/web/pulls/3", 301, "", Map.of("Location", "/api/v1/repos/acme/new/pulls/3"));
        on(REPO, 301, "", Map.of("Location", "/api/v1/repos/acme/new"));
        on("GET /api/v1/repos/acme/new", 200, REPOSITORY_JSON.replace("acme/web", "acme/new"));
        on("PATCH /api/v1/repos/acme/new/pulls/3", 201, "{}");

        forge().close(3);

        assertThat(requests).endsWith("GET /api/v1/repos/acme/new", "PATCH /api/v1/repos/acme/new/pulls/3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/api/v1/repos/acme/web",
                "/user/login",
                "http://localhost/api/v1/repos/acme/web",
                "/api/v1/../../user",
                ""
            })
    void aRedirectThatLeadsElsewhereIsNotFollowed(String location) {
        on(REPO, 302, "", Map.of("Location", location));

        refusal(SharedReason.UNSUPPORTED_HOST, () -> forge().repository());
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "401, AUTH, is wrong",
        "403, FORBIDDEN, write:repository",
        "404, NOT_FOUND, does not exist",
        "423, ARCHIVED, archived",
        "429, RATE_LIMITED, 17 seconds",
        "418, UNKNOWN, unexpected status 418",
        "500, SERVER_ERROR, server error 500",
        "502, SERVER_ERROR, server error 502",
        "503, SERVER_ERROR, server error 503",
    })
    void eachRefusalHasAReasonAndSaysWhatToDo(int status, @ReasonByName Reason reason, String words) {
        on(
                REPO,
                status,
                "{\"message\":\"it said " + TOKEN + "\\u202e no\\n\",\"url\":\"https://localhost/api/swagger\"}",
                Map.of("Retry-After", "17"));

        RefusedException refused = refusal(reason, () -> forge().repository());

        assertThat(refused)
                .hasMessageContaining(words)
                .hasMessageEndingWith("Forgejo's message: it said [redacted] no");
        boolean passes = reason == SharedReason.RATE_LIMITED || reason == SharedReason.SERVER_ERROR;
        assertThat(refused.retryAfter()).isEqualTo(passes ? Optional.of(Duration.ofSeconds(17)) : Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "400, NETWORK",
        "403, NETWORK",
        "405, NETWORK",
        "404, NOT_FOUND",
        "401, AUTH",
        "429, RATE_LIMITED",
        "503, SERVER_ERROR"
    })
    void aPageThatAProxyOrAFirewallSendsIsNotTheForges(int status, @ReasonByName Reason reason) {
        on(REPO, status, "<html>Just a moment...</html>", Map.of("Content-Type", "text/html; charset=UTF-8"));

        refusal(reason, () -> forge().repository());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>Proxy login</html>",
                "",
                "null",
                "[]",
                "{}",
                "{\"full_name\":\"acme/web\"}",
                "{\"full_name\":\"../web\",\"default_branch\":\"main\"}",
                "{\"full_name\":\"a/b/../c\",\"default_branch\":\"main\"}",
                "{\"full_name\":\"acme/web\",\"default_branch\":{}}"
            })
    void anAnswerThatIsNoRepositoryIsTheServersError(String body) {
        on(REPO, 200, body);

        assertThat(refusal(SharedReason.SERVER_ERROR, () -> forge().repository()))
                .hasMessageContaining("response is invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "{}", "[null]", "[1]", "[{\"number\":0}"})
    void anAnswerThatIsNoListIsTheServersError(String body) {
        on(PULLS + 1, 200, body);

        refusal(SharedReason.SERVER_ERROR, () -> forge().pullRequestsOf("session/s7"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "null", "[]", "{\"number\":3}", "{\"number\":3,\"head\":{\"sha\":\"x\"},\"base\":{}}"})
    void anAnswerThatIsNoPullRequestIsTheServersError(String body) {
        on(PULLS.substring(0, PULLS.indexOf('?')) + "/3", 200, body);

        refusal(SharedReason.SERVER_ERROR, () -> forge().pullRequest(3));
    }

    @Test
    void aPageOfAnotherHostIsNotShown() throws Exception {
        on(
                PULLS.substring(0, PULLS.indexOf('?')) + "/3",
                200,
                open(3).replace("https://git.example.com/acme/web/pulls/3", "javascript:alert(1)"));

        assertThat(forge().pullRequest(3).url()).isEqualTo("https://git.example.com/acme/web/pulls/3");
    }
}
