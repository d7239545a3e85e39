package dev.sessionpublish.forge.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.forge.PullRequestRef;
import dev.sessionpublish.forge.PullRequestSnapshot;
import dev.sessionpublish.forge.PullRequestSnapshot.Checks;
import dev.sessionpublish.forge.PullRequestSnapshot.Lifecycle;
import dev.sessionpublish.forge.PullRequestSnapshot.Mergeable;
import dev.sessionpublish.forge.PullRequestSnapshot.Obstacle;
import dev.sessionpublish.forge.PullRequestSnapshot.ReviewDecision;
import dev.sessionpublish.forge.PullRequestSnapshotBuilder;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The pull requests in the answer to a {@link SnapshotQuery}. A field that the credential may not read is null there and
 * has an error at its path; what can be read of the rest counts.
 *
 * @see <a href="https://docs.github.com/en/graphql/reference/enums">Enums</a>
 */
record SnapshotAnswer(Map<PullRequestRef, PullRequestSnapshot> found, Map<PullRequestRef, RefusedException> refused) {
    private static final int LONGEST_NAME = 255;
    private static final Set<String> PASSED = Set.of("SUCCESS", "NEUTRAL", "SKIPPED");
    private static final Set<String> FAILED =
            Set.of("FAILURE", "ERROR", "CANCELLED", "TIMED_OUT", "ACTION_REQUIRED", "STARTUP_FAILURE", "STALE");

    static SnapshotAnswer of(SnapshotQuery query, JsonNode answer, GitHubRefusals refusals) {
        List<JsonPath> errors = JsonPath.ofErrors(answer);
        Map<PullRequestRef, PullRequestSnapshot> found = new HashMap<>();
        Map<PullRequestRef, RefusedException> refused = new HashMap<>();
        query.paths().forEach((path, ref) -> {
            JsonNode pull = answer.at("/data" + path);
            boolean checksUnread = errors.stream().anyMatch(error -> error.isIn(path + "/commits"));
            Optional<PullRequestSnapshot> read = read(pull, checksUnread).filter(each -> each.number() == ref.number());
            if (read.isPresent()) {
                found.put(ref, read.get());
            } else {
                refused.put(
                        ref,
                        pull.isObject()
                                ? refusals.unreadable()
                                : refusals.noPullRequest(ref.repository(), ref.number()));
            }
        });
        return new SnapshotAnswer(found, refused);
    }

    /** A message's path in the answer, as a JSON pointer below {@code /data}. */
    private record JsonPath(String pointer) {
        static List<JsonPath> ofErrors(JsonNode answer) {
            List<JsonPath> paths = new ArrayList<>();
            for (JsonNode error : answer.path("errors")) {
                StringBuilder pointer = new StringBuilder();
                error.path("path").forEach(part -> pointer.append('/').append(part.asText()));
                paths.add(new JsonPath(pointer.toString()));
            }
            return paths;
        }

        boolean isIn(String path) {
            return (pointer + "/").startsWith(path + "/");
        }
    }

    private static Optional<PullRequestSnapshot> read(JsonNode pull, boolean checksUnread) {
        String head = pull.path("headRefOid").asText();
        Optional<Instant> updatedAt = time(pull, "updatedAt");
        if (!pull.isObject() || !ObjectId.isValid(head) || updatedAt.isEmpty()) {
            return Optional.empty();
        }
        Lifecycle lifecycle = lifecycle(pull);
        return Optional.of(PullRequestSnapshotBuilder.builder()
                .number(pull.path("number").asInt())
                .nodeId(text(pull, "id"))
                .lifecycle(lifecycle)
                .baseBranch(pull.path("baseRefName").asText())
                .headCommit(head)
                .mergeable(lifecycle.isOpen() ? mergeable(pull) : Mergeable.UNKNOWN)
                .obstacles(lifecycle.isOpen() ? obstacles(pull) : Set.of())
                .whole(true)
                .checks(checksUnread ? Optional.empty() : checks(pull, head))
                .reviewDecision(reviewDecision(pull))
                .merge(lifecycle == Lifecycle.MERGED ? Optional.of(merge(pull)) : Optional.empty())
                .closedAt(time(pull, "closedAt"))
                .updatedAt(updatedAt.get())
                .build());
    }

    private static Lifecycle lifecycle(JsonNode pull) {
        return switch (pull.path("state").asText()) {
            case "MERGED" -> Lifecycle.MERGED;
            case "CLOSED" -> Lifecycle.CLOSED;
            default ->
                pull.path("isDraft").asBoolean()
                        ? Lifecycle.DRAFT
                        : pull.path("isInMergeQueue").asBoolean() ? Lifecycle.QUEUED : Lifecycle.OPEN;
        };
    }

    private static Mergeable mergeable(JsonNode pull) {
        return switch (pull.path("mergeable").asText()) {
            case "MERGEABLE" -> Mergeable.TRUE;
            case "CONFLICTING" -> Mergeable.FALSE;
            default -> Mergeable.UNKNOWN;
        };
    }

    private static Set<Obstacle> obstacles(JsonNode pull) {
        return switch (pull.path("mergeStateStatus").asText()) {
            case "BEHIND" -> Set.of(Obstacle.BEHIND);
            case "BLOCKED" -> Set.of(Obstacle.RULES);
            default -> Set.of();
        };
    }

    private static Optional<ReviewDecision> reviewDecision(JsonNode pull) {
        return switch (pull.path("reviewDecision").asText()) {
            case "APPROVED" -> Optional.of(ReviewDecision.APPROVED);
            case "CHANGES_REQUESTED" -> Optional.of(ReviewDecision.CHANGES_REQUESTED);
            case "REVIEW_REQUIRED" -> Optional.of(ReviewDecision.REVIEW_REQUIRED);
            default -> Optional.empty();
        };
    }

    /** Empty when the last commit that is listed is not the head: the list can lag. */
    private static Optional<Checks> checks(JsonNode pull, String head) {
        JsonNode commit = pull.at("/commits/nodes/0/commit");
        if (!commit.path("oid").asText().equals(head)) {
            return Optional.empty();
        }
        JsonNode contexts = commit.at("/statusCheckRollup/contexts");
        int passed = 0;
        int failed = 0;
        int pending = 0;
        for (String list : List.of("checkRunCountsByState", "statusContextCountsByState")) {
            for (JsonNode each : contexts.path(list)) {
                int count = Math.max(0, each.path("count").asInt());
                String state = each.path("state").asText();
                if (PASSED.contains(state)) {
                    passed += count;
                } else if (FAILED.contains(state)) {
                    failed += count;
                } else {
                    pending += count;
                }
            }
        }
        return Optional.of(new Checks(passed, failed, pending));
    }

    private static PullRequestSnapshot.Merge merge(JsonNode pull) {
        return new PullRequestSnapshot.Merge(
                time(pull, "mergedAt"),
                Optional.of(pull.at("/mergeCommit/oid").asText()).filter(ObjectId::isValid),
                text(pull.path("mergedBy"), "login"));
    }

    private static Optional<String> text(JsonNode of, String field) {
        String text = SafeText.line(of.path(field).asText(""), LONGEST_NAME);
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static Optional<Instant> time(JsonNode of, String field) {
        try {
            return of.path(field).isTextual()
                    ? Optional.of(Instant.parse(of.path(field).textValue()))
                    : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
