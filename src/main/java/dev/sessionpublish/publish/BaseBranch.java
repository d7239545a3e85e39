package dev.sessionpublish.publish;

import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.ProjectRechecks;
import dev.sessionpublish.project.RepositoryCheck;

/**
 * The branch that the work is to be merged into. Where the project doesn't know the default branch, or knows one that is
 * gone, the forge is asked for the present one, and the project looked at again.
 */
final class BaseBranch {
    private final RepositoryCheck check;
    private final ProjectRechecks rechecks;

    BaseBranch(RepositoryCheck check, ProjectRechecks rechecks) {
        this.check = check;
        this.rechecks = rechecks;
    }

    /**
     * A project that has asked for its default branch in vain doesn't ask again: what keeps it from knowing is found out.
     *
     * @throws RefusedException invalid-branch, project-not-ready, and what the forge answers
     */
    Attempt known(Attempt attempt) throws RefusedException {
        boolean unknown = attempt.wantsPullRequest() && attempt.base().isEmpty();
        Attempt known = unknown && attempt.project().givenUp() ? onPresentDefault(attempt) : attempt;
        BranchRules.requireBaseName(known);
        return known;
    }

    /**
     * The default branch can be renamed at the forge: it is asked for again when it isn't there.
     *
     * @throws RefusedException what the forge answers
     */
    Attempt present(Attempt attempt, Advertisement advertised) throws RefusedException {
        return BranchRules.isBaseOutdated(attempt, advertised) ? onPresentDefault(attempt) : attempt;
    }

    private Attempt onPresentDefault(Attempt attempt) throws RefusedException {
        rechecks.at(attempt.project());
        return attempt.of(
                attempt.project().withDefaultBranch(check.defaultBranch(attempt.project(), attempt.credentials())));
    }
}
