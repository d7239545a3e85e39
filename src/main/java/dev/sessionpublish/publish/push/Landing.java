package dev.sessionpublish.publish.push;

import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.git.RefUpdate;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.util.Optional;

/** Whether a push that a forge reported as done has moved its branch. */
public final class Landing {
    private Landing() {}

    /** Whether a commit contains another one. */
    @FunctionalInterface
    public interface Ancestry {
        boolean contains(String descendant, String commit) throws RefusedException;
    }

    /**
     * @param now the refs after the push
     * @param ancestry at the forge: somebody may have built on the pushed commit already
     * @return server-error if the branch is where it was; lease-stale if it is elsewhere; empty if the push has landed
     * @throws RefusedException as {@code ancestry}
     */
    public static Optional<RefusedException> lost(RefUpdate update, Advertisement now, Ancestry ancestry)
            throws RefusedException {
        Optional<ObjectId> tip = now.branch(update.branch());
        if (tip.equals(Optional.of(update.newId()))) {
            return Optional.empty();
        }
        if (tip.orElse(update.newId().zero()).equals(update.oldId())) {
            return Optional.of(new RefusedException(
                    SharedReason.SERVER_ERROR,
                    "The forge reported the push to " + update.branch() + " as done, but the branch "
                            + tip.map(id -> "is still at " + id.abbreviated()).orElse("doesn't exist")
                            + ": the push is retried."));
        }
        if (tip.isEmpty() || !ancestry.contains(tip.get().hex(), update.newId().hex())) {
            return Optional.of(new RefusedException(
                    PushReason.LEASE_STALE,
                    "The forge reported the push to " + update.branch() + " as done, but the branch "
                            + tip.map(id -> "is at " + id.abbreviated()).orElse("was deleted")
                            + ": somebody else, or a hook of the forge, moved it. The push is retried once."));
        }
        return Optional.empty();
    }
}
