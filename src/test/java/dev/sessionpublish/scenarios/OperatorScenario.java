package dev.sessionpublish.scenarios;

import dev.sessionpublish.OperatorInProcess;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.TestCa;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A world and an operator for all scenarios of a class; each scenario has a scene of its own. */
abstract class OperatorScenario {
    @TempDir
    private static Path directory;

    private static EmbeddedWorld world;
    private static OperatorInProcess operator;

    @BeforeAll
    static void start() throws IOException {
        world = EmbeddedWorld.start(directory, TestCa.create(directory.resolve("ca")));
        operator = OperatorInProcess.start(world.cluster().config(), world.environment());
    }

    @AfterAll
    static void stop() throws IOException {
        operator.close();
        world.close();
    }

    static EmbeddedWorld world() {
        return world;
    }

    static OperatorInProcess operator() {
        return operator;
    }

    static Scene scene() throws IOException {
        return new Scene(world, directory);
    }
}
