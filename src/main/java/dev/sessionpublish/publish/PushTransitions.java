package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.Push;
import dev.sessionpublish.api.v1alpha1.PushBuilder;
import dev.sessionpublish.git.ObjectId;
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

    /** @param ownCommit before the push */
    static Push started(PushPlan.Push plan, Optional<String> ownCommit, String now) {
        return PushBuilder.builder()
                .startedAt(now)
                .commit(plan.newId().hex())
                .previousCommit(plan.oldId().map(ObjectId::hex).orElse(null))
                .ownCommit(ownCommit.orElse(null))
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
     * @param bytes of the pack; null to keep what is known
     */
    static Push arrived(Push push, String newId, @Nullable Long bytes, String now) {
        return PushBuilder.builder(push)
                .finishedAt(now)
                .commit(newId)
                .ownCommit(ownCommit(push, newId).orElse(null))
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
