package dev.sessionpublish.forge.github;

import dev.sessionpublish.forge.PullRequestRef;
import dev.sessionpublish.git.RepositoryUrl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A GraphQL query for pull requests: by their ids where these are known, otherwise by repository and number. Values are
 * passed as variables only.
 *
 * @param paths where each is in the answer, as JSON pointers below {@code /data}
 * @see <a href="https://docs.github.com/en/graphql/reference/objects#pullrequest">PullRequest</a>
 */
record SnapshotQuery(String text, Map<String, Object> variables, Map<String, PullRequestRef> paths) {
    private static final String FIELDS = """
            fragment F on PullRequest {
              id number state isDraft isInMergeQueue baseRefName headRefOid mergeable mergeStateStatus reviewDecision
              updatedAt closedAt mergedAt mergeCommit { oid } mergedBy { login }
              commits(last: 1) { nodes { commit { oid statusCheckRollup { contexts {
                checkRunCountsByState { state count } statusContextCountsByState { state count }
              } } } } }
            }
            """;

    static SnapshotQuery of(List<PullRequestRef> refs) {
        Map<String, PullRequestRef> paths = new LinkedHashMap<>();
        List<String> ids = new ArrayList<>();
        Map<RepositoryUrl, List<PullRequestRef>> byNumber = new LinkedHashMap<>();
        for (PullRequestRef ref : refs) {
            if (ref.nodeId().isPresent()) {
                paths.put("/nodes/" + ids.size(), ref);
                ids.add(ref.nodeId().get());
            } else {
                byNumber.computeIfAbsent(ref.repository(), any -> new ArrayList<>())
                        .add(ref);
            }
        }
        Map<String, Object> variables = new HashMap<>();
        StringJoiner declared = new StringJoiner(", ", "query(", ") ").setEmptyValue("query ");
        StringBuilder selected = new StringBuilder("{ rateLimit { limit remaining resetAt } viewer { login } ");
        if (!ids.isEmpty()) {
            declared.add("$ids: [ID!]!");
            variables.put("ids", ids);
            selected.append("nodes(ids: $ids) { ...F } ");
        }
        byNumber.forEach((repository, pulls) -> {
            String at = String.valueOf(variables.size());
            declared.add("$o" + at + ": String!").add("$n" + at + ": String!");
            selected.append("r" + at + ": repository(owner: $o" + at + ", name: $n" + at + ") { ");
            for (PullRequestRef ref : pulls) {
                String pull = "p" + ref.number();
                selected.append(pull + ": pullRequest(number: " + ref.number() + ") { ...F } ");
                paths.put("/r" + at + "/" + pull, ref);
            }
            selected.append("} ");
            variables.put("o" + at, repository.owner());
            variables.put("n" + at, repository.name());
        });
        return new SnapshotQuery(declared.toString() + selected + "} " + FIELDS, variables, paths);
    }
}
