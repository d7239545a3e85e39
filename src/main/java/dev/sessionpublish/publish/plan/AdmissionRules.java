package dev.sessionpublish.publish.plan;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectReason;
import dev.sessionpublish.publish.PublishReason;
import java.util.Optional;

/** What must hold of spec and project before sandbox and forge are asked. */
public final class AdmissionRules {
    private AdmissionRules() {}

    /**
     * @param resource as the API server has it now; empty when there is none
     * @param repository that the publish has pushed to; empty before its first push
     * @throws RefusedException project-not-found, and as {@link Project#of}
     */
    public static Project project(
            SessionPublishSpec spec, Optional<SessionProject> resource, ForgeHosts hosts, Optional<String> repository)
            throws RefusedException {
        Project project = Project.of(
                resource.orElseThrow(
                        () -> new RefusedException(
                                ProjectReason.PROJECT_NOT_FOUND,
                                "There is no SessionProject " + spec.projectName()
                                        + " in this namespace, or it is being deleted: create it, or correct spec.projectRef.name.")),
                hosts);
        project.requireRepository(repository);
        return project;
    }

    /** @throws RefusedException push-disabled */
    public static void requirePushEnabled(Project project) throws RefusedException {
        if (!project.pushEnabled()) {
            throw new RefusedException(
                    PublishReason.PUSH_DISABLED,
                    "The project " + project.name()
                            + " accepts no pushes (spec.push.enabled is false): ask its owner to"
                            + " enable them, or publish to another project.");
        }
    }
}
