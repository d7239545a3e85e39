package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Has projects looked at again that a publish has found to be other than their status says. */
public final class ProjectRechecks extends AbstractEventSource<SessionProject, SessionProject> {
    private final Set<ResourceID> wanted = ConcurrentHashMap.newKeySet();

    public ProjectRechecks() {
        super(SessionProject.class, "second-looks");
    }

    public void at(Project project) {
        ResourceID id = new ResourceID(project.name(), project.namespace());
        if (isRunning() && wanted.add(id)) {
            getEventHandler().handleEvent(new Event(id));
        }
    }

    /** Whether one is wanted; it is had then. */
    boolean take(SessionProject project) {
        return wanted.remove(ResourceID.fromResource(project));
    }

    @Override
    public Set<SessionProject> getSecondaryResources(SessionProject primary) {
        return Set.of();
    }
}
