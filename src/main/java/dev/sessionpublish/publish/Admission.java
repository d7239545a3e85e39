package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Credentials;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectReason;
import dev.sessionpublish.sandbox.PodLocator;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** What is decided of a publish before sandbox and forge are asked: its project, and what that allows. */
final class Admission {
    private final KubernetesClient client;
    private final ForgeHosts hosts;

    Admission(KubernetesClient client, ForgeHosts hosts) {
        this.client = client;
        this.hosts = hosts;
    }

    record Admitted(Project project, Credentials credentials) {}

    /**
     * What is known of the project goes into the draft, whether it is refused or not.
     *
     * @param project as the API server has it now; empty when there is none
     * @throws RefusedException with a reason of the spec and project stage, or missing-credentials
     */
    Admitted admit(SessionPublish publish, Optional<SessionProject> project, PublishStatus draft, Trigger trigger)
            throws RefusedException {
        PodLocator.requireSupported(publish.getSpec().source());
        Project checked = Project.of(
                project.orElseThrow(() -> new RefusedException(
                        ProjectReason.PROJECT_NOT_FOUND,
                        "There is no SessionProject " + PublishRun.projectName(publish)
                                + " in this namespace: create it, or correct spec.projectRef.name.")),
                hosts);
        if (trigger.isAfterPush()) {
            checked.requireRepository(draft.repository());
        }
        draft.project(checked.revision(), checked.repository().web());
        if (!checked.pushEnabled()) {
            throw new RefusedException(
                    PublishReason.PUSH_DISABLED,
                    "The project " + checked.name() + " takes no pushes (spec.push.enabled is false).");
        }
        Credentials credentials = Credentials.read(client, checked);
        draft.project(checked.revisionWith(credentials), null);
        return new Admitted(checked, credentials);
    }
}
