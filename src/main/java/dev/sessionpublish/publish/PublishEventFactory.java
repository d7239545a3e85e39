package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.PullRequestEdit;
import dev.sessionpublish.lifecycle.LifecycleEvent;
import dev.sessionpublish.outcome.RefusedException;
import java.util.Objects;
import java.util.Optional;

/** The lifecycle events of a publish, with their data and sentences. */
final class PublishEventFactory {
    private PublishEventFactory() {}

    private static LifecycleEvent event(PublishEvent type, Run run, String sentence) {
        return LifecycleEvent.of(type, run.attempt(), sentence)
                .withWhole("by", run.status().startedBy().orElse(""));
    }

    static LifecycleEvent pushStarted(Run run) {
        String head = run.status().headBranch();
        return event(
                        PublishEvent.GIT_PUSH_STARTED,
                        run,
                        "Pushing to " + head + " of " + run.admitted().repository() + ".")
                .with("head-branch", head)
                .with("force", String.valueOf(run.spec().forces()));
    }

    static LifecycleEvent pushSucceeded(Run run, String commit) {
        String head = run.status().headBranch();
        return event(
                        PublishEvent.GIT_PUSH_SUCCEEDED,
                        run,
                        "The branch " + head + " of " + run.admitted().repository() + " is at " + commit + ".")
                .with("head-branch", head)
                .with("remote", run.admitted().repository().web())
                .with("commit", commit);
    }

    static LifecycleEvent pushFailed(Run run, RefusedException why) {
        return event(PublishEvent.GIT_PUSH_FAILED, run, why.getMessage())
                .with(
                        "head-branch",
                        Optional.ofNullable(run.spec().headBranch())
                                .orElse(run.status().headBranch()))
                .with("error", why.getMessage())
                .with("reason", why.reason().code());
    }

    static LifecycleEvent pullRequestStarted(Run run) {
        String head = run.status().headBranch();
        String base = run.status().baseBranch();
        return event(PublishEvent.GIT_PR_STARTED, run, "Opening a pull request from " + head + " to " + base + ".")
                .with("head-branch", head)
                .with("base-branch", base);
    }

    static LifecycleEvent pullRequestSucceeded(Run run, Forge.PullRequest found, String sentence) {
        return event(PublishEvent.GIT_PR_SUCCEEDED, run, sentence)
                .with("pr-url", found.url())
                .with("head-branch", found.headBranch())
                .with("base-branch", found.baseBranch());
    }

    static LifecycleEvent pullRequestUpdated(
            Run run, Forge.PullRequest updated, PullRequestEdit edit, String sentence) {
        return event(PublishEvent.GIT_PR_UPDATED, run, sentence)
                .with("pr-url", updated.url())
                .with("head-branch", updated.headBranch())
                .with("base-branch", updated.baseBranch())
                .with("changes", String.join(", ", edit.changes()));
    }

    static LifecycleEvent pullRequestFailed(Run run, RefusedException why) {
        return event(PublishEvent.GIT_PR_FAILED, run, why.getMessage())
                .with("head-branch", run.status().headBranch())
                .with("base-branch", run.status().baseBranch())
                .with("error", why.getMessage())
                .with("reason", why.reason().code());
    }

    static LifecycleEvent pullRequestManual(Run run, RefusedException why, String url) {
        return event(PublishEvent.GIT_PR_MANUAL, run, "Open the pull request yourself: " + url)
                .with("head-branch", run.status().headBranch())
                .with("base-branch", run.status().baseBranch())
                .with("reason", why.reason().code())
                .withWhole("manual-pr-url", url);
    }

    static LifecycleEvent pullRequestClosed(PublishStatus status, int number) {
        return ofPullRequest(PublishEvent.GIT_PR_CLOSED, status, "Closed pull request #" + number + ".");
    }

    static LifecycleEvent pullRequestLeft(PublishStatus status, RefusedException why) {
        return ofPullRequest(PublishEvent.GIT_PR_LEFT, status, "The pull request stays open: " + why.getMessage());
    }

    /** Who did it is a user of the forge. */
    static LifecycleEvent pullRequestFollowed(PublishEvent type, PublishStatus status) {
        ObservedPullRequest known = Objects.requireNonNull(status.get().pullRequest());
        LifecycleEvent event =
                ofPullRequest(type, status, String.valueOf(status.get().message()));
        return known.mergeCommit() == null
                ? event
                : event.with("merge-commit", known.mergeCommit())
                        .with("merged-by", Objects.requireNonNullElse(known.mergedBy(), ""));
    }

    /** Who deleted the object is not known: a finalizer learns of the deletion only. */
    private static LifecycleEvent ofPullRequest(PublishEvent type, PublishStatus status, String sentence) {
        ObservedPullRequest known = status.get().pullRequest();
        return LifecycleEvent.of(type, 1, sentence)
                .with("pr-url", known == null ? "" : Objects.requireNonNullElse(known.url(), ""))
                .with("head-branch", status.headBranch())
                .with("base-branch", status.baseBranch());
    }
}
