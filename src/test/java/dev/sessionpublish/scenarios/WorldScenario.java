package dev.sessionpublish.scenarios;

import dev.sessionpublish.embedded.EmbeddedWorld;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios in one world for all of a class; each has a scene of its own, and starts the operator itself. */
abstract class WorldScenario {
    @TempDir
    static Path directory;

    static EmbeddedWorld world;

    @BeforeAll
    static void startWorld() throws IOException {
        world = EmbeddedWorld.start(directory);
    }

    @AfterAll
    static void stopWorld() throws IOException {
        world.close();
    }

    static EmbeddedWorld world() {
        return world;
    }

    static Scene scene() throws IOException {
        return new Scene(world, directory);
    }
}
