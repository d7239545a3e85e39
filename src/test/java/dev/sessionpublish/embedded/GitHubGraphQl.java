package dev.sessionpublish.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * GitHub's GraphQL for pull requests: {@code nodes} by ids, and {@code repository} and {@code pullRequest} by number, with
 * one fragment. A query with a field that GitHub's schema doesn't have there is refused. Each costs the points that
 * GitHub's formula makes of its connections. Mutations are those of {@link GitHubDraftMutation}.
 */
final class GitHubGraphQl {
    private static final int MOST_IDS = 100;
    private static final Pattern FRAGMENT = Pattern.compile("fragment (\\w+) on PullRequest (\\{.*})", Pattern.DOTALL);
    private static final Pattern PULL =
            Pattern.compile("(\\w+): pullRequest\\(number: (\\d+)\\) \\{ \\.\\.\\.\\w+ \\}");
    private static final Pattern REPOSITORY = Pattern.compile(
            "(\\w+): repository\\(owner: \\$(\\w+), name: \\$(\\w+)\\) \\{ ((?:\\w+: pullRequest\\(number: \\d+\\)"
                    + " \\{ \\.\\.\\.\\w+ \\} )+)\\}");
    private static final Set<String> FIELDS = Set.of(
            "id",
            "number",
            "state",
            "isDraft",
            "isInMergeQueue",
            "baseRefName",
            "headRefOid",
            "mergeable",
            "mergeStateStatus",
            "reviewDecision",
            "updatedAt",
            "closedAt",
            "mergedAt",
            "mergeCommit",
            "oid",
            "mergedBy",
            "login",
            "commits",
            "last",
            "nodes",
            "commit",
            "statusCheckRollup",
            "contexts",
            "checkRunCountsByState",
            "count",
            "statusContextCountsByState");

    private final GitHubToken token;
    private final Function<String, Optional<GitHubRepository>> byId;
    private final Function<String, Optional<GitHubRepository>> byName;
    private final ArrayNode errors = JsonNodeFactory.instance.arrayNode();

    /**
     * @param byId finds the repository of a pull request's id
     * @param byName finds it by {@code OWNER/NAME}, an old one too
     */
    GitHubGraphQl(
            GitHubToken token,
            Function<String, Optional<GitHubRepository>> byId,
            Function<String, Optional<GitHubRepository>> byName) {
        this.token = token;
        this.byId = byId;
        this.byName = byName;
    }

    GitHubReply answer(JsonNode request) {
        String query = request.path("query").asText();
        JsonNode variables = request.path("variables");
        Optional<GitHubDraftMutation> mutation = GitHubDraftMutation.in(query, byId, token);
        if (mutation.isPresent()) {
            return mutation.get().answer(variables.path("id").asText());
        }
        Optional<String> unknown = unknownField(query);
        if (unknown.isPresent()) {
            error(unknown.get(), "undefinedField", List.of("query"));
            return reply(JsonNodeFactory.instance.objectNode());
        }
        JsonNode ids = variables.path("ids");
        if (ids.size() > MOST_IDS) {
            error(
                    "You may not provide more than 100 node ids; you provided " + ids.size() + ".",
                    "ARGUMENT_LIMIT",
                    List.of("nodes"));
            return reply(JsonNodeFactory.instance.objectNode());
        }
        int pulls = ids.size() + (int) PULL.matcher(query).results().count();
        if (!token.takePoints(cost(query, pulls))) {
            error("API rate limit already exceeded for user ID 1.", "RATE_LIMITED", List.of());
            return reply(JsonNodeFactory.instance.objectNode());
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ObjectNode data = answer.putObject("data");
        data.putObject("viewer").put("login", token.login());
        data.set("rateLimit", token.points());
        if (query.contains("nodes(ids: $ids)")) {
            nodes(data.putArray("nodes"), ids);
        }
        Matcher repositories = REPOSITORY.matcher(query);
        while (repositories.find()) {
            String name = variables.path(repositories.group(2)).asText() + "/"
                    + variables.path(repositories.group(3)).asText();
            repository(data, repositories.group(1), name, repositories.group(4));
        }
        return reply(answer);
    }

    /** The requests that each connection takes, over a hundred: {@code commits} and {@code contexts} of each. */
    private static int cost(String query, int pulls) {
        int connections = (query.contains("commits(") ? pulls : 0) + (query.contains("contexts") ? pulls : 0);
        return Math.max(1, (connections + 50) / 100);
    }

    private void nodes(ArrayNode nodes, JsonNode ids) {
        for (JsonNode id : ids) {
            List<Object> path = List.of("nodes", nodes.size());
            String[] parts = id.asText().split("_");
            Optional<ObjectNode> pull = parts.length == 3 && parts[0].equals("PR")
                    ? byId.apply(parts[1]).flatMap(each -> pull(each, Integer.parseInt(parts[2]), path))
                    : Optional.empty();
            if (pull.isEmpty()) {
                error("Could not resolve to a node with the global id of '" + id.asText() + "'", "NOT_FOUND", path);
            }
            nodes.add(pull.map(JsonNode.class::cast).orElse(JsonNodeFactory.instance.nullNode()));
        }
    }

    private void repository(ObjectNode data, String alias, String name, String pulls) {
        Optional<GitHubRepository> found =
                byName.apply(name).filter(each -> token.in(each.fullName()).isPresent());
        if (found.isEmpty()) {
            error("Could not resolve to a Repository with the name '" + name + "'.", "NOT_FOUND", List.of(alias));
            data.putNull(alias);
            return;
        }
        ObjectNode repository = data.putObject(alias);
        Matcher each = PULL.matcher(pulls);
        while (each.find()) {
            List<Object> path = List.of(alias, each.group(1));
            Optional<ObjectNode> pull = pull(found.get(), Integer.parseInt(each.group(2)), path);
            if (pull.isEmpty()) {
                error(
                        "Could not resolve to a PullRequest with the number of " + each.group(2) + ".",
                        "NOT_FOUND",
                        path);
            }
            repository.set(each.group(1), pull.map(JsonNode.class::cast).orElse(JsonNodeFactory.instance.nullNode()));
        }
    }

    private Optional<ObjectNode> pull(GitHubRepository repository, int number, List<Object> path) {
        return repository
                .pull(number)
                .filter(each -> token.in(repository.fullName()).isPresent())
                .map(each -> json(repository, each, path));
    }

    private ObjectNode json(GitHubRepository repository, GitHubPull pull, List<Object> path) {
        GitHubPullState state = repository.state(pull.number());
        GitHubPullState.Mergeability mergeability = state.mergeability(repository, pull);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", "PR_" + repository.id() + "_" + pull.number())
                .put("number", pull.number())
                .put("state", pull.merged() ? "MERGED" : pull.open() ? "OPEN" : "CLOSED")
                .put("isDraft", pull.draft())
                .put("isInMergeQueue", pull.open() && state.isQueued())
                .put("baseRefName", pull.baseBranch())
                .put("headRefOid", pull.headCommit())
                .put("mergeable", mergeability.mergeable())
                .put("mergeStateStatus", mergeability.status())
                .put("reviewDecision", state.reviewDecision().orElse(null))
                .put("updatedAt", state.updatedAt(pull).toString())
                .put("closedAt", pull.closedAt().map(Instant::toString).orElse(null))
                .put(
                        "mergedAt",
                        pull.mergeCommit()
                                .flatMap(any -> pull.closedAt())
                                .map(Instant::toString)
                                .orElse(null));
        if (pull.merged()) {
            json.putObject("mergeCommit").put("oid", pull.mergeCommit().orElseThrow());
            json.putObject("mergedBy").put("login", pull.author());
        } else {
            json.putNull("mergeCommit").putNull("mergedBy");
        }
        ObjectNode commit =
                json.putObject("commits").putArray("nodes").addObject().putObject("commit");
        commit.put("oid", pull.headCommit());
        if (token.mayReadChecks()) {
            state.rollup(pull.headCommit())
                    .ifPresentOrElse(
                            rollup -> commit.set("statusCheckRollup", rollup),
                            () -> commit.putNull("statusCheckRollup"));
        } else {
            commit.putNull("statusCheckRollup");
            List<Object> whole = new ArrayList<>(path);
            whole.addAll(List.of("commits", "nodes", 0, "commit", "statusCheckRollup"));
            error("Resource not accessible by personal access token", "FORBIDDEN", whole);
        }
        return json;
    }

    private static Optional<String> unknownField(String query) {
        Matcher fragment = FRAGMENT.matcher(query);
        if (!fragment.find()) {
            return Optional.of("No fragment on PullRequest");
        }
        Set<String> words = new LinkedHashSet<>();
        Pattern.compile("[A-Za-z]+").matcher(fragment.group(2)).results().forEach(word -> words.add(word.group()));
        return words.stream()
                .filter(word -> !FIELDS.contains(word))
                .map(word -> "Field '" + word + "' doesn't exist on type 'PullRequest'")
                .findFirst();
    }

    private void error(String message, String type, List<Object> path) {
        ObjectNode error = errors.addObject().put("type", type).put("message", message);
        ArrayNode parts = error.putArray("path");
        for (Object each : path) {
            if (each instanceof Integer index) {
                parts.add(index);
            } else {
                parts.add(String.valueOf(each));
            }
        }
    }

    private GitHubReply reply(ObjectNode answer) {
        if (!errors.isEmpty()) {
            answer.set("errors", errors);
        }
        return GitHubReply.of(200, answer);
    }
}
