package dev.sessionpublish.forge.gitea;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeContract;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.forge.TestForges;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.gitea.GiteaOrganization;
import dev.sessionpublish.gitea.GiteaRepository;
import dev.sessionpublish.gitea.GiteaServer;
import dev.sessionpublish.http.Token;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract against a real Gitea. */
@Tag("control-plane")
@Tag("forge")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GiteaForgeIT extends ForgeContract {
    private static final String STRANGE = "0123456789abcdef0123456789abcdef01234567";

    @AutoClose
    private final GiteaServer gitea = GiteaServer.running();

    @AutoClose
    private final Forges forges = TestForges.create(Duration.ofSeconds(60), Clock.systemUTC());

    private GiteaOrganization organization;
    private GiteaRepository web;
    private String writer;
    private String reader;
    private int count;

    @BeforeAll
    void start() throws IOException {
        organization = GiteaOrganization.create(gitea);
        organization.createUser("writer");
        reader = organization.createUser("reader");
        organization.createUser("grace");
        organization.createTeam(team());
    }

    @BeforeEach
    void anew() throws IOException {
        web = organization.createRepository("web-" + ++count);
        web.createLabel("agent");
        web.addCollaborator(login("writer"), "write");
        web.addCollaborator(login("reader"), "read");
        web.addCollaborator(login("grace"), "write");
        writer = organization.createToken("writer", "write:repository", "write:issue", "read:user");
    }

    @Override
    protected String repository() {
        return web.path();
    }

    /** @param name of a repository of the organization */
    private Forge forge(String name, String token) throws Exception {
        ForgeHost host = ForgeHosts.parse(gitea.settings().forgesEntry(), Path.of("forges.yaml"))
                .find(gitea.authority())
                .orElseThrow();
        return forges.open(host, new RepositoryUrl(gitea.authority(), web.owner(), name), new Token(token));
    }

    @Override
    protected Forge forge() throws Exception {
        return forge(web.name(), writer);
    }

    @Override
    protected Forge reading() throws Exception {
        return forge(web.name(), reader);
    }

    @Override
    protected Forge readOnly() throws Exception {
        return forge(web.name(), organization.createToken("writer", "read:repository"));
    }

    @Override
    protected void revoke() throws Exception {
        gitea.admin().revokeTokens(login("writer"));
    }

    @Override
    protected Forge strange() throws Exception {
        return forge(web.name(), STRANGE);
    }

    @Override
    protected Forge missing() throws Exception {
        return forge("nothing", writer);
    }

    @Override
    protected String commitTo(String branch, String message) throws Exception {
        return web.commit(branch, "file-" + ++count, message);
    }

    @Override
    protected String authority() {
        return gitea.authority();
    }

    @Override
    protected String commitFile(String branch, String file, String content) throws Exception {
        return web.commit(branch, file, content);
    }

    @Override
    protected void report(String commit, int number, String context, String state) throws Exception {
        web.call("POST", "/statuses/" + commit, Map.of("context", context, "state", state));
    }

    @Override
    protected void requestChanges(int number) throws Exception {
        web.call(
                "POST",
                "/pulls/" + number + "/reviews?sudo=" + login("grace"),
                Map.of("event", "REQUEST_CHANGES", "body", "Not yet."));
    }

    @Override
    protected void reopen(int number) throws Exception {
        web.call("PATCH", "/pulls/" + number, Map.of("state", "open"));
    }

    @Override
    protected void branch(String name) throws Exception {
        web.call("POST", "/branches", Map.of("new_branch_name", name, "old_branch_name", "main"));
    }

    @Override
    protected void rename(String newName) throws Exception {
        web.edit(Map.of("name", newName));
    }

    @Override
    protected void disablePullRequests() throws Exception {
        web.edit(Map.of("has_pull_requests", false));
    }

    @Override
    protected void archive() throws Exception {
        web.edit(Map.of("archived", true));
    }

    @Override
    protected void close(int number) throws Exception {
        web.call("PATCH", "/pulls/" + number, Map.of("state", "closed"));
    }

    @Override
    protected void merge(int number) throws Exception {
        web.merge(number);
    }

    @Override
    protected String login(String name) {
        return organization.login(name);
    }

    @Override
    protected List<String> textOf(int number) throws Exception {
        JsonNode stored = web.pull(number);
        return List.of(stored.get("title").asText(), stored.get("body").asText());
    }

    @Override
    protected List<List<String>> additionsOf(int number) throws Exception {
        JsonNode stored = web.pull(number);
        return List.of(
                stored.get("labels").findValuesAsText("name"),
                stored.get("requested_reviewers").findValuesAsText("login"),
                stored.get("assignees").findValuesAsText("login"));
    }

    @Override
    protected String team() {
        return "Core.Team_1";
    }

    @Override
    protected List<String> teamsOf(int number) throws Exception {
        List<String> names = new ArrayList<>();
        for (JsonNode team : web.pull(number).get("requested_reviewers_teams")) {
            names.add(team.get("name").asText());
        }
        return names;
    }

    @Override
    protected List<String> secrets() {
        return Stream.concat(gitea.admin().createdTokens().stream(), Stream.of(STRANGE))
                .toList();
    }

    /** Gitea itself would keep the label that was created last, and say nothing. */
    @Test
    void ofExclusiveLabelsTheLastRequestedOneIsSetAndTheOthersAreNotes() throws Exception {
        for (String label : List.of("kind/bug", "kind/docs", "kind/feature", "area/a/x", "area/a/y")) {
            web.createExclusiveLabel(label);
        }
        web.createLabel("area/free");
        int number = opened(List.of("kind/docs", "agent"));

        List<String> notes = forge().complete(
                        number,
                        request(List.of(
                                "agent",
                                "kind/feature",
                                "area/a/y",
                                "area/free",
                                "kind/bug",
                                "kind/none",
                                "area/a/x",
                                "area/none")));

        assertThat(additionsOf(number).get(0)).containsExactlyInAnyOrder("agent", "kind/bug", "area/a/x", "area/free");
        assertThat(notes)
                .satisfiesExactly(
                        note -> assertThat(note)
                                .contains("kind/feature was not added: kind/bug was", "the exclusive scope kind."),
                        note -> assertThat(note).contains("area/a/y was not added: area/a/x was", "scope area/a."),
                        note -> assertThat(note).contains("kind/none was not added: it exists neither"),
                        note -> assertThat(note).contains("area/none was not added: it exists neither"));
    }

    @Test
    void aLabelThatDoesNotExistReplacesNone() throws Exception {
        web.createExclusiveLabel("kind/docs");
        int number = opened(List.of("kind/docs"));

        assertThat(forge().complete(number, request(List.of("kind/none"))))
                .singleElement()
                .asString()
                .contains("kind/none was not added: it exists neither");
        assertThat(additionsOf(number).get(0)).containsExactly("kind/docs");
    }

    private int opened(List<String> labels) throws Exception {
        commitTo("session/s7", "Add a page");
        Forge.Opened opened = forge().open(request(labels));
        assertThat(opened.notes()).isEmpty();
        return opened.pullRequest().number();
    }

    private static Forge.NewPullRequest request(List<String> labels) {
        return new Forge.NewPullRequest("session/s7", "main", "Add", "", false, labels, List.of(), List.of());
    }
}
