package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Triggers another check of a project when a publish finds that its status is outdated. */
public final class ProjectRechecks extends AbstractEventSource<SessionProject, SessionProject> {
    private final Set<ResourceID> wanted = ConcurrentHashMap.newKeySet();

    public ProjectRechecks() {
        super(SessionProject.class, "project-rechecks");
    }

    public void at(Project project) {
        ResourceID id = new ResourceID(project.name(), project.namespace());
        if (isRunning() && wanted.add(id)) {
            getEventHandler().handleEvent(new Event(id));
        }
    }

    /** Whether a check is requested. */
    boolean isWanted(SessionProject project) {
        return wanted.contains(ResourceID.fromResource(project));
    }

    /** Clears the request, because the check begins. */
    void begin(SessionProject project) {
        wanted.remove(ResourceID.fromResource(project));
    }

    /** Restores a request that was cleared, for the next reconcile. */
    void keep(SessionProject project) {
        wanted.add(ResourceID.fromResource(project));
    }

    @Override
    public Set<SessionProject> getSecondaryResources(SessionProject primary) {
        return Set.of();
    }
}
