package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.lifecycle.LifecycleEvent;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.publish.follow.Observation;
import java.util.Objects;
import java.util.Optional;

/**
 * The transitions of a {@link PublishStatus} by what is observed of its pull request. The phase follows the pull request to
 * Merged or Closed, and back from Closed; when the publish finished stays.
 */
final class FollowTransitions {
    private static final int LONGEST_BRANCH = 255;

    private FollowTransitions() {}

    static PublishStatus observed(PublishStatus before, Observation observation) {
        ObservedPullRequest known = Objects.requireNonNull(before.get().pullRequest());
        ObservedPullRequest now = observation.after(known);
        PublishStatus seen = before.with(status -> status.pullRequest(now));
        if (observation instanceof Observation.Seen read && isOpen(now)) {
            String base = SafeText.line(read.snapshot().baseBranch(), LONGEST_BRANCH);
            seen = seen.with(
                    status -> status.baseBranch(base.isEmpty() ? before.get().baseBranch() : base));
        }
        Phase phase = phase(before.phase(), now);
        if (phase == before.phase()) {
            return seen;
        }
        return seen.with(status -> status.phase(phase).reason(null).message(sentence(now)));
    }

    private static boolean isOpen(ObservedPullRequest pull) {
        return "open".equals(pull.state());
    }

    private static Phase phase(Phase before, ObservedPullRequest now) {
        if (now.lifecycle() == null || now.unreadable() != null) {
            return before;
        }
        return switch (now.lifecycle()) {
            case Merged -> Phase.Merged;
            case Closed -> Phase.Closed;
            case Draft, Open, Queued -> Phase.PullRequestCreated;
        };
    }

    private static String sentence(ObservedPullRequest pull) {
        String name = "Pull request #" + pull.number() + ", " + pull.url() + ", ";
        if (isOpen(pull)) {
            return name + "was reopened.";
        }
        if ("closed".equals(pull.state())) {
            return name + "was closed without merging. To have a new one opened, set the annotation"
                    + " sessionpublish.dev/retry-at to a new value, or change the pull request's text, draft, labels or"
                    + " people in the spec.";
        }
        String by = pull.mergedBy() == null ? "" : " by " + pull.mergedBy();
        String as = pull.mergeCommit() == null ? "" : " as " + pull.mergeCommit();
        return name + "was merged" + by + as + ".";
    }

    /** What the user is told of the change; empty if it is neither merged, closed nor reopened. */
    static Optional<LifecycleEvent> event(PublishStatus before, PublishStatus after) {
        if (before.phase() == after.phase()) {
            return Optional.empty();
        }
        PublishEvent type =
                switch (after.phase()) {
                    case Merged -> PublishEvent.GIT_MERGE_SUCCEEDED;
                    case Closed -> PublishEvent.GIT_PR_CLOSED;
                    default -> PublishEvent.GIT_PR_REOPENED;
                };
        return Optional.of(PublishEventFactory.pullRequestFollowed(type, after));
    }
}
