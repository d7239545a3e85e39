package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.Push;
import dev.sessionpublish.api.v1alpha1.PushBuilder;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatusBuilder;
import dev.sessionpublish.lifecycle.Requester;
import dev.sessionpublish.lifecycle.StoredTime;
import dev.sessionpublish.outcome.Reason;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stored status without what the API server would refuse to store again, whoever wrote it: times that can't be
 * read, and reasons that this version doesn't know.
 */
final class StoredStatus {
    private StoredStatus() {}

    static SessionPublishStatus of(SessionPublish publish) {
        SessionPublishStatus stored = Objects.requireNonNullElse(publish.getStatus(), SessionPublishStatus.EMPTY);
        return SessionPublishStatusBuilder.builder(stored)
                .phase(Objects.requireNonNullElse(stored.phase(), Phase.Pending))
                .reason(PublishReason.ofCode(stored.reason()).map(Reason::code).orElse(null))
                .message(Objects.requireNonNullElse(stored.message(), ""))
                .requestedBy(Requester.of(publish.getSpec().requestedBy()).orElse(null))
                .push(readable(stored.push()))
                .startedAt(readable(stored.startedAt()))
                .finishedAt(readable(stored.finishedAt()))
                .attempts(Objects.requireNonNullElse(stored.attempts(), 0))
                .nextAttemptAt(readable(stored.nextAttemptAt()))
                .build();
    }

    private static @Nullable String readable(@Nullable String time) {
        return StoredTime.of(time).isPresent() ? time : null;
    }

    private static @Nullable Push readable(@Nullable Push stored) {
        return stored == null
                ? null
                : PushBuilder.builder(stored)
                        .startedAt(readable(stored.startedAt()))
                        .finishedAt(readable(stored.finishedAt()))
                        .build();
    }
}
