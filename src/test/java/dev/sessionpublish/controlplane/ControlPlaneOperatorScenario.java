package dev.sessionpublish.controlplane;

import dev.sessionpublish.PackagedOperator;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

/** Scenarios with one packaged operator for all of a class, which is started again if a test has killed it. */
abstract class ControlPlaneOperatorScenario extends ControlPlaneScenario {
    static @Nullable PackagedOperator operator;

    /** Settings of the operator besides the world's. */
    Map<String, String> settings() throws IOException {
        return Map.of();
    }

    @BeforeEach
    void startOperator() throws IOException {
        if (operator == null || !operator.isAlive()) {
            operator = world.startOperator(settings());
        }
    }

    @AfterAll
    static void stopOperator() {
        if (operator != null) {
            operator.close();
            operator = null;
        }
    }

    /** Kills the operator while a request of its is held, and starts another one. */
    void killDuring(HeldRequest request) throws Exception {
        operator.kill();
        request.release();
        operator = world.startOperator(settings());
    }
}
