package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may use spec.force where the project restricts it: alice is a collaborator, bob also has the verb force-push. */
class ForceControlPlaneIT extends ControlPlaneScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String APPROVAL = "sessionpublish.dev/may-force";
    private static final String LACKS = "lacks the verb force-push on it";

    private static Team team;
    private static ControlPlane alice;
    private static ControlPlane bob;

    @BeforeAll
    static void start() throws Exception {
        ControlPlane admin = world.controlPlane();
        alice = admin.as("alice");
        bob = admin.as("bob");
        team = team("force");
        team.work();
        bind("collaborators", "session-publish-collaborator", "--group=dev");
        bind("force", "session-publish-force", "--user=bob");
        restrict("Restricted");
        await().atMost(PATIENCE).until(() -> bob.ask("create", "--dry-run=server", "-o", "yaml", "-f", forced("probe"))
                .text()
                .contains(APPROVAL + ": web"));
    }

    private static void bind(String name, String role, String subject) {
        team.kubectl(0, "create", "rolebinding", name, "--clusterrole=" + role, subject);
    }

    /** Returns when the API server's policies know. */
    private static void restrict(String force) {
        team.kubectl(0, "patch", "sproj", "web", "--type=merge", "-p", """
                {"spec": {"push": {"force": "%s"}}}""".formatted(force));
        await().atMost(PATIENCE)
                .until(() -> alice.ask("create", "--dry-run=server", "-f", forced("probe"))
                                .text()
                                .contains(LACKS)
                        == force.equals("Restricted"));
    }

    private static String forced(String name) throws IOException {
        return file(name, "  force: true\n");
    }

    private static String file(String name, String more) throws IOException {
        return team.file(
                team.publishYaml(name, "  headBranch: agent/" + name + "\n  createPullRequest: false\n" + more));
    }

    private static String[] patch(String name, String spec) {
        return new String[] {
            "patch", "spub", name, "-n", team.namespace(), "--type=merge", "-p", "{\"spec\": {" + spec + "}}"
        };
    }

    private static String[] retry(String name, String value) {
        return new String[] {
            "annotate", "--overwrite", "spub", name, "-n", team.namespace(), "sessionpublish.dev/retry-at=" + value
        };
    }

    private static String approval(String name) {
        Map<String, String> annotations = team.get(name).getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(APPROVAL, "");
    }

    @Test
    void whoLacksTheVerbPublishesWithoutForceAndIsRefusedWithIt() throws Exception {
        alice.kubectl(0, "create", "-f", file("plain", "  suspend: true\n"));

        for (String[] refused : new String[][] {
            {"create", "-f", forced("refused")},
            {"create", "--dry-run=server", "-f", forced("refused")},
            {"apply", "--server-side", "-f", forced("refused")},
            patch("plain", "\"force\": true, \"suspend\": false")
        }) {
            assertThat(alice.kubectl(1, refused))
                    .contains(
                            "spec.force is true, and spec.push.force of the project web is Restricted: alice " + LACKS);
        }
        assertThat(team.get("refused")).isNull();
        alice.kubectl(0, patch("plain", "\"suspend\": false"));
        alice.kubectl(0, retry("plain", "1"));
    }

    @Test
    void aWorkloadNeedsTheVerbAsWell() throws Exception {
        team.kubectl(0, "create", "serviceaccount", "gitops");
        String account = "--serviceaccount=" + team.namespace() + ":gitops";
        bind("gitops", "session-publish-as-workload", account);
        ControlPlane gitops = new ControlPlane(world.kubeconfigOf(team.namespace(), "gitops"));
        String[] apply = {"apply", "--server-side", "-f", forced("deployed")};
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(gitops.ask(apply).text()).contains(LACKS));

        bind("gitops-force", "session-publish-force", account);

        await().atMost(PATIENCE).until(() -> gitops.ask(apply).exit() == 0);
        assertThat(approval("deployed")).isEqualTo("web");
    }

    @Test
    void anApprovalLastsUntilSomebodyElseChangesWhatItApproves() throws Exception {
        bob.kubectl(0, "create", "-f", forced("approved"));
        assertThat(approval("approved")).isEqualTo("web");

        alice.kubectl(0, "annotate", "spub", "approved", "-n", team.namespace(), "example.com/seen=yes");
        assertThat(approval("approved")).isEqualTo("web");
        assertThat(alice.kubectl(1, patch("approved", "\"headBranch\": \"agent/other\"")))
                .contains(LACKS);
        assertThat(alice.kubectl(1, retry("approved", "1"))).contains(LACKS);
        alice.kubectl(0, patch("approved", "\"suspend\": true, \"headBranch\": \"agent/other\""));
        assertThat(approval("approved")).isEmpty();
        assertThat(alice.kubectl(1, patch("approved", "\"suspend\": false"))).contains(LACKS);
        bob.kubectl(0, patch("approved", "\"suspend\": false"));
        assertThat(approval("approved")).isEqualTo("web");
    }

    /** The API server had nothing to refuse when it was written. */
    @Test
    void whatWasWrittenBeforeTheRestrictionIsRefusedByTheOperatorUntilWhoMayStartsIt() throws Exception {
        restrict("Allowed");
        try {
            alice.kubectl(0, "create", "-f", forced("early"));
        } finally {
            restrict("Restricted");
        }
        try (PackagedOperator operator = world.startOperator(Map.of())) {
            SessionPublish refused = team.awaitReason("early", "force-forbidden");
            assertThat(refused.getStatus().phase()).as("%s", operator.log()).hasToString("Failed");
            assertThat(team.tip("agent/early")).isEmpty();

            bob.kubectl(0, retry("early", "1"));

            SessionPublish pushed = team.awaitThat(
                    "early",
                    publish -> publish.getStatus() != null
                            && "Pushed"
                                    .equals(String.valueOf(publish.getStatus().phase())));
            assertThat(team.tip("agent/early")).contains(pushed.getStatus().commit());
        }
    }

    @Test
    void whoeverMayManageProjectsMayGrantTheVerb() {
        bind("owner", "session-publish-project-admin", "--user=olga");
        bind("owner-binds", "admin", "--user=olga");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(world.controlPlane()
                        .ask(
                                "create",
                                "rolebinding",
                                "granted",
                                "-n",
                                team.namespace(),
                                "--clusterrole=session-publish-force",
                                "--user=carol",
                                "--dry-run=server",
                                "--as=olga")
                        .text())
                .contains("created"));
    }
}
