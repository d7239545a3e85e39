package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.embedded.Fault;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

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
    Fault faultOfPush(Function<Fault.Match, Fault> what) {
        return world().git().fault(what.apply(Fault.on("POST", receivePack())));
    }

    @Override
    void assertOnePullRequest(SessionPublish publish) {
        assertThat(world().gitHub().pulls(repository())).hasSize(1);
    }
}
