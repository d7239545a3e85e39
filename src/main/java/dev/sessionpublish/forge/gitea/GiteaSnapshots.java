package dev.sessionpublish.forge.gitea;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.PullRequestRef;
import dev.sessionpublish.forge.PullRequestSnapshot;
import dev.sessionpublish.forge.PullRequestSnapshot.Checks;
import dev.sessionpublish.forge.PullRequestSnapshot.Lifecycle;
import dev.sessionpublish.forge.PullRequestSnapshot.Mergeable;
import dev.sessionpublish.forge.PullRequestSnapshot.ReviewDecision;
import dev.sessionpublish.forge.PullRequestSnapshotBuilder;
import dev.sessionpublish.forge.Snapshots;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.outcome.SharedReason;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads pull requests of one repository. The list of the open ones shows most; a single one is read by its number if it is
 * not there, or if it can't be merged: only this makes the forge check again, in the background, whether it can. So the
 * first answer that it can't is not believed: it may be that the check hasn't ended. Statuses and reviews are read while
 * the pull request is settling, and after each update.
 */
final class GiteaSnapshots {
    private static final int PAGE = 50;
    private static final int MOST_PAGES = 20;
    private static final int LONGEST_NAME = 255;
    /** With fewer, reading each by its number takes no more requests than a list. */
    private static final int WORTH_A_LIST = 2;

    private final GiteaApi api;
    private final GiteaRefusals refusals;

    GiteaSnapshots(GiteaApi api, GiteaRefusals refusals) {
        this.api = api;
        this.refusals = refusals;
    }

    /** Like {@link #read}; if the repository can't be read, all are refused. */
    Snapshots readAny(List<PullRequestRef> refs) {
        try {
            return read(refs);
        } catch (RefusedException e) {
            return Snapshots.refused(refs, e);
        }
    }

    /** @throws RefusedException if the repository can't be read */
    Snapshots read(List<PullRequestRef> refs) throws RefusedException {
        Map<PullRequestRef, PullRequestSnapshot> found = new HashMap<>();
        Map<PullRequestRef, RefusedException> refused = new HashMap<>();
        Map<Integer, GiteaJson.Pull> listed = refs.size() < WORTH_A_LIST ? Map.of() : open(refs);
        for (PullRequestRef ref : refs) {
            GiteaJson.Pull known = listed.get(ref.number());
            try {
                found.put(ref, snapshot(ref, known == null || !known.mergeable() ? byNumber(ref.number()) : known));
            } catch (RefusedException e) {
                refused.put(ref, e);
            }
        }
        Optional<RefusedException> whole = refused.values().stream()
                .filter(each -> found.isEmpty() && each.reason() != SharedReason.NOT_FOUND)
                .findFirst();
        if (whole.isPresent()) {
            throw whole.get();
        }
        return new Snapshots(found, refused, Optional.empty(), Forge.RateLimit.UNKNOWN);
    }

    /** The open pull requests, as far as they are asked for, from the newest to the last that is. */
    private Map<Integer, GiteaJson.Pull> open(List<PullRequestRef> refs) throws RefusedException {
        Map<Integer, GiteaJson.Pull> found = new LinkedHashMap<>();
        int first = refs.stream().mapToInt(PullRequestRef::number).min().orElse(0);
        for (int page = 1; page <= MOST_PAGES; page++) {
            Answer answer = api.get("/pulls?state=open&limit=" + PAGE + "&page=" + page);
            if (!answer.isSuccess()) {
                throw refusals.of(answer);
            }
            List<GiteaJson.Pull> pulls = api.read(answer, new TypeReference<>() {});
            pulls.forEach(each -> found.put(each.number(), each));
            if (pulls.isEmpty() || pulls.get(pulls.size() - 1).number() <= first) {
                break;
            }
        }
        return found;
    }

    private GiteaJson.Pull byNumber(int number) throws RefusedException {
        Answer answer = api.get("/pulls/" + number);
        if (!answer.isSuccess()) {
            throw answer.status() == 404 ? refusals.noPullRequest(number) : refusals.of(answer);
        }
        return api.read(answer, new TypeReference<>() {});
    }

    private PullRequestSnapshot snapshot(PullRequestRef ref, GiteaJson.Pull from) throws RefusedException {
        GiteaJson.Side head = from.head();
        GiteaJson.Side base = from.base();
        Optional<Instant> updatedAt = time(from.updatedAt());
        if (head == null || base == null || !ObjectId.isValid(String.valueOf(head.sha())) || updatedAt.isEmpty()) {
            throw refusals.unreadable();
        }
        String tip = String.valueOf(head.sha());
        Lifecycle lifecycle = lifecycle(from);
        boolean isWhole =
                lifecycle.isOpen() && (ref.settling() || !ref.updatedAt().equals(updatedAt));
        return PullRequestSnapshotBuilder.builder()
                .number(from.number())
                .nodeId(Optional.empty())
                .lifecycle(lifecycle)
                .baseBranch(String.valueOf(base.ref()))
                .headCommit(tip)
                .mergeable(mergeable(ref, from, lifecycle))
                .obstacles(Set.of())
                .whole(isWhole)
                .checks(isWhole ? Optional.of(checks(tip)) : Optional.empty())
                .reviewDecision(isWhole ? reviewDecision(from.number()) : Optional.empty())
                .merge(lifecycle == Lifecycle.MERGED ? Optional.of(merge(from)) : Optional.empty())
                .closedAt(lifecycle.isOpen() ? Optional.empty() : time(from.closedAt()))
                .updatedAt(updatedAt.get())
                .build();
    }

    private static Lifecycle lifecycle(GiteaJson.Pull from) {
        if (from.merged()) {
            return Lifecycle.MERGED;
        }
        if (!"open".equals(from.state())) {
            return Lifecycle.CLOSED;
        }
        return Boolean.TRUE.equals(from.draft()) ? Lifecycle.DRAFT : Lifecycle.OPEN;
    }

    /** These forges say of a draft that it can't be merged, whether there are conflicts or not. */
    private static Mergeable mergeable(PullRequestRef ref, GiteaJson.Pull from, Lifecycle lifecycle) {
        if (lifecycle != Lifecycle.OPEN) {
            return Mergeable.UNKNOWN;
        }
        if (from.mergeable()) {
            return Mergeable.TRUE;
        }
        boolean again = ref.updatedAt().isPresent() && ref.mergeable() != Mergeable.TRUE;
        return again ? Mergeable.FALSE : Mergeable.UNKNOWN;
    }

    private Checks checks(String commit) throws RefusedException {
        int passed = 0;
        int failed = 0;
        int pending = 0;
        for (int page = 1; page <= MOST_PAGES; page++) {
            Answer answer = api.get("/commits/" + commit + "/status?limit=" + PAGE + "&page=" + page);
            if (!answer.isSuccess()) {
                throw refusals.of(answer);
            }
            GiteaJson.CombinedStatus combined = api.read(answer, new TypeReference<>() {});
            List<GiteaJson.CommitStatus> statuses = combined.statuses() == null ? List.of() : combined.statuses();
            for (GiteaJson.CommitStatus each : statuses) {
                switch (String.valueOf(each.status())) {
                    case "success", "warning", "skipped" -> passed++;
                    case "failure", "error" -> failed++;
                    default -> pending++;
                }
            }
            if (statuses.size() < PAGE || passed + failed + pending >= combined.total()) {
                break;
            }
        }
        return new Checks(passed, failed, pending);
    }

    /** The last word of each reviewer counts. How many approvals the base branch requires is not readable. */
    private Optional<ReviewDecision> reviewDecision(int number) throws RefusedException {
        Answer answer = api.get("/pulls/" + number + "/reviews?limit=" + PAGE);
        if (!answer.isSuccess()) {
            throw refusals.of(answer);
        }
        Map<String, String> last = new HashMap<>();
        List<GiteaJson.Review> reviews = api.read(answer, new TypeReference<>() {});
        for (GiteaJson.Review each : reviews) {
            String state = String.valueOf(each.state());
            boolean decides = state.equals("APPROVED") || state.equals("REQUEST_CHANGES");
            if (decides && !each.dismissed() && each.user() != null) {
                last.put(String.valueOf(each.user().login()), state);
            }
        }
        if (last.containsValue("REQUEST_CHANGES")) {
            return Optional.of(ReviewDecision.CHANGES_REQUESTED);
        }
        return last.isEmpty() ? Optional.empty() : Optional.of(ReviewDecision.APPROVED);
    }

    private static PullRequestSnapshot.Merge merge(GiteaJson.Pull from) {
        GiteaJson.User by = from.mergedBy();
        return new PullRequestSnapshot.Merge(
                time(from.mergedAt()),
                Optional.ofNullable(from.mergeCommit()).filter(ObjectId::isValid),
                Optional.ofNullable(by == null ? null : by.login()).map(login -> SafeText.line(login, LONGEST_NAME)));
    }

    private static Optional<Instant> time(@Nullable String text) {
        try {
            return Optional.ofNullable(text).map(OffsetDateTime::parse).map(OffsetDateTime::toInstant);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
