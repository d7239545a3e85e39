package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import io.micrometer.core.instrument.Tags;
import java.util.Optional;

/**
 * The tags of a project's metrics. Only existing projects have tags of their own, so that names in publishes can't
 * create series. Both tags are empty otherwise, which Prometheus treats as absent.
 */
public record ProjectTags(String namespace, String project) {
    private static final ProjectTags NONE = new ProjectTags("", "");

    public static ProjectTags of(Optional<SessionProject> project) {
        return project.map(ProjectTags::of).orElse(NONE);
    }

    public static ProjectTags of(SessionProject project) {
        return new ProjectTags(
                project.getMetadata().getNamespace(), project.getMetadata().getName());
    }

    public static ProjectTags of(Project project) {
        return new ProjectTags(project.namespace(), project.name());
    }

    public Tags tags() {
        return Tags.of("namespace", namespace, "project", project);
    }
}
