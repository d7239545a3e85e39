package dev.sessionpublish.gitea;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.http.PercentEncoding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/** A repository in a Gitea, as its administrator reads and changes it. */
public record GiteaRepository(GiteaAdmin admin, String owner, String name) {

    /** {@code OWNER/NAME}. */
    public String path() {
        return owner + "/" + name;
    }

    /** Of its page, and of git. */
    public String url() {
        return admin.settings().url() + "/" + path();
    }

    /** The path of the repository in the API. */
    public String api() {
        return "/repos/" + path();
    }

    /** @param path below the repository's */
    public JsonNode call(String method, String path, Map<String, ?> body) throws IOException {
        return admin.call(method, api() + path, body);
    }

    /** Changes properties of the repository. */
    public void edit(Map<String, ?> properties) throws IOException {
        call("PATCH", "", properties);
    }

    /** @param permission {@code read}, {@code write} or {@code admin} */
    public void addCollaborator(String user, String permission) throws IOException {
        call("PUT", "/collaborators/" + user, Map.of("permission", permission));
    }

    public void createLabel(String name) throws IOException {
        call("POST", "/labels", Map.of("name", name, "color", "#00aabb"));
    }

    /** Replaces the other labels of its scope, which is the text before the last slash of its name. */
    public void createExclusiveLabel(String name) throws IOException {
        call("POST", "/labels", Map.of("name", name, "color", "#00aabb", "exclusive", true));
    }

    /** Nobody may push to the branches that the pattern matches. */
    public void protectBranch(String pattern) throws IOException {
        call("POST", "/branch_protections", Map.of("rule_name", pattern, "enable_push", false));
    }

    /** The commit that a branch points at. */
    public Optional<String> tip(String branch) throws IOException {
        return admin.find(api() + "/branches/" + PercentEncoding.ofPath(branch))
                .map(found -> found.at("/commit/id").asText());
    }

    /** Adds a file to a branch, which starts at {@code main} if it does not exist; returns the commit's id. */
    public String commit(String branch, String file, String message) throws IOException {
        String content = Base64.getEncoder().encodeToString(message.getBytes(StandardCharsets.UTF_8));
        String from = tip(branch).isPresent() ? branch : "main";
        Map<String, String> body = Map.of("content", content, "message", message, "branch", from, "new_branch", branch);
        return call("POST", "/contents/" + file, body).at("/commit/sha").asText();
    }

    /** The pull requests in every state. */
    public List<JsonNode> pulls() throws IOException {
        List<JsonNode> pulls = new ArrayList<>();
        call("GET", "/pulls?state=all", Map.of()).forEach(pulls::add);
        return pulls;
    }

    public JsonNode pull(int number) throws IOException {
        return call("GET", "/pulls/" + number, Map.of());
    }

    /** Gitea checks in the background whether a pull request can be merged, and answers 405 until then. */
    public void merge(int number) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> admin.attempt("POST", api() + "/pulls/" + number + "/merge", Map.of("Do", "merge")));
    }
}
