package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus;
import dev.sessionpublish.lifecycle.StatusWriter;
import dev.sessionpublish.lifecycle.Stored;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of a project that is held for its publishes: when none of them is left, and, while it is being deleted, also when
 * its Secret is gone or the operator may no longer list the publishes, as in a namespace that is being deleted with its
 * RoleBindings. Nothing could close a pull request then.
 */
final class ProjectDeletion {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectDeletion.class);

    private final ProjectHold hold;
    private final Predicate<SessionProject> hasSecret;
    private final StatusWriter<SessionProject, SessionProjectStatus> writer;
    private final Clock clock;

    ProjectDeletion(
            ProjectHold hold,
            Predicate<SessionProject> hasSecret,
            StatusWriter<SessionProject, SessionProjectStatus> writer,
            Clock clock) {
        this.hold = hold;
        this.hasSecret = hasSecret;
        this.writer = writer;
        this.clock = clock;
    }

    /**
     * Releases a project that nothing needs; otherwise the status of one that is being deleted names what does.
     *
     * @return the project as stored
     * @throws KubernetesClientException with code 409 when the project has changed since it was read, and 404 when it is
     *     gone
     */
    SessionProject settle(SessionProject project) {
        if (!ProjectHold.FINALIZER.isOn(project)) {
            return project;
        }
        List<String> publishes = publishes(project);
        if (publishes.isEmpty() || project.isMarkedForDeletion() && !hasSecret.test(project)) {
            return hold.release(project);
        }
        if (!project.isMarkedForDeletion()) {
            return project;
        }
        SessionProjectStatus next = new ProjectStatus(project, clock).held(publishes);
        return next.equals(project.getStatus()) ? project : writer.write(Stored.of(project), next);
    }

    private List<String> publishes(SessionProject project) {
        try {
            return hold.publishes(project);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN && project.isMarkedForDeletion()) {
                LOG.warn(
                        "The project is not held any longer for publishes that close their pull requests, because the"
                                + " operator may not list the publishes of the namespace: {}",
                        e.getMessage());
                return List.of();
            }
            throw e;
        }
    }
}
