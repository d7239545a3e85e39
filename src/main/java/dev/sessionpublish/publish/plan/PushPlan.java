package dev.sessionpublish.publish.plan;

import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.RefUpdate;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.sandbox.Checkout;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a publish does to the branch at the forge. A pure function of what is known before anything is sent: the spec, the
 * project, the checkout, the advertised refs, and what this publish pushed before.
 */
public sealed interface PushPlan {
    /**
     * The branch is created or moved.
     *
     * @param oldId where the branch is now; empty when it doesn't exist
     * @param replaces whether commits of the branch may be dropped; otherwise the update must be a fast-forward
     * @param commits how many commits are new; empty where that can't be known
     */
    record Push(String branch, Optional<ObjectId> oldId, ObjectId newId, boolean replaces, OptionalLong commits)
            implements PushPlan {
        public RefUpdate update() {
            return new RefUpdate(branch, oldId.orElse(newId.zero()), newId);
        }

        /** Whether the new commit must be shown to build on the old one. */
        public boolean needsProof() {
            return oldId.isPresent() && !replaces;
        }
    }

    /** The branch is at the commit already: {@code push} describes an update that is not needed. */
    record UpToDate(Push push) implements PushPlan {}

    /** The work adds nothing to the base. */
    record Nothing(Reason reason, String sentence) implements PushPlan {}

    /** Nothing may be pushed. */
    record Refused(RefusedException why) implements PushPlan {}

    /**
     * What is known.
     *
     * @param requested {@code spec.headBranch}, checked
     * @param base of the pull request, or that the work is compared with; empty when the default branch isn't known
     * @param identity what a generated branch name is made of
     */
    record Facts(
            SessionPublishSpec spec,
            Project project,
            Optional<BranchName> requested,
            Optional<String> base,
            Checkout checkout,
            Advertisement advertised,
            Earlier earlier,
            HeadBranch.Identity identity) {}

    /**
     * What this publish did before.
     *
     * @param branch that it pushed to; empty before the first push
     * @param ownCommit that it put on the branch over nothing or over its own; empty when there is none
     * @param unsettled the push of this run whose outcome isn't known
     */
    record Earlier(Optional<String> branch, Optional<String> ownCommit, Optional<Unsettled> unsettled) {}

    /**
     * A journaled push whose outcome was never recorded.
     *
     * @param previousCommit where the branch was before it; empty when the branch didn't exist
     */
    record Unsettled(String branch, Optional<String> previousCommit) {}

    static PushPlan of(Facts facts) {
        Checkout checkout = facts.checkout;
        try {
            CheckoutRules.check(checkout, facts.spec, facts.advertised);
            if (checkout.contained() || checkout.baseTree().equals(Optional.of(checkout.tree()))) {
                return new Nothing(
                        PullRequestReason.NO_CHANGES,
                        "Nothing to publish: " + checkout.head().abbreviated() + " adds nothing to "
                                + facts.base.orElse("the base")
                                + ". If that is not expected, commit the work in the sandbox, then retry.");
            }
            return onto(
                    HeadBranch.resolve(
                            facts.requested,
                            facts.earlier.branch,
                            checkout.branch(),
                            facts.project,
                            facts.base,
                            facts.identity),
                    facts);
        } catch (RefusedException e) {
            return new Refused(e);
        }
    }

    private static PushPlan onto(HeadBranch head, Facts facts) throws RefusedException {
        String branch = head.name().value();
        ObjectId newId = facts.checkout.commit();
        Optional<ObjectId> oldId = facts.advertised.branch(branch);
        if (oldId.isEmpty()) {
            BranchRules.requireRoom(branch, facts.advertised);
        }
        boolean own = head.generated()
                && oldId.isPresent()
                && oldId.map(ObjectId::hex).equals(facts.earlier.ownCommit);
        if (facts.spec.forces() && !own && oldId.isPresent() && facts.earlier.unsettled.isPresent()) {
            BranchRules.requireUnmoved(branch, oldId.get(), facts.earlier.unsettled.get());
        }
        boolean upToDate = oldId.equals(Optional.of(newId));
        boolean replaces = oldId.isPresent() && !upToDate && (facts.spec.forces() || own);
        Push push = new Push(branch, oldId, newId, replaces, facts.checkout.commits());
        return upToDate ? new UpToDate(push) : push;
    }
}
