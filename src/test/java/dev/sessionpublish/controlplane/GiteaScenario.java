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

    @Override
    Map<String, String> settings() {
        return Map.of("SESSION_PUBLISH_FORGES", gitea.forges().toString());
    }
}
