package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.embedded.SandboxCheckout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A proxy before the API server that refuses request lines of more than 8 KiB. */
class LongRequestLinesIT extends OperatorScenario {
    @AfterEach
    void endFaults() {
        world().cluster().faults().clear();
    }

    @Test
    void aProxyWithoutRoomForTheScriptIsNoObstacle() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        world().cluster().faults().refuseTargetsOver(8 * 1024, 414);

        scene.publish("");

        scene.assertPublishedOnce(checkout);
        assertThat(scene.execs()).isEqualTo(1);
    }
}
