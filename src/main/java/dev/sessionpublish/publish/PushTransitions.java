package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.Push;
import dev.sessionpublish.api.v1alpha1.PushBuilder;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatusBuilder;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.publish.plan.PullRequestText;
import dev.sessionpublish.publish.plan.PushPlan;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The transitions of {@code status.push}. The own commit is the commit at the branch that the publish itself put there, over
 * nothing or over its own earlier commit. Once anybody else has moved the branch there is none, also when the publish
 * moves it on by a fast-forward: the branch then holds work that must not be lost.
 */
final class PushTransitions {
    private PushTransitions() {}

    /** The branch that the push was journaled for. */
    static Optional<String> branch(Push push, String headBranch) {
        return push.startedAt() == null ? Optional.empty() : Optional.of(headBranch);
    }

    /** The commit at the branch that the publish itself put there. */
    static Optional<PushPlan.OwnCommit> own(Push push) {
        return Optional.ofNullable(push.ownCommit())
                .map(id -> new PushPlan.OwnCommit(id, Boolean.TRUE.equals(push.uncommittedChanges())));
    }

    /** What was done in a repository that is no longer the project's. */
    static SessionPublishStatusBuilder forgotten(SessionPublishStatusBuilder status) {
        return status.headBranch(null)
                .baseBranch(null)
                .commit(null)
                .push(null)
                .pullRequest(null)
                .manualPullRequest(null)
                .pullRequestText(null);
    }

    /** The forge reported the push as done, and the branch is elsewhere: what became of it is not known. */
    static Push lost(Push push) {
        return PushBuilder.builder(push).finishedAt(null).build();
    }

    /** The journal: what is about to be done to the branch. */
    static PublishStatus journaled(
            PublishStatus before, PushPlan.Push plan, PullRequestText text, Optional<String> notice) {
        Push push = started(plan, before.push().flatMap(PushTransitions::own), before.now());
        return before.with(status -> status.phase(Phase.Pushing)
                .reason(null)
                .nextAttemptAt(null)
                .finishedAt(null)
                .message("Pushing " + plan.newId().abbreviated() + " to " + before.headBranch() + "."
                        + notice.map(sentence -> " " + sentence).orElse(""))
                .push(push)
                .pullRequestText(new SessionPublishStatus.PullRequestText(text.title(), text.body())));
    }

    /** @param own on the branch before the push */
    static Push started(PushPlan.Push plan, Optional<PushPlan.OwnCommit> own, String now) {
        return PushBuilder.builder()
                .startedAt(now)
                .commit(plan.newId().hex())
                .previousCommit(plan.oldId().map(ObjectId::hex).orElse(null))
                .ownCommit(own.map(PushPlan.OwnCommit::id).orElse(null))
                .uncommittedChanges(own.filter(PushPlan.OwnCommit::uncommitted)
                        .map(PushPlan.OwnCommit::uncommitted)
                        .orElse(null))
                .generated(plan.generated() ? true : null)
                .commits(plan.commits().isPresent() ? plan.commits().getAsLong() : null)
                .forced(plan.replaces())
                .build();
    }

    static Push inProgress(Push push, long bytes) {
        return PushBuilder.builder(push).finishedAt(null).bytes(bytes).build();
    }

    /**
     * The branch is at the new commit.
     *
     * @param head of the checkout that the commit comes from
     * @param bytes of the pack; null to keep what is known
     */
    static Push arrived(Push push, String newId, Optional<String> head, @Nullable Long bytes, String now) {
        Optional<String> own = ownCommit(push, newId);
        boolean uncommitted = push.finishedAt() == null && newId.equals(push.commit())
                ? head.filter(id -> !id.equals(newId)).isPresent()
                : Boolean.TRUE.equals(push.uncommittedChanges());
        return PushBuilder.builder(push)
                .finishedAt(now)
                .commit(newId)
                .ownCommit(own.orElse(null))
                .uncommittedChanges(own.isPresent() && uncommitted ? true : null)
                .bytes(bytes == null ? push.bytes() : bytes)
                .build();
    }

    private static Optional<String> ownCommit(Push push, String newId) {
        Optional<String> before = Optional.ofNullable(push.ownCommit());
        if (push.finishedAt() != null) {
            return before;
        }
        boolean overNothing = push.previousCommit() == null;
        return overNothing || before.equals(Optional.of(push.previousCommit())) ? Optional.of(newId) : Optional.empty();
    }
}
