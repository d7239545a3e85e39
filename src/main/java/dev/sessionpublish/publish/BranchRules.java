package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.lifecycle.RetryAnnotation;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.ProjectReason;
import java.util.Optional;

/** What must hold of the base and of the head at the forge before anything is pushed. */
final class BranchRules {
    private BranchRules() {}

    /** @throws RefusedException invalid-branch, project-not-ready */
    static void requireBaseName(Attempt attempt) throws RefusedException {
        Optional<String> problem = attempt.base().flatMap(BranchName::problem);
        if (problem.isPresent()) {
            throw new RefusedException(
                    SharedReason.INVALID_BRANCH, "The base branch has no name that can be used: " + problem.get());
        }
        if (attempt.base().isEmpty() && attempt.wantsPullRequest()) {
            throw new RefusedException(
                    ProjectReason.PROJECT_NOT_READY,
                    "The default branch of " + attempt.project().repository()
                            + " is not known yet: see the conditions of SessionProject "
                            + attempt.project().name() + ", or set spec.baseBranch.");
        }
    }

    /** Whether the base is what the forge once said its default branch is, and isn't there any more. */
    static boolean isBaseOutdated(Attempt attempt, Advertisement advertised) {
        return attempt.spec().baseBranch() == null
                && attempt.project().asksForDefaultBranch()
                && !advertised.isEmpty()
                && attempt.base()
                        .filter(base -> advertised.branch(base).isEmpty())
                        .isPresent();
    }

    /** @throws RefusedException base-missing */
    static void requireBaseThere(Attempt attempt, Advertisement advertised) throws RefusedException {
        String base = attempt.base().orElse("");
        if (attempt.wantsPullRequest() && advertised.branch(base).isEmpty()) {
            throw new RefusedException(
                    SharedReason.BASE_MISSING,
                    advertised.isEmpty()
                            ? "The repository is empty, so there is nothing to open a pull request against: push a first commit to "
                                    + base + ", or set spec.createPullRequest to false."
                            : "The repository has no branch " + base
                                    + " to open a pull request against: set spec.baseBranch to one that it has.");
        }
    }

    /**
     * A branch that isn't there yet must find room beside those that are.
     *
     * @throws RefusedException branch-conflict
     */
    static void requireRoom(String branch, Advertisement advertised) throws RefusedException {
        Optional<String> conflict = advertised.conflictWith(branch);
        if (conflict.isPresent()) {
            throw new RefusedException(
                    PushReason.BRANCH_CONFLICT,
                    "The repository has a branch " + conflict.get() + ", beside which git can't keep " + branch
                            + ": choose another spec.headBranch or delete that one.");
        }
    }

    /**
     * Force is leave to replace what was there when the run first pushed, not what somebody has pushed since.
     *
     * @throws RefusedException lease-stale
     */
    static void requireUnmoved(Attempt attempt, String branch, Optional<ObjectId> old) throws RefusedException {
        PublishStatus draft = attempt.draft();
        if (attempt.newRun()
                || old.isEmpty()
                || !draft.hasUnsettledPush()
                || !draft.headBranch().equals(Optional.of(branch))) {
            return;
        }
        Optional<String> before = draft.push().map(SessionPublishStatus.Push::previousCommit);
        if (!old.map(ObjectId::hex).equals(before)) {
            throw new RefusedException(
                    PushReason.LEASE_STALE,
                    "Somebody else moved the branch " + branch + " to "
                            + old.get().abbreviated()
                            + " while it was to be replaced, and that was left alone. Look at it; to replace it all the same, start again with the annotation "
                            + RetryAnnotation.NAME + ".");
        }
    }
}
