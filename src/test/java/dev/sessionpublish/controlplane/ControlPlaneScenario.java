package dev.sessionpublish.controlplane;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios on a real API server; all of a class share one world, and each has a team of its own. */
@Tag("control-plane")
abstract class ControlPlaneScenario {
    @TempDir
    private static Path directory;

    static ControlPlaneWorld world;

    @BeforeAll
    static void startWorld() throws IOException {
        world = ControlPlaneWorld.start(directory);
    }

    @AfterAll
    static void stopWorld() throws IOException {
        world.close();
    }

    /** A team whose project is registered. */
    static Team team(String prefix) throws IOException {
        Team team = world.team(prefix);
        team.registerProject();
        return team;
    }
}
