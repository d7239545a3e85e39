package dev.sessionpublish.embedded;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What happens to a pull request of the stand-in besides its branches: checks, reviews, the merge queue. */
public final class GitHubPullState {
    /** By commit, then by name. */
    private final Map<String, Map<String, String>> checkRuns = new HashMap<>();

    private final Map<String, Map<String, String>> statuses = new HashMap<>();
    private @Nullable String reviewDecision;
    private boolean queued;
    private @Nullable Instant updatedAt;
    private String computedFor = "";
    private boolean conflicts;

    record Mergeability(String mergeable, String status) {}

    /** @param state of GraphQL's CheckRunState */
    public synchronized GitHubPullState checkRun(String commit, String name, String state) {
        checkRuns.computeIfAbsent(commit, any -> new TreeMap<>()).put(name, state);
        return this;
    }

    /** @param state of GraphQL's StatusState */
    public synchronized GitHubPullState status(String commit, String context, String state) {
        statuses.computeIfAbsent(commit, any -> new TreeMap<>()).put(context, state);
        return this;
    }

    /** @param decision of GraphQL's PullRequestReviewDecision */
    public synchronized GitHubPullState review(String decision) {
        reviewDecision = decision;
        updatedAt = Instant.now();
        return this;
    }

    public synchronized GitHubPullState queued(boolean value) {
        queued = value;
        return this;
    }

    public synchronized GitHubPullState updatedAt(Instant time) {
        updatedAt = time;
        return this;
    }

    synchronized boolean isQueued() {
        return queued;
    }

    synchronized Optional<String> reviewDecision() {
        return Optional.ofNullable(reviewDecision);
    }

    synchronized Instant updatedAt(GitHubPull pull) {
        Instant last = pull.closedAt().orElse(pull.createdAt());
        return updatedAt == null || updatedAt.isBefore(last) && pull.closedAt().isPresent() ? last : updatedAt;
    }

    /** The first question about a pair of commits only starts the computation. */
    synchronized Mergeability mergeability(GitHubRepository repository, GitHubPull pull) {
        if (!pull.open()) {
            return new Mergeability("UNKNOWN", "UNKNOWN");
        }
        String pair = pull.baseCommit() + ".." + pull.headCommit();
        if (!computedFor.equals(pair)) {
            computedFor = pair;
            conflicts = repository.conflicts(pull.baseCommit(), pull.headCommit());
            return new Mergeability("UNKNOWN", "UNKNOWN");
        }
        if (conflicts) {
            return new Mergeability("CONFLICTING", "DIRTY");
        }
        return new Mergeability("MERGEABLE", status(pull));
    }

    /** Skips the computation. */
    public synchronized GitHubPullState computed(GitHubPull pull) {
        computedFor = pull.baseCommit() + ".." + pull.headCommit();
        return this;
    }

    private String status(GitHubPull pull) {
        if (pull.draft()) {
            return "DRAFT";
        }
        if (reviewDecision != null && !reviewDecision.equals("APPROVED")) {
            return "BLOCKED";
        }
        boolean unstable = all(pull.headCommit()).values().stream().anyMatch(state -> !state.equals("SUCCESS"));
        return unstable ? "UNSTABLE" : "CLEAN";
    }

    private Map<String, String> all(String commit) {
        Map<String, String> all = new HashMap<>(checkRuns.getOrDefault(commit, Map.of()));
        all.putAll(statuses.getOrDefault(commit, Map.of()));
        return all;
    }

    /** Empty when a commit has no checks at all. */
    synchronized Optional<ObjectNode> rollup(String commit) {
        if (all(commit).isEmpty()) {
            return Optional.empty();
        }
        ObjectNode rollup = JsonNodeFactory.instance.objectNode();
        ObjectNode contexts = rollup.putObject("contexts");
        counts(contexts.putArray("checkRunCountsByState"), checkRuns.getOrDefault(commit, Map.of()));
        counts(contexts.putArray("statusContextCountsByState"), statuses.getOrDefault(commit, Map.of()));
        return Optional.of(rollup);
    }

    private static void counts(ArrayNode into, Map<String, String> states) {
        Map<String, Integer> counts = new TreeMap<>();
        states.values().forEach(state -> counts.merge(state, 1, Integer::sum));
        counts.forEach((state, count) -> into.addObject().put("state", state).put("count", count));
    }
}
