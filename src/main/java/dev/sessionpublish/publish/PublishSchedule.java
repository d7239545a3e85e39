package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
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
import dev.sessionpublish.publish.watch.SourceState;
import dev.sessionpublish.sandbox.SandboxReason;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When a publish is reconciled next. It is idle while it has ended, is suspended or waits, and nothing that it depends on
 * has changed.
 *
 * @param source when it was last seen
 */
record PublishSchedule(
        SessionPublish publish,
        Optional<SessionProject> project,
        SourceState source,
        boolean publishingEnabled,
        Clock clock) {

    boolean isIdle() {
        SessionPublishStatus status = publish.getStatus();
        if (status == null
                || status.phase() == null && status.finishedAt() == null
                || !publish.getMetadata().getGeneration().equals(status.observedGeneration())) {
            return false;
        }
        if (publish.getSpec().suspends()) {
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

    /** An unknown phase was written by a later operator version; it has ended when it has a finishedAt. */
    private static boolean hasEnded(SessionPublishStatus status) {
        return status.phase() == null || status.phase().isTerminal();
    }

    /**
     * When the next attempt is due; empty when none is planned or it is due now. No delay is longer than a day, so a later
     * time was written by a wrong clock and counts as due. So does a time that can't be read.
     */
    Optional<Instant> nextAttempt() {
        SessionPublishStatus status = publish.getStatus();
        Instant now = clock.instant();
        return StoredTime.of(status == null ? null : status.nextAttemptAt())
                .filter(at -> at.isAfter(now) && at.isBefore(now.plus(Backoff.LONGEST)));
    }

    /** What was missing according to the reason has appeared or changed. */
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
            return source == SourceState.READY;
        }
        if (reason.get().retryClass() == RetryClass.WAKES_ON_SOURCE) {
            return source != SourceState.UNKNOWN;
        }
        if (reason.get() == ProjectReason.PROJECT_NOT_READY) {
            return projectChanged
                    || project.map(SessionProject::getStatus)
                            .filter(known -> known.defaultBranch() != null)
                            .isPresent();
        }
        return projectChanged && reason.get().retryClass() == RetryClass.WAKES_ON_PROJECT;
    }

    /** When spec.ttlSecondsAfterFinished deletes the object; empty when never, or while something is left to do. */
    Optional<Instant> expiry() {
        SessionPublishStatus status = publish.getStatus();
        Integer seconds = publish.getSpec().ttlSecondsAfterFinished();
        if (seconds == null || status == null || status.finishedAt() == null || status.nextAttemptAt() != null) {
            return Optional.empty();
        }
        return settledAt(status).map(end -> end.plusSeconds(seconds));
    }

    /** When it ended, or its pull request did after it; empty while that is open. */
    private static Optional<Instant> settledAt(SessionPublishStatus status) {
        Optional<Instant> finished = StoredTime.of(status.finishedAt());
        ObservedPullRequest pull = status.pullRequest();
        if (pull == null || status.phase() == null) {
            return finished;
        }
        return switch (status.phase()) {
            case PullRequestCreated -> Optional.empty();
            case Merged -> later(finished, StoredTime.of(pull.mergedAt()));
            case Closed -> later(finished, StoredTime.of(pull.closedAt()));
            default -> finished;
        };
    }

    private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
        return Stream.concat(one.stream(), other.stream()).max(Comparator.naturalOrder());
    }
}
