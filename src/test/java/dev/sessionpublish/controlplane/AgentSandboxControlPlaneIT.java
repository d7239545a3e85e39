package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.embedded.SandboxControllers;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A publish from a Sandbox under the operator's own rights; agent-sandbox's controllers are played by the test. */
class AgentSandboxControlPlaneIT extends ControlPlaneScenario {

    @Test
    void aPublishFromASandboxWaitsForItsPodAndEndsAsAPullRequest() throws Exception {
        SandboxControllers.install(world.admin());
        try (PackagedOperator operator = world.startOperator(Map.of())) {
            Team team = world.team("sandboxes");
            SandboxControllers sandboxes = new SandboxControllers(world.admin(), team.namespace());
            team.registerProject();
            SandboxCheckout checkout = team.checkout().branch("agent/fix").commit("Fix", "fix.txt", "fixed");
            team.apply(team.publishYaml("fix", "").replace("podName: s7", "sandboxName: claimed"));
            team.awaitReason("fix", "sandbox-not-ready");
            GenericKubernetesResource sandbox = sandboxes.sandbox("pool-1", "operatingMode: Suspended");
            sandboxes.give(sandboxes.claim("claimed", ""), sandbox);
            team.retry("fix");
            team.awaitReason("fix", "sandbox-suspended");

            team.startPod();
            sandboxes.give(sandbox, "s7");
            sandboxes.condition(sandbox, "Ready", true, "DependenciesReady");

            team.assertPublishedOnce("fix", checkout.head());
            SessionPublish publish = world.admin()
                    .resources(SessionPublish.class)
                    .inNamespace(team.namespace())
                    .withName("fix")
                    .get();
            assertThat(publish.getStatus().source().podName()).isEqualTo("s7");
            assertThat(operator.log()).doesNotContain("Uncaught error", "forbidden");
        }
    }
}
