package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.embedded.SandboxCheckout;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator with the rights that docs/install.md gives it for one namespace and one Secret. */
@Tag("control-plane")
class FewerRightsControlPlaneIT {

    @Test
    void oneNamespaceAndOneSecretAreEnoughAndAMissingRightIsSaid(@TempDir Path directory) throws Exception {
        ClusterRole all = ControlPlaneWorld.manifest().stream()
                .filter(ClusterRole.class::isInstance)
                .map(ClusterRole.class::cast)
                .findFirst()
                .orElseThrow();
        try (ControlPlaneWorld world = ControlPlaneWorld.start(directory)) {
            Team team = world.team("narrow");
            String namespace = team.namespace();
            world.admin()
                    .resource(new ClusterRoleBuilder(all)
                            .editMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .removeMatchingFromRules(rule -> rule.getResources().contains("secrets"))
                            .build())
                    .create();
            team.kubectl(0, "create", "serviceaccount", "operator", "-n", namespace);
            String account = "--serviceaccount=" + namespace + ":operator";
            team.kubectl(
                    0, "create", "rolebinding", "operator", "-n", namespace, "--clusterrole=" + namespace, account);
            Map<String, String> settings = Map.of(
                    "KUBECONFIG",
                    world.kubeconfigOf(namespace, "operator").toString(),
                    "SESSION_PUBLISH_NAMESPACES",
                    namespace);
            try (PackagedOperator operator = PackagedOperator.start(world, settings)) {
                team.registerProject();
                SandboxCheckout checkout = team.checkout().branch("agent/fix").commit("Fix", "fix.txt", "fixed");
                team.startPod();
                team.publish("fix", "");

                assertThat(team.awaitReason("fix", "project-not-ready")
                                .getStatus()
                                .message())
                        .contains("The operator may not read the Secret web");
                world.admin()
                        .resources(SessionProject.class)
                        .inNamespace(namespace)
                        .withName("web")
                        .waitUntilCondition(
                                project -> project.getStatus() != null
                                        && project.getStatus()
                                                .conditions()
                                                .toString()
                                                .contains("may not read the Secret web"),
                                60,
                                TimeUnit.SECONDS);
                assertThat(operator.log()).doesNotContain("Uncaught error");
                team.kubectl(
                        0,
                        "create",
                        "role",
                        "credentials",
                        "-n",
                        namespace,
                        "--verb=get,list,watch",
                        "--resource=secrets",
                        "--resource-name=web");
                team.kubectl(0, "create", "rolebinding", "credentials", "-n", namespace, "--role=credentials", account);

                team.assertPublishedOnce("fix", "agent/fix", checkout.head());
            } finally {
                team.kubectl(0, "delete", "clusterrole", namespace);
            }
        }
    }
}
