package dev.sessionpublish.publish.push;

import dev.sessionpublish.outcome.RefusedException;
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
     * @return the project with its present default branch
     * @throws RefusedException with the reason of the forge's answer
     */
    public Project refresh(Project project, Credentials credentials) throws RefusedException {
        rechecks.at(project);
        return project.withDefaultBranch(check.defaultBranch(project, credentials));
    }
}
