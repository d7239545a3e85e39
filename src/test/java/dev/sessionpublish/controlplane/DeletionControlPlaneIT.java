package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Publishes that close their pull requests, deleted for real. */
class DeletionControlPlaneIT extends ControlPlaneOperatorScenario {
    private static final String CLOSE = "  deletionPolicy: ClosePullRequest";

    private static Team published(String name) throws Exception {
        Team team = team(name);
        team.work();
        team.publish("fix", CLOSE);
        team.awaitEnd("fix");
        return team;
    }

    @Test
    void thePullRequestIsClosedBeforeTheObjectIsGone() throws Exception {
        Team team = published("closing");
        String yaml = team.publishYaml("fix", CLOSE);
        assertThat(team.kubectl(0, "diff", "-f", team.file(yaml))).isEmpty();

        team.kubectl(0, "delete", "spub", "fix", "--timeout=60s");

        assertThat(world.gitHub().pulls(team.repository())).singleElement().satisfies(pull -> assertThat(pull.state())
                .isEqualTo("closed"));
        assertThat(team.kubectl(0, "get", "events")).contains("PullRequestClosed");
    }

    @Test
    void aNamespaceIsNotHeldUp() throws Exception {
        Team team = published("emptied");
        team.kubectl(0, "delete", "pod", "s7", "--wait=false");

        team.kubectl(0, "delete", "namespace", team.namespace(), "--timeout=120s");

        assertThat(operator.log()).doesNotContain("Uncaught error");
    }
}
