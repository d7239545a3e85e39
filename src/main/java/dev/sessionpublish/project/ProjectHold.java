package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.lifecycle.Finalizer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holds a project, by a finalizer, while publishes of its namespace have the policy {@code ClosePullRequest}: to close a
 * pull request takes the project, also when both are deleted together. A finalizer can't be added to what is being deleted,
 * so the project gets it with the first such publish. Triggers a reconcile of the project when one of them is gone.
 */
public final class ProjectHold extends AbstractEventSource<SessionProject, SessionProject> {
    /** On a publish that closes its pull request, and on the project that it needs for that. */
    public static final Finalizer FINALIZER = new Finalizer("sessionpublish.dev/close-pull-request");

    private final KubernetesClient client;

    public ProjectHold(KubernetesClient client) {
        super(SessionProject.class, "project-holds");
        this.client = client;
    }

    /** Whether the project is to be held for the publish, and can be, and isn't yet. */
    public static boolean isMissing(SessionPublish publish, Optional<SessionProject> project) {
        return needs(publish)
                && !publish.isMarkedForDeletion()
                && project.filter(known -> !known.isMarkedForDeletion() && !FINALIZER.isOn(known))
                        .isPresent();
    }

    private static boolean needs(SessionPublish publish) {
        return publish.getSpec().closesPullRequest() && (!publish.isMarkedForDeletion() || FINALIZER.isOn(publish));
    }

    /** Throws as {@link Finalizer#set}. */
    public void begin(SessionProject project) {
        FINALIZER.set(client, project, true);
    }

    /** To be called when a publish needs its project no more. */
    public void ended(SessionPublish publish) {
        if (isRunning()) {
            getEventHandler()
                    .handleEvent(new Event(new ResourceID(
                            publish.getSpec().projectName(),
                            publish.getMetadata().getNamespace())));
        }
    }

    /** The names of the publishes that need the project, as the API server has them now, in order. */
    List<String> publishes(SessionProject project) {
        return client
                .resources(SessionPublish.class)
                .inNamespace(project.getMetadata().getNamespace())
                .list()
                .getItems()
                .stream()
                .filter(each ->
                        project.getMetadata().getName().equals(each.getSpec().projectName()))
                .filter(ProjectHold::needs)
                .map(each -> each.getMetadata().getName())
                .sorted()
                .toList();
    }

    /** @return the project as stored; throws as {@link Finalizer#set} */
    SessionProject release(SessionProject project) {
        return FINALIZER.remove(client, project);
    }

    @Override
    public Set<SessionProject> getSecondaryResources(SessionProject primary) {
        return Set.of();
    }
}
