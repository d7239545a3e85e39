package dev.sessionpublish.publish.plan;

import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.RefUpdate;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.sandbox.Checkout;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a publish does to the branch at the forge. A pure function of what is known before anything is sent: the spec, the
 * project, the checkout, the advertised refs, and what this publish pushed before. What is known only to the forge's API,
 * or of other publishes, is asked for by {@link Ask} when the plan depends on it.
 */
public sealed interface PushPlan {
    /**
     * The branch is created or moved.
     *
     * @param oldId where the branch is now; empty when it doesn't exist
     * @param replaces whether commits of the branch may be dropped; otherwise the update must be a fast-forward
     * @param generated whether the branch name was generated for this publish
     * @param uncommitted whether the new commit holds changes that the checkout has not committed
     * @param commits how many commits are new; empty where that can't be known
     */
    record Push(
            String branch,
            Optional<ObjectId> oldId,
            ObjectId newId,
            boolean replaces,
            boolean generated,
            boolean uncommitted,
            OptionalLong commits)
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

    /**
     * Nothing is pushed, and what this publish did before stays as it is.
     *
     * @param sentence what the branch still holds, or why it stays away
     */
    record Unchanged(Reason reason, String sentence) implements PushPlan {}

    /** A merged pull request has the work already: nothing is pushed, and a deleted branch stays deleted. */
    record Merged(Forge.PullRequest pullRequest) implements PushPlan {}

    /** Nothing may be pushed. */
    record Refused(RefusedException why) implements PushPlan {}

    /** The plan depends on an answer that is not known yet. */
    record Ask(Question question, String branch) implements PushPlan {}

    /** What a plan asks of others than git, each at most once. */
    enum Question {
        /** Whether the forge's base contains the commit, which the checkout can't tell. */
        IN_BASE,
        /** Whether an existing branch that is checked out holds only work of this session. */
        OWN_BRANCH,
        /** The pull requests of the branch, in every state. */
        PULL_REQUESTS
    }

    /**
     * What has been answered; what is empty has not been asked.
     *
     * @param pullRequests those of the branch, newest first
     */
    record Answers(Optional<Boolean> inBase, Optional<Boolean> ownBranch, Optional<PullRequests> pullRequests) {
        public static final Answers NONE = new Answers(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** @param readable whether there is a credential with which they could be read */
    record PullRequests(boolean readable, List<Forge.PullRequest> all) {}

    /**
     * What is known.
     *
     * @param requested {@code spec.headBranch}, checked
     * @param base of the pull request, or that the work is compared with; empty when the default branch isn't known
     * @param identity what a generated branch name is made of
     */
    @RecordBuilder
    @RecordBuilder.Options(enableGetters = false)
    record Facts(
            SessionPublishSpec spec,
            Project project,
            Optional<BranchName> requested,
            Optional<String> base,
            Checkout checkout,
            Advertisement advertised,
            Earlier earlier,
            HeadBranch.Identity identity,
            Answers answers) {
        public Facts with(Answers known) {
            return PushPlanFactsBuilder.builder(this).answers(known).build();
        }

        Optional<ObjectId> tip(String branch) {
            return advertised.branch(branch);
        }
    }

    /**
     * What this publish did before.
     *
     * @param branch that a push was journaled for: it stays the branch
     * @param generated whether its name was generated for this publish
     * @param commit that the branch was pushed to; empty before the first push that arrived
     * @param own what it put on the branch itself; empty when there is nothing
     * @param pullRequest as the forge has it now; empty when there is none
     * @param unsettled the push of this run whose outcome isn't known
     */
    record Earlier(
            Optional<String> branch,
            boolean generated,
            Optional<String> commit,
            Optional<OwnCommit> own,
            Optional<Forge.PullRequest> pullRequest,
            Optional<Unsettled> unsettled) {
        public static final Earlier NONE = new Earlier(
                Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        boolean isMerged() {
            return pullRequest
                    .filter(each -> each.state() == Forge.State.MERGED)
                    .isPresent();
        }
    }

    /**
     * The commit at the branch that this publish itself put there, over nothing or over its own.
     *
     * @param uncommitted whether it holds uncommitted changes; the next such commit is a sibling of it
     */
    record OwnCommit(String id, boolean uncommitted) {}

    /**
     * A journaled push whose outcome was never recorded.
     *
     * @param previousCommit where the branch was before it; empty when the branch didn't exist
     */
    record Unsettled(String branch, Optional<String> previousCommit) {}

    static PushPlan of(Facts facts) {
        try {
            CheckoutRules.check(facts.checkout, facts.spec, facts.advertised);
            Optional<PushPlan> settled = PushedWork.settled(facts);
            return settled.isPresent() ? settled.get() : onto(facts);
        } catch (RefusedException e) {
            return new Refused(e);
        }
    }

    private static PushPlan onto(Facts facts) throws RefusedException {
        HeadBranch.Choice choice = HeadBranch.choose(facts);
        if (choice.ask().isPresent()) {
            return choice.ask().get();
        }
        HeadBranch head = choice.branch();
        String branch = head.name().value();
        ObjectId newId = facts.checkout.commit();
        Optional<ObjectId> oldId = facts.tip(branch);
        Optional<PushPlan> delivered = PushedWork.delivered(branch, facts);
        if (delivered.isPresent()) {
            return delivered.get();
        }
        if (oldId.isEmpty()) {
            BranchRules.requireRoom(branch, facts.advertised);
        }
        boolean own = oldId.isPresent()
                && facts.earlier
                        .own
                        .filter(each -> each.id.equals(oldId.get().hex()))
                        .filter(each -> head.generated() || each.uncommitted)
                        .isPresent();
        boolean forced = facts.spec.forces() && head.mayBeForced();
        if (forced && !own && oldId.isPresent() && facts.earlier.unsettled.isPresent()) {
            BranchRules.requireUnmoved(branch, oldId.get(), facts.earlier.unsettled.get());
        }
        boolean upToDate = oldId.equals(Optional.of(newId));
        boolean replaces = oldId.isPresent() && !upToDate && (forced || own);
        boolean uncommitted = !newId.equals(facts.checkout.head());
        Push push = new Push(branch, oldId, newId, replaces, head.generated(), uncommitted, facts.checkout.commits());
        if (upToDate) {
            return new UpToDate(push);
        }
        CheckoutRules.requireFewFiles(facts.checkout, facts.project);
        return push;
    }
}
