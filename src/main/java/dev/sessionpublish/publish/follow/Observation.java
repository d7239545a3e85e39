package dev.sessionpublish.publish.follow;

import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest.Checks;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest.Lifecycle;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest.Mergeable;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest.ReviewDecision;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequestBuilder;
import dev.sessionpublish.forge.PullRequestSnapshot;
import dev.sessionpublish.forge.PullRequestSnapshot.Obstacle;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was observed of a pull request, as a change of what its status says. */
public sealed interface Observation {
    /** The pull request of the status, after this. */
    ObservedPullRequest after(ObservedPullRequest known);

    /** It was read. */
    record Seen(PullRequestSnapshot snapshot) implements Observation {
        @Override
        public ObservedPullRequest after(ObservedPullRequest known) {
            Lifecycle lifecycle = lifecycle(snapshot.lifecycle());
            boolean sameHead = snapshot.headCommit().equals(known.headCommit());
            Checks checks = snapshot.whole()
                    ? snapshot.checks().map(Seen::checks).orElse(null)
                    : sameHead ? known.checks() : null;
            ReviewDecision review = snapshot.whole()
                    ? snapshot.reviewDecision().map(Seen::review).orElse(null)
                    : known.reviewDecision();
            Mergeable mergeable = lifecycle.isOpen() ? mergeable(snapshot.mergeable()) : null;
            Optional<PullRequestSnapshot.Merge> merge = snapshot.merge();
            return ObservedPullRequestBuilder.builder(known)
                    .nodeId(snapshot.nodeId().orElse(known.nodeId()))
                    .state(lifecycle.isOpen() ? "open" : lifecycle.name().toLowerCase(Locale.ROOT))
                    .draft(lifecycle == Lifecycle.Draft)
                    .lifecycle(lifecycle)
                    .headCommit(snapshot.headCommit())
                    .mergeable(mergeable)
                    .blockedBy(lifecycle.isOpen() ? blockedBy(lifecycle, mergeable, checks, review) : null)
                    .checks(checks)
                    .reviewDecision(review)
                    .mergedAt(merge.flatMap(PullRequestSnapshot.Merge::at)
                            .or(() -> merge.flatMap(any -> snapshot.closedAt()))
                            .map(Seen::seconds)
                            .orElse(null))
                    .mergeCommit(
                            merge.flatMap(PullRequestSnapshot.Merge::commit).orElse(null))
                    .mergedBy(merge.flatMap(PullRequestSnapshot.Merge::by).orElse(null))
                    .closedAt(
                            lifecycle == Lifecycle.Closed
                                    ? snapshot.closedAt().map(Seen::seconds).orElse(known.closedAt())
                                    : null)
                    .unreadable(null)
                    .build();
        }

        private @Nullable List<String> blockedBy(
                Lifecycle lifecycle,
                @Nullable Mergeable mergeable,
                @Nullable Checks checks,
                @Nullable ReviewDecision review) {
            List<String> all = new ArrayList<>();
            addIf(all, lifecycle == Lifecycle.Draft, "draft");
            addIf(all, mergeable == Mergeable.False, "conflict");
            addIf(all, checks != null && checks.failed() > 0, "checks-failed");
            addIf(all, checks != null && checks.pending() > 0, "checks-pending");
            addIf(all, review == ReviewDecision.ChangesRequested, "changes-requested");
            addIf(all, review == ReviewDecision.ReviewRequired, "review-required");
            addIf(all, snapshot.obstacles().contains(Obstacle.BEHIND), "behind-base");
            addIf(all, snapshot.obstacles().contains(Obstacle.RULES) && all.isEmpty(), "rules");
            return all.isEmpty() ? null : List.copyOf(all);
        }

        private static void addIf(List<String> all, boolean blocks, String word) {
            if (blocks) {
                all.add(word);
            }
        }

        private static Lifecycle lifecycle(PullRequestSnapshot.Lifecycle from) {
            return switch (from) {
                case DRAFT -> Lifecycle.Draft;
                case OPEN -> Lifecycle.Open;
                case QUEUED -> Lifecycle.Queued;
                case MERGED -> Lifecycle.Merged;
                case CLOSED -> Lifecycle.Closed;
            };
        }

        private static Mergeable mergeable(PullRequestSnapshot.Mergeable from) {
            return switch (from) {
                case TRUE -> Mergeable.True;
                case FALSE -> Mergeable.False;
                case UNKNOWN -> Mergeable.Unknown;
            };
        }

        private static Checks checks(PullRequestSnapshot.Checks from) {
            return new Checks(
                    from.total(), from.passed(), from.failed(), from.pending(), from.passed() + "/" + from.total());
        }

        private static ReviewDecision review(PullRequestSnapshot.ReviewDecision from) {
            return switch (from) {
                case APPROVED -> ReviewDecision.Approved;
                case CHANGES_REQUESTED -> ReviewDecision.ChangesRequested;
                case REVIEW_REQUIRED -> ReviewDecision.ReviewRequired;
            };
        }

        private static String seconds(Instant time) {
            return time.truncatedTo(ChronoUnit.SECONDS).toString();
        }
    }

    /**
     * It can't be read.
     *
     * @param since the first attempt that failed
     */
    record Unreadable(Instant since, RefusedException why) implements Observation {
        private static final int LONGEST = 1_024;

        @Override
        public ObservedPullRequest after(ObservedPullRequest known) {
            return ObservedPullRequestBuilder.builder(known)
                    .unreadable(new ObservedPullRequest.Unreadable(
                            since.truncatedTo(ChronoUnit.SECONDS).toString(),
                            why.reason().code(),
                            SafeText.line(String.valueOf(why.getMessage()), LONGEST)))
                    .build();
        }
    }
}
