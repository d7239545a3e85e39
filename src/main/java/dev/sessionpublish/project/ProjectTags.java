package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import io.micrometer.core.instrument.Tags;
import java.util.Optional;

/**
 * Whose numbers they are. Only projects that exist have any of their own, so that nobody makes series by naming
 * projects; what belongs to none of them has both tags empty, which to Prometheus is as if they weren't there.
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
