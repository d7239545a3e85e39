package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.lifecycle.RetryAnnotation;
import java.util.Optional;

/** Why a publish runs. */
enum Trigger {
    /** New, or started again: the work in the sandbox is looked at. */
    ANEW,
    /** The same run goes on with its push. */
    CONTINUE,
    /** The work is pushed, and the spec has changed since: its pull request is tried in a new run. */
    SPEC_AFTER_PUSH,
    /** The work is pushed, the same run goes on with its pull request. */
    PULL_REQUEST,
    /** It has ended well, and the change of its spec asks for nothing more. */
    NOTED;

    static Trigger of(SessionPublish publish, PublishStatus draft) {
        SessionPublishStatus stored = publish.getStatus();
        if (stored == null || stored.phase() == null || isAskedAgain(publish)) {
            return ANEW;
        }
        boolean newSpec = !publish.getMetadata().getGeneration().equals(stored.observedGeneration());
        return switch (stored.phase()) {
            case Pending, NothingToPublish, Failed -> ANEW;
            case Waiting, Pushing -> newSpec ? ANEW : CONTINUE;
            case OpeningPullRequest, ManualPullRequestRequired -> newSpec ? SPEC_AFTER_PUSH : PULL_REQUEST;
            case Suspended -> draft.isLastRecorded(PublishEvent.GIT_PR_STARTED) ? SPEC_AFTER_PUSH : ANEW;
            case Pushed, PullRequestCreated -> NOTED;
        };
    }

    /** Whether the work is at the forge and only its pull request is left. */
    boolean isAfterPush() {
        return this == SPEC_AFTER_PUSH || this == PULL_REQUEST;
    }

    void begin(SessionPublish publish, PublishStatus draft) {
        if (this == ANEW || this == SPEC_AFTER_PUSH) {
            Optional<SessionPublishStatus> stored = Optional.ofNullable(publish.getStatus());
            boolean sameGeneration = stored.map(SessionPublishStatus::observedGeneration)
                    .filter(publish.getMetadata().getGeneration()::equals)
                    .isPresent();
            draft.begin(
                    publish.getMetadata().getGeneration(),
                    RetryAnnotation.of(publish).orElse(null),
                    !sameGeneration || isAskedAgain(publish));
        }
        if (this == ANEW) {
            draft.forgetSource();
        }
    }

    /** Whether the retry annotation has a value that has not been acted on. */
    static boolean isAskedAgain(SessionPublish publish) {
        SessionPublishStatus stored = publish.getStatus();
        return RetryAnnotation.isNew(publish, stored == null ? null : stored.observedRetryAt());
    }
}
