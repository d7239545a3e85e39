package dev.sessionpublish.controlplane;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Scenarios with the packaged operator on a real API server and a real Gitea. */
@Tag("forge")
@Tag("whole")
abstract class GiteaScenario extends ControlPlaneOperatorScenario {
    static GiteaWorld gitea;

    @BeforeAll
    static void startGitea() throws IOException {
        gitea = GiteaWorld.start(world);
    }

    @AfterAll
    static void stopGitea() throws IOException {
        gitea.close();
    }

    /** A team whose project is registered. */
    static GiteaTeam team(String prefix) throws IOException {
        GiteaTeam team = gitea.team(prefix);
        team.registerProject();
        return team;
    }

    /** The same, with the proxy as the project's host. */
    static GiteaTeam teamBehindProxy(String prefix) throws IOException {
        GiteaTeam team = gitea.teamBehindProxy(prefix);
        team.registerProject();
        return team;
    }

    @Override
    Map<String, String> settings() {
        return Map.of("SESSION_PUBLISH_FORGES", gitea.forges().toString());
    }
}
