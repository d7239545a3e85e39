package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.lifecycle.Backoff;
import dev.sessionpublish.lifecycle.StoredTime;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RetryClass;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectReason;
import dev.sessionpublish.sandbox.SandboxReason;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a publish rests: it has ended, is suspended, or waits, and nothing it depends on has changed since.
 *
 * @param sourceReady whether what the spec names as source was up when last seen
 */
record PublishSchedule(
        SessionPublish publish,
        Optional<SessionProject> project,
        boolean sourceReady,
        boolean publishingEnabled,
        Clock clock) {

    boolean isResting() {
        SessionPublishStatus status = publish.getStatus();
        if (status == null
                || status.phase() == null && status.finishedAt() == null
                || !publish.getMetadata().getGeneration().equals(status.observedGeneration())) {
            return false;
        }
        if (Boolean.TRUE.equals(publish.getSpec().suspend())) {
            return status.phase() == Phase.Suspended || hasEnded(status);
        }
        if (Trigger.isAskedAgain(publish)) {
            return false;
        }
        boolean planned = status.nextAttemptAt() != null;
        boolean halted = status.phase() == Phase.Suspended || hasEnded(status) || planned;
        boolean due = planned && nextAttempt().isEmpty();
        return halted && !due && !isWoken(status);
    }

    /** A phase that is not known here is one of a later operator, and means an end when it has one. */
    private static boolean hasEnded(SessionPublishStatus status) {
        return status.phase() == null || status.phase().isTerminal();
    }

    /**
     * When to go on; empty when nothing is planned or it is time. No wait is planned for longer than a day, so a time
     * further ahead was written by a clock that was wrong, and counts as over; so does one that can't be read.
     */
    Optional<Instant> nextAttempt() {
        SessionPublishStatus status = publish.getStatus();
        Instant now = clock.instant();
        return StoredTime.of(status == null ? null : status.nextAttemptAt())
                .filter(at -> at.isAfter(now) && at.isBefore(now.plus(Backoff.LONGEST)));
    }

    /** What the reason says was missing has appeared or changed. */
    private boolean isWoken(SessionPublishStatus status) {
        Optional<Reason> reason = PublishReason.ofCode(status.reason());
        if (reason.isEmpty()) {
            return false;
        }
        boolean projectChanged = !Project.revision(project).equals(status.observedProject());
        if (reason.get() == PublishReason.PUBLISHING_DISABLED) {
            return publishingEnabled;
        }
        if (reason.get() == SandboxReason.SANDBOX_NOT_READY || reason.get() == SandboxReason.SANDBOX_SUSPENDED) {
            return sourceReady;
        }
        if (reason.get() == ProjectReason.PROJECT_NOT_READY) {
            return projectChanged
                    || project.map(SessionProject::getStatus)
                            .filter(known -> known.defaultBranch() != null)
                            .isPresent();
        }
        return projectChanged && reason.get().retryClass() == RetryClass.WAKES_ON_PROJECT;
    }

    /** When the object is to be deleted; empty when never, or while there is something left to do. */
    Optional<Instant> expiry() {
        SessionPublishStatus status = publish.getStatus();
        Integer seconds = publish.getSpec().ttlSecondsAfterFinished();
        if (seconds == null || status == null || status.finishedAt() == null || status.nextAttemptAt() != null) {
            return Optional.empty();
        }
        return StoredTime.of(status.finishedAt()).map(end -> end.plusSeconds(seconds));
    }
}
