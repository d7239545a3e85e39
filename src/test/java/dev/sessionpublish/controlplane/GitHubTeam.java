package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import java.nio.file.Path;
import java.util.Optional;

/** A team whose repository is on the git server of the world, and whose pull requests are at its GitHub stand-in. */
final class GitHubTeam extends Team {
    GitHubTeam(ControlPlaneWorld world, String namespace, String repository) {
        super(world, namespace, repository);
    }

    @Override
    String url() {
        return world().git().url(repository());
    }

    @Override
    String token() {
        return ControlPlaneWorld.TOKEN;
    }

    @Override
    Path bare() {
        return world().git().repository(repository());
    }

    @Override
    Optional<String> tip(String branch) {
        return world().git().tip(repository(), branch);
    }

    @Override
    void assertOnePullRequest(SessionPublish publish) {
        assertThat(world().gitHub().pulls(repository())).hasSize(1);
    }
}
