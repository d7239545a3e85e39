package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** As kubectl delete -f and GitOps tools delete: all at once, in any order. */
    @ParameterizedTest
    @ValueSource(strings = {"sproj/web spub/fix", "spub/fix sproj/web"})
    void thePullRequestIsClosedAlsoWhenTheProjectIsDeletedWithThePublish(String objects) throws Exception {
        for (int n = 0; n < 3; n++) {
            Team team = published("together");

            String[] both = objects.split(" ");
            team.kubectl(0, "delete", both[0], both[1], "--timeout=60s");

            assertThat(world.gitHub().pulls(team.repository()))
                    .singleElement()
                    .satisfies(pull -> assertThat(pull.state()).isEqualTo("closed"));
            assertThat(team.kubectl(0, "get", "events")).contains("PullRequestClosed");
        }
    }

    /** What the operator stopped doing when it was killed, the next one does. */
    @Test
    void whatWasDeletedWithoutAnOperatorIsClosedAndReleasedByTheNext() throws Exception {
        Team team = published("unattended");
        operator.kill();
        try {
            team.kubectl(0, "delete", "sproj/web", "spub/fix", "--wait=false");
        } finally {
            startOperator();
        }

        team.kubectl(0, "wait", "--for=delete", "sproj/web", "spub/fix", "--timeout=60s");

        assertThat(world.gitHub().pulls(team.repository())).singleElement().satisfies(pull -> assertThat(pull.state())
                .isEqualTo("closed"));
    }

    @Test
    void aNamespaceIsNotHeldUp() throws Exception {
        Team team = published("emptied");
        team.kubectl(0, "delete", "pod", "s7", "--wait=false");

        team.kubectl(0, "delete", "namespace", team.namespace(), "--timeout=120s");

        assertThat(operator.log()).doesNotContain("Uncaught error");
    }
}
