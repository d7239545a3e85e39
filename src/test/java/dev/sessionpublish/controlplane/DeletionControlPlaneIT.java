package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.PackagedOperator;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publishes that close their pull requests, deleted for real. */
@Tag("control-plane")
class DeletionControlPlaneIT {
    private static final String CLOSE = "  deletionPolicy: ClosePullRequest";

    @TempDir
    private static Path directory;

    private static ControlPlaneWorld world;
    private static PackagedOperator operator;

    @BeforeAll
    static void start() throws Exception {
        world = ControlPlaneWorld.start(directory);
        operator = world.startOperator(Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        operator.close();
        world.close();
    }

    private static Team published(String name) throws Exception {
        Team team = world.team(name);
        team.registerProject();
        team.checkout().branch("agent/fix").commit("Fix", "fix.txt", "fixed");
        team.startPod();
        team.publish("fix", CLOSE);
        team.awaitEnd("fix");
        return team;
    }

    @Test
    void thePullRequestIsClosedBeforeTheObjectIsGone() throws Exception {
        Team team = published("closing");
        String yaml = team.publishYaml("fix", CLOSE);
        assertThat(team.kubectl(0, "diff", "-f", team.file(yaml))).isEmpty();

        team.kubectl(0, "delete", "spub", "fix", "-n", team.namespace(), "--timeout=60s");

        assertThat(world.gitHub().pulls(team.repository())).singleElement().satisfies(pull -> assertThat(pull.state())
                .isEqualTo("closed"));
        assertThat(team.kubectl(0, "get", "events", "-n", team.namespace())).contains("PullRequestClosed");
    }

    @Test
    void aNamespaceIsNotHeldUp() throws Exception {
        Team team = published("emptied");
        team.kubectl(0, "delete", "pod", "s7", "-n", team.namespace(), "--wait=false");

        team.kubectl(0, "delete", "namespace", team.namespace(), "--timeout=120s");

        assertThat(operator.log()).doesNotContain("Uncaught error");
    }
}
