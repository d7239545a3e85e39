package dev.sessionpublish.publish.push;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.Credentials;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectRechecks;
import dev.sessionpublish.project.RepositoryCheck;

/**
 * Asks the forge for a project's default branch, when the project doesn't know it or knows one that no longer exists, and
 * has the project checked again.
 */
public final class DefaultBranch {
    private final RepositoryCheck check;
    private final ProjectRechecks rechecks;

    public DefaultBranch(RepositoryCheck check, ProjectRechecks rechecks) {
        this.check = check;
        this.rechecks = rechecks;
    }

    /**
     * Makes sure that the default branch is known, because it is never a head branch. An empty repository has none.
     *
     * @param isBase whether the publish needs it as the base of its pull request
     * @return the project with its default branch
     * @throws RefusedException with the reason of the forge's answer
     */
    public Project known(Project project, Credentials credentials, boolean isBase) throws RefusedException {
        if (project.defaultBranch().isPresent()) {
            return project;
        }
        if (isBase) {
            return project.givenUp() ? refresh(project, credentials) : project;
        }
        try {
            return refresh(project, credentials);
        } catch (RefusedException e) {
            return e.reason() == SharedReason.BASE_MISSING ? project : byGit(project, credentials);
        }
    }

    /** Git is what the publish needs next: if it refuses too, its reason is the one that counts. */
    private Project byGit(Project project, Credentials credentials) throws RefusedException {
        try {
            return project.withDefaultBranch(check.defaultBranchByGit(project, credentials));
        } catch (RefusedException e) {
            if (e.reason() == SharedReason.BASE_MISSING) {
                return project;
            }
            throw e;
        }
    }

    /**
     * @return the project with its present default branch
     * @throws RefusedException with the reason of the forge's answer
     */
    public Project refresh(Project project, Credentials credentials) throws RefusedException {
        rechecks.at(project);
        return project.withDefaultBranch(check.defaultBranch(project, credentials));
    }
}
