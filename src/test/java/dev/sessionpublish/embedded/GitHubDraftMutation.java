package dev.sessionpublish.embedded;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mutations of GitHub's GraphQL that make pull requests drafts and ready again. Failures are answered with status 200
 * and {@code errors}, as GitHub does.
 */
record GitHubDraftMutation(String name, Function<String, Optional<GitHubRepository>> byId, GitHubToken token) {
    private static final Pattern MUTATION = Pattern.compile(
            "\\b(convertPullRequestToDraft|markPullRequestReadyForReview)\\s*\\(input: \\{pullRequestId: \\$id}\\)");
    private static final Pattern NODE = Pattern.compile("PR_(\\d+)_(\\d+)");

    static Optional<GitHubDraftMutation> in(
            String query, Function<String, Optional<GitHubRepository>> byId, GitHubToken token) {
        Matcher found = MUTATION.matcher(query);
        return found.find() ? Optional.of(new GitHubDraftMutation(found.group(1), byId, token)) : Optional.empty();
    }

    GitHubReply answer(String id) {
        Matcher node = NODE.matcher(id);
        Optional<GitHubRepository> repository = node.matches() ? byId.apply(node.group(1)) : Optional.empty();
        Optional<GitHubPull> pull = repository.flatMap(found -> found.pull(Integer.parseInt(node.group(2))));
        if (pull.isEmpty() || token.in(repository.get().fullName()).isEmpty()) {
            return error("Could not resolve to a node with the global id of '" + id + "'", "NOT_FOUND");
        }
        if (token.in(repository.get().fullName()).get() != GitHubToken.Access.WRITE) {
            return error("Resource not accessible by personal access token", "FORBIDDEN");
        }
        return change(repository.get(), pull.get());
    }

    private GitHubReply change(GitHubRepository repository, GitHubPull pull) {
        boolean draft = name.startsWith("convert");
        if (draft && !repository.hasDrafts()) {
            return error("Draft pull requests are not supported in this repository.", "UNPROCESSABLE");
        }
        if (!pull.open() || pull.draft() == draft) {
            return error(
                    "Pull request is already " + (draft ? "a draft" : "marked as ready for review"), "UNPROCESSABLE");
        }
        repository.store(pull.drafted(draft));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("data").putObject(name).putNull("clientMutationId");
        return GitHubReply.of(200, body);
    }

    private static GitHubReply error(String message, String type) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putNull("data");
        body.putArray("errors").addObject().put("type", type).put("message", message);
        return GitHubReply.of(200, body);
    }
}
