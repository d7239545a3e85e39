package dev.sessionpublish.publish.plan;

import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.publish.plan.PushPlan.Ask;
import dev.sessionpublish.publish.plan.PushPlan.Facts;
import dev.sessionpublish.publish.plan.PushPlan.Merged;
import dev.sessionpublish.publish.plan.PushPlan.Nothing;
import dev.sessionpublish.publish.plan.PushPlan.PullRequests;
import dev.sessionpublish.publish.plan.PushPlan.Question;
import dev.sessionpublish.publish.plan.PushPlan.Unchanged;
import dev.sessionpublish.sandbox.Checkout;
import java.util.List;
import java.util.Optional;

/**
 * Whether the forge has the work already. Only what the forge advertises and answers decides; the checkout's
 * remote-tracking refs are a reason to ask.
 */
final class PushedWork {
    private PushedWork() {}

    /**
     * The end of a publish whose work adds nothing to the base, or is merged. Work that its branch holds from an earlier push
     * is not taken back.
     */
    static Optional<PushPlan> settled(Facts facts) {
        Optional<Forge.PullRequest> merged = facts.earlier().pullRequest().filter(PushedWork::isMerged);
        if (merged.filter(each -> isWork(each, facts)).isPresent()) {
            return merged.map(Merged::new);
        }
        Optional<PushPlan> asked = askedWhetherInBase(facts);
        if (asked.isPresent() || !isInBase(facts)) {
            return asked;
        }
        if (merged.isPresent()) {
            return merged.map(Merged::new);
        }
        Optional<ObjectId> tip = facts.earlier().branch().flatMap(facts::tip);
        if (tip.isEmpty() || facts.earlier().commit().isEmpty()) {
            return Optional.of(nothing(facts));
        }
        return tip.equals(Optional.of(facts.checkout().commit()))
                ? Optional.empty()
                : Optional.of(new Unchanged(PullRequestReason.NO_CHANGES, stillHolds(tip.get(), facts)));
    }

    /**
     * What follows from the pull requests of a branch that doesn't exist at the forge, or that this publish has not pushed to:
     * merged and deleted, it looks like a new one.
     */
    static Optional<PushPlan> delivered(String branch, Facts facts) {
        // A run that ended before it recorded the outcome of its push may have opened a pull request, merged by now.
        boolean isFirst = facts.earlier().commit().isEmpty()
                || facts.earlier().unsettled().isPresent();
        boolean isGone = facts.tip(branch).isEmpty()
                && facts.earlier()
                        .commit()
                        .equals(Optional.of(facts.checkout().commit().hex()));
        boolean isKnown =
                facts.earlier().pullRequest().isPresent() && !facts.earlier().isMerged();
        if (isKnown || !(isFirst && facts.spec().wantsPullRequest()) && !isGone) {
            return adding(branch, facts);
        }
        Optional<PullRequests> found = facts.answers().pullRequests();
        if (found.isEmpty()) {
            return Optional.of(new Ask(Question.PULL_REQUESTS, branch));
        }
        Optional<Forge.PullRequest> merged = found.get().all().stream()
                .filter(PushedWork::isMerged)
                .filter(each -> Optional.of(each.baseBranch()).equals(facts.base()))
                .filter(each -> isWork(each, facts))
                .findFirst();
        if (merged.isPresent()) {
            return merged.map(Merged::new);
        }
        return isGone && !found.get().readable() ? Optional.of(staysAway(branch, facts)) : adding(branch, facts);
    }

    /** A new branch needs changes; an existing one may also be moved on to a commit that undoes them. */
    private static Optional<PushPlan> adding(String branch, Facts facts) {
        return facts.tip(branch).isEmpty() && isSameTree(facts.checkout())
                ? Optional.of(nothing(facts))
                : Optional.empty();
    }

    private static Optional<PushPlan> askedWhetherInBase(Facts facts) {
        boolean isOpen = !facts.checkout().contained()
                && facts.checkout().tracked().isPresent()
                && facts.answers().inBase().isEmpty();
        return isOpen ? facts.base().map(base -> new Ask(Question.IN_BASE, base)) : Optional.empty();
    }

    private static boolean isInBase(Facts facts) {
        return facts.checkout().contained() || facts.answers().inBase().orElse(false);
    }

    private static boolean isSameTree(Checkout checkout) {
        return checkout.baseTree().equals(Optional.of(checkout.tree()));
    }

    private static boolean isMerged(Forge.PullRequest pullRequest) {
        return pullRequest.state() == Forge.State.MERGED;
    }

    private static boolean isWork(Forge.PullRequest pullRequest, Facts facts) {
        return pullRequest.headCommit().equals(facts.checkout().commit().hex());
    }

    private static Nothing nothing(Facts facts) {
        return new Nothing(
                PullRequestReason.NO_CHANGES,
                "Nothing to publish: " + facts.checkout().head().abbreviated() + " adds nothing to "
                        + base(facts)
                        + ". If that is not expected, commit the work in the sandbox, then retry.");
    }

    private static String base(Facts facts) {
        return facts.base().orElse("the base");
    }

    private static String stillHolds(ObjectId tip, Facts facts) {
        String branch = facts.earlier().branch().orElseThrow();
        List<String> open = facts.earlier().pullRequest().stream()
                .filter(each -> each.state() == Forge.State.OPEN)
                .map(each -> " and so does pull request #" + each.number())
                .toList();
        return "Nothing was pushed: HEAD " + facts.checkout().head().abbreviated() + " adds nothing to " + base(facts)
                + ", but the branch " + branch + " still holds " + tip.abbreviated() + String.join("", open)
                + ". To withdraw that work, "
                + (open.isEmpty() ? "delete the branch at the forge." : "close the pull request at the forge.")
                + " To publish other work, commit it in the sandbox, then retry.";
    }

    private static Unchanged staysAway(String branch, Facts facts) {
        return new Unchanged(
                PullRequestReason.HEAD_MISSING,
                "Nothing was pushed: " + facts.checkout().commit().abbreviated() + " was pushed to " + branch
                        + " before, and the branch was deleted at the forge since. Without a token for pull requests the operator"
                        + " can't find out whether it was merged, so the branch stays deleted. To push it again, delete this"
                        + " SessionPublish and create it again.");
    }
}
