package dev.sessionpublish.forge.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.PullRequestRef;
import dev.sessionpublish.forge.Snapshots;
import dev.sessionpublish.forge.github.GitHubRefusals.Operation;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads pull requests with GraphQL, 50 for one point of the rate limit. A query that GitHub can't answer in time is asked
 * again in two halves.
 *
 * @see <a href="https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api">Limits</a>
 */
final class GitHubSnapshots {
    private final DirectRequests requests;
    private final GitHubRefusals refusals;

    GitHubSnapshots(DirectRequests requests, GitHubRefusals refusals) {
        this.requests = requests;
        this.refusals = refusals;
    }

    Snapshots read(List<PullRequestRef> refs) throws RefusedException {
        SnapshotQuery query = SnapshotQuery.of(refs);
        Answer answer = ask(query);
        JsonNode json = answer.json();
        if (isUsedUp(answer, json)) {
            return new Snapshots(Map.of(), Map.of(), Optional.empty(), usedUp(answer));
        }
        if (answer.isSuccess() && json.path("data").isObject()) {
            return snapshots(query, answer, json);
        }
        if (refs.size() > 1 && isTooMuch(answer)) {
            int half = refs.size() / 2;
            return orRefused(refs.subList(0, half)).and(orRefused(refs.subList(half, refs.size())));
        }
        throw answer.isSuccess() ? failed() : refusals.of(answer, Operation.READING);
    }

    /** Any answer, an error too. */
    private Answer ask(SnapshotQuery query) throws RefusedException {
        try {
            return requests.graphQl(query.text(), query.variables());
        } catch (ErrorAnswerException e) {
            return e.answer();
        } catch (IOException e) {
            throw refusals.of(e, Operation.READING);
        }
    }

    private Snapshots orRefused(List<PullRequestRef> refs) {
        try {
            return read(refs);
        } catch (RefusedException e) {
            return Snapshots.refused(refs, e);
        }
    }

    private Snapshots snapshots(SnapshotQuery query, Answer answer, JsonNode json) {
        SnapshotAnswer read = SnapshotAnswer.of(query, json, refusals);
        // The installations of an App share its login, and each has a limit of its own.
        String login = json.at("/data/viewer/login").asText();
        return new Snapshots(
                read.found(),
                read.refused(),
                login.isEmpty() || login.endsWith("[bot]") ? Optional.empty() : Optional.of(login),
                rateLimit(json.at("/data/rateLimit"))
                        .or(() -> GitHubRateLimits.reported(answer))
                        .orElse(Forge.RateLimit.UNKNOWN));
    }

    /** A gateway's timeout, or an answer of errors alone, which GraphQL gives when a query takes too long. */
    private static boolean isTooMuch(Answer answer) {
        return answer.isSuccess() || answer.status() == 502 || answer.status() == 504;
    }

    /** The points of GraphQL are used up. Other APIs are counted by themselves, and may be used. */
    private static boolean isUsedUp(Answer answer, JsonNode json) {
        boolean limited = answer.status() == 403 || answer.status() == 429;
        if (limited && answer.retryAfter().isEmpty()) {
            return answer.number("X-RateLimit-Remaining").equals(Optional.of(0L))
                    && answer.header("X-RateLimit-Resource").equals(Optional.of("graphql"));
        }
        for (JsonNode error : json.path("errors")) {
            if (answer.isSuccess() && error.path("type").asText().equals("RATE_LIMITED")) {
                return true;
            }
        }
        return false;
    }

    private static Forge.RateLimit usedUp(Answer answer) {
        Forge.RateLimit reported = GitHubRateLimits.reported(answer).orElse(Forge.RateLimit.UNKNOWN);
        return new Forge.RateLimit(0, Math.max(reported.limit(), 1), reported.resetAt());
    }

    private static Optional<Forge.RateLimit> rateLimit(JsonNode reported) {
        try {
            return reported.path("limit").isInt()
                    ? Optional.of(new Forge.RateLimit(
                            reported.path("remaining").asInt(),
                            reported.path("limit").asInt(),
                            Instant.parse(reported.path("resetAt").asText()).getEpochSecond()))
                    : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static RefusedException failed() {
        return new RefusedException(
                SharedReason.SERVER_ERROR,
                "GitHub did not answer a query for pull requests. The operator retries. Check GitHub's status page if the"
                        + " error persists.");
    }
}
