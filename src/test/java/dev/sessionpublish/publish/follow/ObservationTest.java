package dev.sessionpublish.publish.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequestBuilder;
import dev.sessionpublish.forge.PullRequestSnapshot;
import dev.sessionpublish.forge.PullRequestSnapshot.Checks;
import dev.sessionpublish.forge.PullRequestSnapshot.Lifecycle;
import dev.sessionpublish.forge.PullRequestSnapshot.Mergeable;
import dev.sessionpublish.forge.PullRequestSnapshot.Obstacle;
import dev.sessionpublish.forge.PullRequestSnapshot.ReviewDecision;
import dev.sessionpublish.forge.PullRequestSnapshotBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a snapshot makes of the status, and how soon the next one is taken. */
class ObservationTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.25Z");
    private static final ObservedPullRequest OPENED = ObservedPullRequestBuilder.builder()
            .number(7)
            .url("https://github.com/acme/web/pull/7")
            .state("open")
            .adopted(true)
            .build();
    private static final Cadence CADENCE = new Cadence(
            Duration.ofSeconds(15),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofMinutes(1));

    private static PullRequestSnapshotBuilder open() {
        return PullRequestSnapshotBuilder.builder()
                .number(7)
                .nodeId(Optional.of("PR_7"))
                .lifecycle(Lifecycle.OPEN)
                .baseBranch("main")
                .headCommit("a".repeat(40))
                .mergeable(Mergeable.TRUE)
                .obstacles(Set.of())
                .whole(true)
                .checks(Optional.of(new Checks(1, 0, 0)))
                .reviewDecision(Optional.empty())
                .merge(Optional.empty())
                .closedAt(Optional.empty())
                .updatedAt(NOW);
    }

    private static ObservedPullRequest after(PullRequestSnapshotBuilder snapshot) {
        return new Observation.Seen(snapshot.build()).after(OPENED);
    }

    private static List<String> blockedBy(PullRequestSnapshotBuilder snapshot) {
        return after(snapshot).blockedBy();
    }

    @Test
    void whatIsInTheWayIsNamed() {
        assertThat(blockedBy(open())).isNull();
        assertThat(blockedBy(open().mergeable(Mergeable.UNKNOWN))).isNull();
        assertThat(blockedBy(open().lifecycle(Lifecycle.DRAFT))).containsExactly("draft");
        assertThat(blockedBy(open().mergeable(Mergeable.FALSE))).containsExactly("conflict");
        assertThat(blockedBy(open().checks(Optional.of(new Checks(1, 1, 1)))))
                .containsExactly("checks-failed", "checks-pending");
        assertThat(blockedBy(open().reviewDecision(Optional.of(ReviewDecision.CHANGES_REQUESTED))))
                .containsExactly("changes-requested");
        assertThat(blockedBy(open().reviewDecision(Optional.of(ReviewDecision.REVIEW_REQUIRED))
                        .obstacles(Set.of(Obstacle.RULES))))
                .containsExactly("review-required");
        assertThat(blockedBy(open().obstacles(Set.of(Obstacle.RULES)))).containsExactly("rules");
        assertThat(blockedBy(open().obstacles(Set.of(Obstacle.BEHIND)))).containsExactly("behind-base");
    }

    @Test
    void whatWasNotAskedForIsKeptForTheSameHeadAlone() {
        ObservedPullRequest known = new Observation.Seen(open().reviewDecision(Optional.of(ReviewDecision.APPROVED))
                        .build())
                .after(OPENED);
        PullRequestSnapshotBuilder brief = open().whole(false).checks(Optional.empty());

        assertThat(new Observation.Seen(brief.build()).after(known)).isEqualTo(known);
        ObservedPullRequest pushed =
                new Observation.Seen(brief.headCommit("b".repeat(40)).build()).after(known);
        assertThat(pushed.checks()).isNull();
        assertThat(pushed.reviewDecision()).isEqualTo(ObservedPullRequest.ReviewDecision.Approved);
    }

    @Test
    void aMergeHasItsTimeCommitAndUser() {
        ObservedPullRequest merged = after(open().lifecycle(Lifecycle.MERGED)
                .mergeable(Mergeable.UNKNOWN)
                .merge(Optional.of(new PullRequestSnapshot.Merge(
                        Optional.of(NOW), Optional.of("c".repeat(40)), Optional.of("carol")))));

        assertThat(merged.state()).isEqualTo("merged");
        assertThat(merged.mergedAt()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(merged.mergeCommit()).isEqualTo("c".repeat(40));
        assertThat(merged.mergedBy()).isEqualTo("carol");
        assertThat(merged.mergeable()).isNull();
        assertThat(merged.adopted()).isTrue();
    }

    @Test
    void thePaceFollowsTheLastChange() {
        ObservedPullRequest green = after(open());
        ObservedPullRequest running = after(open().checks(Optional.of(new Checks(0, 0, 1))));
        ObservedPullRequest unchecked = after(open().checks(Optional.of(new Checks(0, 0, 0))));
        ObservedPullRequest closed = after(open().lifecycle(Lifecycle.CLOSED));

        assertThat(CADENCE.pace(OPENED, Duration.ZERO)).isEqualTo(Cadence.Pace.HOT);
        assertThat(CADENCE.pace(green, Duration.ZERO)).isEqualTo(Cadence.Pace.WARM);
        assertThat(CADENCE.pace(green, Duration.ofHours(1))).isEqualTo(Cadence.Pace.COOL);
        assertThat(CADENCE.pace(green, Duration.ofDays(1))).isEqualTo(Cadence.Pace.COLD);
        assertThat(CADENCE.pace(running, Duration.ofMinutes(59))).isEqualTo(Cadence.Pace.HOT);
        assertThat(CADENCE.pace(running, Duration.ofHours(1))).isEqualTo(Cadence.Pace.COOL);
        assertThat(CADENCE.pace(unchecked, Duration.ofSeconds(59))).isEqualTo(Cadence.Pace.HOT);
        assertThat(CADENCE.pace(unchecked, Duration.ofSeconds(60))).isEqualTo(Cadence.Pace.WARM);
        assertThat(CADENCE.pace(closed, Duration.ZERO)).isEqualTo(Cadence.Pace.COLD);
    }
}
