package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.lifecycle.RetryAnnotation;
import java.util.Optional;

/** Why a publish runs. */
enum Trigger {
    /** It is new, or was started again: the work in the sandbox is read. */
    ANEW,
    /** The same run continues with its push. */
    CONTINUE,
    /** The work is pushed, and the spec has changed since: a new run opens the pull request. */
    SPEC_AFTER_PUSH,
    /** The work is pushed, and the same run continues with its pull request. */
    PULL_REQUEST,
    /** It has a pull request, and the spec has changed since: the same run changes it, or a new run follows a closed one. */
    UPDATE,
    /** It has ended well, and the changed spec needs no further step. */
    NOTED;

    static Trigger of(SessionPublish publish, PublishStatus status) {
        SessionPublishStatus stored = publish.getStatus();
        if (stored == null || stored.phase() == null || isAskedAgain(publish)) {
            return ANEW;
        }
        boolean newSpec = !publish.getMetadata().getGeneration().equals(stored.observedGeneration());
        return switch (stored.phase()) {
            case Pending, NothingToPublish, Failed -> ANEW;
            case Waiting, Pushing -> newSpec ? ANEW : CONTINUE;
            case OpeningPullRequest, ManualPullRequestRequired -> newSpec ? SPEC_AFTER_PUSH : PULL_REQUEST;
            case Suspended -> status.history().endsWith(PublishEvent.GIT_PR_STARTED) ? SPEC_AFTER_PUSH : ANEW;
            case PullRequestCreated -> pullRequest(status);
            case Closed -> UPDATE;
            case Pushed, Merged -> NOTED;
        };
    }

    private static Trigger pullRequest(PublishStatus status) {
        if (status.hasOpenPullRequest()) {
            return UPDATE;
        }
        return status.get().reason() == null ? NOTED : SPEC_AFTER_PUSH;
    }

    /** Whether the work is at the forge and only its pull request is left. */
    boolean isAfterPush() {
        return this == SPEC_AFTER_PUSH || this == PULL_REQUEST || this == UPDATE;
    }

    /** The status at the start of a run. */
    PublishStatus begin(SessionPublish publish, PublishStatus stored) {
        if (this == UPDATE) {
            return stored.withGeneration(publish.getMetadata().getGeneration());
        }
        PublishStatus begun = this == ANEW || this == SPEC_AFTER_PUSH ? withRun(publish, stored) : stored;
        return this == ANEW ? begun.withSourceReset() : begun;
    }

    private static PublishStatus withRun(SessionPublish publish, PublishStatus stored) {
        long generation = publish.getMetadata().getGeneration();
        return stored.withRun(generation, RetryAnnotation.of(publish), isStartedByUser(publish));
    }

    /** Whether the spec or the retry annotation has a value that has not been acted on. */
    static boolean isStartedByUser(SessionPublish publish) {
        boolean sameGeneration = Optional.ofNullable(publish.getStatus())
                .map(SessionPublishStatus::observedGeneration)
                .filter(observed -> observed.equals(publish.getMetadata().getGeneration()))
                .isPresent();
        return !sameGeneration || isAskedAgain(publish);
    }

    /** Whether the retry annotation has a value that has not been acted on. */
    static boolean isAskedAgain(SessionPublish publish) {
        SessionPublishStatus stored = publish.getStatus();
        return RetryAnnotation.isNew(publish, stored == null ? null : stored.observedRetryAt());
    }
}
