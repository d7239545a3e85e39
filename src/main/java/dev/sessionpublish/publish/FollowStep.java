package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.lifecycle.LifecycleEvent;
import dev.sessionpublish.lifecycle.LifecycleEvents;
import dev.sessionpublish.lifecycle.StatusWriter;
import dev.sessionpublish.lifecycle.Stored;
import dev.sessionpublish.publish.follow.Following;
import dev.sessionpublish.publish.follow.Observation;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.util.Optional;

/**
 * Stores what was observed of the pull request of a publish that has ended. An event for a merge, a close and a reopening is
 * recorded before the status that has it in its history, so that a crash in between repeats nothing. Nothing is written
 * when nothing has changed.
 */
final class FollowStep {
    private final Following following;
    private final StatusWriter<SessionPublish, SessionPublishStatus> writer;
    private final LifecycleEvents events;
    private final Clock clock;

    FollowStep(
            Following following,
            StatusWriter<SessionPublish, SessionPublishStatus> writer,
            LifecycleEvents events,
            Clock clock) {
        this.following = following;
        this.writer = writer;
        this.events = events;
        this.clock = clock;
    }

    /**
     * @param publish as the API server has it now, at rest
     * @return the object as stored
     * @throws io.fabric8.kubernetes.client.KubernetesClientException with code 409 when the object changed meanwhile
     */
    SessionPublish take(SessionPublish publish) {
        Optional<Observation> news = following.news(publish);
        if (news.isEmpty()) {
            return publish;
        }
        SessionPublish stored = applies(publish, news.get()) ? store(publish, news.get()) : publish;
        following.settled(publish, news.get());
        return stored;
    }

    /** Follows the pull request of the publish, or no longer, as its status says. */
    void observe(SessionPublish publish) {
        following.observe(publish);
    }

    void forget(SessionPublish publish) {
        following.forget(publish);
    }

    /** Whether there is something to store. */
    boolean hasNews(SessionPublish publish) {
        return following.news(publish).isPresent();
    }

    EventSource<?, SessionPublish> eventSource() {
        return following;
    }

    private static boolean applies(SessionPublish publish, Observation news) {
        SessionPublishStatus status = publish.getStatus();
        ObservedPullRequest pull = status == null ? null : status.pullRequest();
        return pull != null
                && pull.number() != null
                && (status.phase() == Phase.PullRequestCreated || status.phase() == Phase.Closed)
                && (!(news instanceof Observation.Seen seen) || seen.snapshot().number() == pull.number());
    }

    private SessionPublish store(SessionPublish publish, Observation news) {
        PublishStatus before = PublishStatus.of(publish, clock);
        PublishStatus after = FollowTransitions.observed(before, news);
        if (after.get().equals(before.get())) {
            return publish;
        }
        Optional<LifecycleEvent> event = FollowTransitions.event(before, after);
        if (event.isPresent()) {
            LifecycleEvent numbered = event.get().withOrdinal(before.history().nextOrdinal());
            events.record(publish, before.runId(), numbered);
            after = after.withEvent(event.get());
        }
        return writer.write(Stored.of(publish), after.build());
    }
}
