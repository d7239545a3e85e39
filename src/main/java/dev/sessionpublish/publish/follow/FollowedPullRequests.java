package dev.sessionpublish.publish.follow;

import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.forge.PullRequestSnapshot;
import dev.sessionpublish.lifecycle.StoredTime;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.RetryClass;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The pull requests that are followed, when each is due, and what was observed and is not stored yet. An open one is
 * followed, and a closed one for a day. Thread-safe.
 */
public final class FollowedPullRequests {
    private static final Duration CLOSED = Duration.ofDays(1);
    /** What fails for so long is reported, although it is retried. */
    private static final Duration PASSING = Duration.ofMinutes(10);

    private static final int MOST_DOUBLINGS = 10;

    private final Cadence cadence;
    private final Clock clock;
    private final Map<ResourceID, FollowedPullRequest> followed = new HashMap<>();
    private final Map<ResourceID, Observation> news = new HashMap<>();

    public FollowedPullRequests(Cadence cadence, Clock clock) {
        this.cadence = cadence;
        this.clock = clock;
    }

    /** Follows the pull request of a publish, or no longer, as its status says. */
    public synchronized void observe(SessionPublish publish) {
        ResourceID id = ResourceID.fromResource(publish);
        SessionPublishStatus status = publish.getStatus();
        if (status == null || !isFollowed(publish, clock.instant())) {
            forget(id);
            return;
        }
        ObservedPullRequest stored =
                Objects.requireNonNull(status.pullRequest()).trimmed();
        String baseBranch = Objects.requireNonNullElse(status.baseBranch(), "");
        FollowedPullRequest present = followed.get(id);
        if (present == null
                || !present.repository.equals(status.repository())
                || present.number != Objects.requireNonNull(stored.number())) {
            news.remove(id);
            followed.put(id, begin(id, publish, stored, baseBranch));
            return;
        }
        Instant ended = StoredTime.of(status.finishedAt()).orElse(present.changedAt);
        boolean ranAgain = ended.isAfter(present.changedAt);
        present.changedAt = ranAgain ? ended : present.changedAt;
        if (!present.known.equals(stored) && !news.containsKey(id)) {
            present.known = stored;
            present.baseBranch = baseBranch;
        }
        if (ranAgain || present.failures > 0) {
            present.due = clock.instant();
        }
    }

    /** What has ended is spread over its interval, so that a restart reads no more at once than any other time. */
    private FollowedPullRequest begin(
            ResourceID id, SessionPublish publish, ObservedPullRequest stored, String baseBranch) {
        SessionPublishStatus status = publish.getStatus();
        Instant now = clock.instant();
        FollowedPullRequest begun = new FollowedPullRequest(
                id,
                Objects.requireNonNull(status.repository()),
                publish.getSpec().projectName(),
                stored,
                baseBranch,
                StoredTime.of(status.finishedAt()).orElse(now));
        Cadence.Pace pace = begun.pace(cadence, now);
        if (pace == Cadence.Pace.HOT) {
            begun.due = now;
        } else {
            long millis = cadence.interval(pace).toMillis();
            begun.due = now.plusMillis(Math.floorMod(id.hashCode() * 0x9E3779B97F4A7C15L, millis));
        }
        return begun;
    }

    private static boolean isFollowed(SessionPublish publish, Instant now) {
        SessionPublishStatus status = publish.getStatus();
        ObservedPullRequest pull = status.pullRequest();
        boolean ended = status.phase() == Phase.PullRequestCreated || status.phase() == Phase.Closed;
        if (!ended
                || pull == null
                || pull.number() == null
                || status.repository() == null
                || "merged".equals(pull.state())
                || publish.getSpec().suspends()
                || publish.isMarkedForDeletion()) {
            return false;
        }
        return !"closed".equals(pull.state())
                || StoredTime.of(pull.closedAt())
                        .or(() -> StoredTime.of(status.finishedAt()))
                        .filter(closed -> closed.plus(CLOSED).isAfter(now))
                        .isPresent();
    }

    public synchronized void forget(ResourceID id) {
        followed.remove(id);
        news.remove(id);
    }

    /** What was observed since the status was last written. */
    public synchronized Optional<Observation> news(ResourceID id) {
        return Optional.ofNullable(news.get(id));
    }

    /** The status has it, or needs it no longer. */
    public synchronized void settled(ResourceID id, Observation stored) {
        news.remove(id, stored);
    }

    /** Those that are due, with some tolerance for a late tick. */
    synchronized List<FollowedPullRequest> due(Duration tolerance) {
        Instant until = clock.instant().plus(tolerance);
        return followed.values().stream()
                .filter(each -> !each.due.isAfter(until))
                .toList();
    }

    synchronized Cadence.Pace pace(FollowedPullRequest pull) {
        return pull.pace(cadence, clock.instant());
    }

    /** Whether it has waited so long that a batch is sent that isn't full. */
    synchronized boolean isUrgent(FollowedPullRequest pull) {
        Instant now = clock.instant();
        Cadence.Pace pace = pull.pace(cadence, now);
        return pace == Cadence.Pace.HOT
                || !pull.due.plus(cadence.interval(pace).dividedBy(4)).isAfter(now);
    }

    /** @return whether its publish has something to store */
    synchronized boolean seen(FollowedPullRequest pull, PullRequestSnapshot snapshot) {
        if (followed.get(pull.id) != pull) {
            return false;
        }
        Instant now = clock.instant();
        Observation observation = new Observation.Seen(snapshot);
        ObservedPullRequest after = observation.after(pull.known);
        boolean changed = !after.equals(pull.known) || !snapshot.baseBranch().equals(pull.baseBranch);
        boolean updated = pull.updatedAt == null || snapshot.updatedAt().isAfter(pull.updatedAt);
        if (updated && snapshot.updatedAt().isAfter(pull.changedAt)) {
            pull.changedAt = snapshot.updatedAt().isAfter(now) ? now : snapshot.updatedAt();
        }
        if (changed && pull.updatedAt != null) {
            pull.changedAt = now;
        }
        pull.updatedAt = snapshot.updatedAt();
        pull.known = after;
        pull.baseBranch = snapshot.baseBranch();
        pull.failingSince = null;
        pull.failures = 0;
        pull.due = now.plus(cadence.interval(pull.pace(cadence, now)));
        if (changed) {
            news.put(pull.id, observation);
        } else if (after.state() != null && after.state().equals("closed") && !isInADay(after, now)) {
            forget(pull.id);
        }
        return changed;
    }

    private static boolean isInADay(ObservedPullRequest closed, Instant now) {
        return StoredTime.of(closed.closedAt())
                .filter(at -> at.plus(CLOSED).isAfter(now))
                .isPresent();
    }

    /** @return whether its publish has something to store */
    synchronized boolean refused(FollowedPullRequest pull, RefusedException why) {
        if (followed.get(pull.id) != pull) {
            return false;
        }
        Instant now = clock.instant();
        Instant since = Objects.requireNonNullElse(pull.failingSince, now);
        pull.failingSince = since;
        Duration interval = cadence.interval(pull.pace(cadence, now));
        Duration longer = interval.multipliedBy(1L << Math.min(pull.failures, MOST_DOUBLINGS));
        Duration bounded = longer.compareTo(cadence.cold()) > 0 ? cadence.cold() : longer;
        pull.failures++;
        pull.due = now.plus(
                why.retryAfter().filter(asked -> asked.compareTo(bounded) > 0).orElse(bounded));
        boolean passing = why.reason().retryClass() == RetryClass.BACKOFF
                && since.plus(PASSING).isAfter(now);
        ObservedPullRequest.Unreadable reported = pull.known.unreadable();
        if (passing || reported != null && reported.reason().equals(why.reason().code())) {
            return false;
        }
        Observation observation = new Observation.Unreadable(
                reported == null ? since : StoredTime.of(reported.since()).orElse(since), why);
        pull.known = observation.after(pull.known);
        news.put(pull.id, observation);
        return true;
    }

    /** How many are followed at each pace. */
    public synchronized Map<Cadence.Pace, Integer> counts() {
        Map<Cadence.Pace, Integer> counts = new EnumMap<>(Cadence.Pace.class);
        for (Cadence.Pace pace : Cadence.Pace.values()) {
            counts.put(pace, 0);
        }
        Instant now = clock.instant();
        Collection<FollowedPullRequest> all = followed.values();
        all.forEach(each -> counts.merge(each.pace(cadence, now), 1, Integer::sum));
        return counts;
    }
}
