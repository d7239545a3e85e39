package dev.sessionpublish.scenarios;

import dev.sessionpublish.OperatorInProcess;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

/** Scenarios with one world and one operator for all of a class; each has a scene of its own. */
abstract class OperatorScenario extends WorldScenario {
    private static @Nullable OperatorInProcess operator;

    /** Settings of the operator besides the world's. */
    Map<String, String> settings() {
        return Map.of();
    }

    @BeforeEach
    void startOperator() throws IOException {
        if (operator == null) {
            operator = OperatorInProcess.start(world.cluster().config(), world.environment(settings()));
        }
    }

    @AfterAll
    static void stopOperator() {
        if (operator != null) {
            operator.close();
            operator = null;
        }
    }

    static OperatorInProcess operator() {
        return operator;
    }
}
