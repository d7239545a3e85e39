package dev.sessionpublish.publish.plan;

import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.lifecycle.RetryAnnotation;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectReason;
import java.util.Optional;

/** What must hold of the base and of the head at the forge before anything is pushed. */
public final class BranchRules {
    private BranchRules() {}

    /**
     * @param base as the spec or the project names it
     * @throws RefusedException invalid-branch, project-not-ready
     */
    public static void requireBaseName(Optional<String> base, boolean wantsPullRequest, Project project)
            throws RefusedException {
        Optional<String> problem = base.flatMap(BranchName::problem);
        if (problem.isPresent()) {
            throw new RefusedException(
                    SharedReason.INVALID_BRANCH,
                    "The base branch (spec.baseBranch, or the project's default branch) has an invalid name: "
                            + problem.get() + ". Set spec.baseBranch to a branch with a valid name.");
        }
        if (base.isEmpty() && wantsPullRequest) {
            throw new RefusedException(
                    ProjectReason.PROJECT_NOT_READY,
                    "The default branch of " + project.repository() + " is not known yet: check the conditions of"
                            + " SessionProject " + project.name() + ", or set spec.baseBranch.");
        }
    }

    /**
     * Whether the project's default branch, which the forge named once, no longer exists.
     *
     * @param named whether the spec names the base
     */
    public static boolean isDefaultOutdated(
            boolean named, Optional<String> base, Project project, Advertisement advertised) {
        return !named
                && project.asksForDefaultBranch()
                && !advertised.isEmpty()
                && base.filter(branch -> advertised.branch(branch).isEmpty()).isPresent();
    }

    /** @throws RefusedException base-missing */
    public static void requireBase(Optional<String> base, boolean wantsPullRequest, Advertisement advertised)
            throws RefusedException {
        String branch = base.orElse("");
        if (!wantsPullRequest || advertised.branch(branch).isPresent()) {
            return;
        }
        throw new RefusedException(
                SharedReason.BASE_MISSING,
                advertised.isEmpty()
                        ? "The repository is empty, so a pull request has no base: push a first commit to " + branch
                                + ", or set spec.createPullRequest to false."
                        : "The base branch " + branch + " doesn't exist at the forge: set spec.baseBranch to an"
                                + " existing branch.");
    }

    /**
     * A new branch must not be a directory of an existing one, nor the other way round.
     *
     * @throws RefusedException branch-conflict
     */
    public static void requireRoom(String branch, Advertisement advertised) throws RefusedException {
        Optional<String> conflict = advertised.conflictWith(branch);
        if (conflict.isPresent()) {
            throw new RefusedException(
                    PushReason.BRANCH_CONFLICT,
                    "git can't keep the branch " + branch + " beside the existing branch " + conflict.get()
                            + ": set spec.headBranch to another name, or delete " + conflict.get() + ".");
        }
    }

    /**
     * {@code force} may replace what was at the branch when the run first pushed, not what was pushed since.
     *
     * @throws RefusedException lease-stale
     */
    static void requireUnmoved(String branch, ObjectId tip, PushPlan.Unsettled push) throws RefusedException {
        if (push.branch().equals(branch) && !push.previousCommit().equals(Optional.of(tip.hex()))) {
            throw new RefusedException(
                    PushReason.LEASE_STALE,
                    "Somebody else moved the branch " + branch + " to " + tip.abbreviated()
                            + " while it was being replaced, and it was left unchanged. Look at it; to replace it anyway,"
                            + " set the annotation " + RetryAnnotation.NAME + " to a new value.");
        }
    }
}
