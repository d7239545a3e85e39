package dev.sessionpublish.publish.plan;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectSpec;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;

/** The project {@code web}, as a test writes its spec. */
final class TestProject {
    private TestProject() {}

    /** @param spec as YAML */
    static SessionProject resource(String spec) {
        SessionProject resource = new SessionProject();
        resource.setMetadata(new ObjectMetaBuilder()
                .withNamespace("team")
                .withName("web")
                .withUid("u")
                .withGeneration(1L)
                .build());
        resource.setSpec(Serialization.unmarshal(spec, SessionProjectSpec.class));
        return resource;
    }

    /** @param more of the spec than the repository, as YAML */
    static Project of(String more) {
        try {
            return Project.of(resource("repository: https://github.com/acme/web\n" + more), ForgeHosts.DEFAULT);
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }
}
