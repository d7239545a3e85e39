package dev.sessionpublish.forge.gitea;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeContract;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** The contract against a real Gitea; {@code RealGitea} says which. */
@Tag("control-plane")
@Tag("forge")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GiteaForgeIT extends ForgeContract {
    private static final String STRANGE = "0123456789abcdef0123456789abcdef01234567";

    private GiteaScene scene;
    private String writer;
    private String reader;

    @BeforeAll
    void start() throws IOException {
        scene = GiteaScene.start();
        for (String role : List.of("writer", "reader", "grace")) {
            scene.user(role);
        }
        reader = scene.token("reader", "write:repository");
    }

    @BeforeEach
    void anew() throws IOException {
        scene.anew();
        scene.collaborator("writer", "write");
        scene.collaborator("reader", "read");
        scene.collaborator("grace", "write");
        writer = scene.token("writer", "write:repository", "write:issue");
    }

    @AfterAll
    void stop() throws IOException {
        scene.close();
    }

    @Override
    protected String repository() {
        return scene.repository();
    }

    @Override
    protected Forge forge() throws Exception {
        return scene.forge(scene.name(), writer);
    }

    @Override
    protected Forge reading() throws Exception {
        return scene.forge(scene.name(), reader);
    }

    @Override
    protected Forge readOnly() throws Exception {
        return scene.forge(scene.name(), scene.token("writer", "read:repository"));
    }

    @Override
    protected void revoke() throws Exception {
        scene.revokeTokens("writer");
    }

    @Override
    protected Forge strange() throws Exception {
        return scene.forge(scene.name(), STRANGE);
    }

    @Override
    protected Forge missing() throws Exception {
        return scene.forge("nothing", writer);
    }

    @Override
    protected String commitTo(String branch, String message) throws Exception {
        return scene.commitTo(branch, message);
    }

    @Override
    protected void branch(String name) throws Exception {
        scene.admin(
                "POST",
                "/repos/" + repository() + "/branches",
                Map.of("new_branch_name", name, "old_branch_name", "main"));
    }

    @Override
    protected void rename(String newName) throws Exception {
        scene.admin("PATCH", "/repos/" + repository(), Map.of("name", newName));
    }

    @Override
    protected void disablePullRequests() throws Exception {
        scene.admin("PATCH", "/repos/" + repository(), Map.of("has_pull_requests", false));
    }

    @Override
    protected void archive() throws Exception {
        scene.admin("PATCH", "/repos/" + repository(), Map.of("archived", true));
    }

    @Override
    protected void close(int number) throws Exception {
        scene.admin("PATCH", pull(number), Map.of("state", "closed"));
    }

    @Override
    protected void merge(int number) throws Exception {
        scene.merge(number);
    }

    @Override
    protected String login(String name) {
        return scene.login(name);
    }

    @Override
    protected List<String> textOf(int number) throws Exception {
        JsonNode stored = stored(number);
        return List.of(stored.get("title").asText(), stored.get("body").asText());
    }

    @Override
    protected List<List<String>> additionsOf(int number) throws Exception {
        JsonNode stored = stored(number);
        return List.of(
                stored.get("labels").findValuesAsText("name"),
                stored.get("requested_reviewers").findValuesAsText("login"),
                stored.get("assignees").findValuesAsText("login"));
    }

    @Override
    protected List<String> secrets() {
        return Stream.concat(scene.tokens().stream(), Stream.of(STRANGE)).toList();
    }

    private String pull(int number) {
        return "/repos/" + repository() + "/pulls/" + number;
    }

    private JsonNode stored(int number) throws IOException {
        return scene.admin("GET", pull(number), Map.of());
    }
}
