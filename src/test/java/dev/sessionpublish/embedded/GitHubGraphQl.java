package dev.sessionpublish.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of GitHub's GraphQL API that makes pull requests drafts and ready again. Failures are answered with status 200
 * and {@code errors}, as GitHub does.
 */
record GitHubGraphQl(Function<String, @Nullable GitHubRepository> repositories, GitHubToken token) {
    private static final Pattern MUTATION = Pattern.compile(
            "\\b(convertPullRequestToDraft|markPullRequestReadyForReview)\\s*\\(input: \\{pullRequestId: \\$id}\\)");
    private static final Pattern NODE = Pattern.compile("PR_(\\d+)_(\\d+)");

    GitHubReply answer(JsonNode request) {
        Matcher mutation = MUTATION.matcher(request.path("query").asText());
        if (!mutation.find()) {
            return error("Parse error on \"" + request.path("query").asText() + "\"", "PARSE_ERROR");
        }
        String id = request.path("variables").path("id").asText();
        Matcher node = NODE.matcher(id);
        Optional<GitHubRepository> repository =
                node.matches() ? Optional.ofNullable(repositories.apply(node.group(1))) : Optional.empty();
        Optional<GitHubPull> pull = repository.flatMap(found -> found.pull(Integer.parseInt(node.group(2))));
        if (pull.isEmpty() || token.in(repository.get().fullName()).isEmpty()) {
            return error("Could not resolve to a node with the global id of '" + id + "'", "NOT_FOUND");
        }
        if (token.in(repository.get().fullName()).get() != GitHubToken.Access.WRITE) {
            return error("Resource not accessible by personal access token", "FORBIDDEN");
        }
        return change(repository.get(), pull.get(), mutation.group(1));
    }

    private static GitHubReply change(GitHubRepository repository, GitHubPull pull, String mutation) {
        boolean draft = mutation.startsWith("convert");
        if (draft && !repository.hasDrafts()) {
            return error("Draft pull requests are not supported in this repository.", "UNPROCESSABLE");
        }
        if (!pull.open() || pull.draft() == draft) {
            return error(
                    "Pull request is already " + (draft ? "a draft" : "marked as ready for review"), "UNPROCESSABLE");
        }
        repository.store(pull.drafted(draft));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("data").putObject(mutation).putNull("clientMutationId");
        return GitHubReply.of(200, body);
    }

    private static GitHubReply error(String message, String type) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putNull("data");
        body.putArray("errors").addObject().put("type", type).put("message", message);
        return GitHubReply.of(200, body);
    }
}
