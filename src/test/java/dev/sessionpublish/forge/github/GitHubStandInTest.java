package dev.sessionpublish.forge.github;

import static dev.sessionpublish.forge.github.GitHubScene.READER;
import static dev.sessionpublish.forge.github.GitHubScene.REPOSITORY;
import static dev.sessionpublish.forge.github.GitHubScene.STRANGER;
import static dev.sessionpublish.forge.github.GitHubScene.WRITER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.embedded.GitHubExchange;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The rules of the stand-in that the product doesn't come across in its own tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GitHubStandInTest {
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
        for (int i = 1; i <= 3; i++) {
            scene.origin().commitTo("s" + i, "change");
            assertThat(open("s" + i, "main").status()).isEqualTo(201);
        }
    }

    @Test
    void aListComesInPagesWithLinksToTheOthers() throws Exception {
        GitHubScene.Reply first = scene.call("GET", PULLS + "?per_page=2", WRITER, "");
        GitHubScene.Reply second = scene.call("GET", PULLS + "?per_page=2&page=2", WRITER, "");

        assertThat(first.body().findValuesAsText("number")).containsExactly("3", "2");
        assertThat(first.headers().get("Link")).contains("page=2", "rel=\"next\"", "rel=\"last\"");
        assertThat(second.body().findValuesAsText("number")).containsExactly("1");
        assertThat(second.headers().get("Link")).contains("rel=\"prev\"").doesNotContain("rel=\"next\"");
    }

    @Test
    void aListIsFilteredByStateHeadAndBaseAndSortedAsAsked() throws Exception {
        scene.patch(2, "{\"state\":\"closed\"}");

        assertThat(numbers("?state=closed")).containsExactly("2");
        assertThat(numbers("")).containsExactly("3", "1");
        assertThat(numbers("?state=all&sort=created&direction=asc")).containsExactly("1", "2", "3");
        assertThat(numbers("?head=acme:s3")).containsExactly("3");
        assertThat(numbers("?head=other:s3")).isEmpty();
        assertThat(numbers("?base=nowhere")).isEmpty();
    }

    @Test
    void aHeadWithoutAnOwnerFiltersNothing() throws Exception {
        assertThat(numbers("?head=s3")).containsExactly("3", "2", "1");
    }

    @Test
    void anOpenPullRequestFollowsItsBranchAndAClosedOneDoesNot() throws Exception {
        String closedAt = scene.origin().tip("s1");
        scene.patch(1, "{\"state\":\"closed\"}");
        scene.origin().commitTo("s1", "more");
        String tip = scene.origin().commitTo("s2", "more");

        assertThat(scene.pull(1).headCommit()).isEqualTo(closedAt);
        assertThat(scene.pull(2).headCommit()).isEqualTo(tip);
    }

    @Test
    void aMergeMovesTheBase() throws Exception {
        scene.merge(1);

        assertThat(scene.pull(1).merged()).isTrue();
        assertThat(scene.pull(1).mergeCommit()).contains(scene.origin().tip("main"));
        assertThat(open("s1", "main").body().toString()).contains("No commits between main and s1");
        assertThat(scene.call("PUT", PULLS + "/1/merge", WRITER, "{}").status()).isEqualTo(405);
    }

    @Test
    void aMergeOfAnotherHeadThanTheOneMeantIsRefused() throws Exception {
        String body = "{\"sha\":\"" + scene.origin().tip("main") + "\"}";

        assertThat(scene.call("PUT", PULLS + "/1/merge", WRITER, body).status()).isEqualTo(409);
    }

    @Test
    void aDuplicateIsRefusedInGitHubsWords() throws Exception {
        assertThat(open("s1", "main").body().toString())
                .isEqualTo("{\"message\":\"Validation Failed\",\"documentation_url\":\"https://docs.github.com/rest\","
                        + "\"status\":\"422\",\"errors\":[{\"resource\":\"PullRequest\",\"code\":\"custom\","
                        + "\"message\":\"A pull request already exists for acme:s1.\"}]}");
    }

    @Test
    void limitsAreToldAlwaysAndUsedUpByEachRequest() throws Exception {
        scene.gitHub().token(WRITER, "agent").rateLimit(1, 60, 4_102_444_800L, 403);

        assertThat(scene.call("GET", PULLS, WRITER, "").headers())
                .containsEntry("X-RateLimit-Remaining", "0")
                .containsEntry("X-RateLimit-Limit", "60")
                .containsEntry("X-RateLimit-Reset", "4102444800");
        assertThat(scene.call("GET", PULLS, WRITER, "").status()).isEqualTo(403);
        assertThat(scene.call("GET", PULLS, READER, "").status()).isEqualTo(200);
    }

    @Test
    void whatATokenMayNotSeeIsNotThereAndAStrangersTokenIsBad() throws Exception {
        scene.gitHub().token("ghp_other", "other");

        assertThat(scene.call("GET", "/repos/acme/web", "ghp_other", "").status())
                .isEqualTo(404);
        assertThat(scene.call("GET", "/repos/acme/web", STRANGER, "")
                        .body()
                        .path("message")
                        .asText())
                .isEqualTo("Bad credentials");
    }

    @Test
    void aRenamedRepositoryRedirectsWithTheRestOfThePathAndTheQuery() throws Exception {
        scene.gitHub().rename(REPOSITORY, "acme/site");

        GitHubScene.Reply list = scene.call("GET", PULLS + "?state=all", WRITER, "");
        GitHubScene.Reply post = open("s1", "main");

        assertThat(list.status()).isEqualTo(301);
        assertThat(list.headers().get("Location")).endsWith("/repositories/1/pulls?state=all");
        assertThat(post.status()).isEqualTo(307);
        assertThat(scene.call("GET", "/repositories/1/pulls?state=all", WRITER, "")
                        .body()
                        .size())
                .isEqualTo(3);
    }

    @Test
    void everyRequestIsKeptWithItsHeadersAndBody() throws Exception {
        open("s1", "main");

        GitHubExchange last =
                scene.gitHub().exchanges().get(scene.gitHub().exchanges().size() - 1);
        assertThat(last.line()).isEqualTo("POST " + PULLS);
        assertThat(last.header("authorization")).contains("token " + WRITER);
        assertThat(last.body()).contains("\"head\":\"s1\"");
        assertThat(last.status()).isEqualTo(422);
    }

    @Test
    void aPullRequestIsShownForAPerson() throws Exception {
        scene.call("POST", "/repos/acme/web/issues/1/labels", WRITER, "{\"labels\":[\"agent\",\"ui\"]}");

        assertThat(scene.pull(1).render(REPOSITORY))
                .isEqualTo("acme/web#1  A change  [open]\nagent wants to merge s1 ("
                        + scene.origin().tip("s1").substring(0, 10) + ") into main\nlabels: agent, ui\n\n  Why.\n");
    }

    private GitHubScene.Reply open(String head, String base) throws Exception {
        return scene.call(
                "POST",
                PULLS,
                WRITER,
                "{\"title\":\"A change\",\"body\":\"Why.\",\"head\":\"" + head + "\",\"base\":\"" + base + "\"}");
    }

    private List<String> numbers(String query) throws Exception {
        return scene.call("GET", PULLS + query, WRITER, "").body().findValuesAsText("number");
    }
}
