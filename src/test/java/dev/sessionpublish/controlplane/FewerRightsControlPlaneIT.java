package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.embedded.SandboxCheckout;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The operator with the rights that the chart gives it for one namespace and one Secret. */
class FewerRightsControlPlaneIT extends ControlPlaneScenario {

    @Test
    void oneNamespaceAndOneSecretAreEnoughAndAMissingRightIsSaid() throws Exception {
        Team team = world.team("narrow");
        String namespace = team.namespace();
        List<HasMetadata> rights = rights(namespace);
        rights.stream().filter(each -> !isOfCredentials(each)).forEach(each -> create(world, each));
        Map<String, String> settings = Map.of(
                "KUBECONFIG",
                world.kubeconfigOf(namespace, namespace).toString(),
                "SESSION_PUBLISH_NAMESPACES",
                namespace);
        try (PackagedOperator operator = world.startOperator(settings)) {
            team.registerProject();
            SandboxCheckout checkout = team.work();
            team.publish("fix", "");

            assertThat(team.awaitReason("fix", "project-not-ready").getStatus().message())
                    .contains("The operator has no permission to read the Secret web");
            world.admin()
                    .resources(SessionProject.class)
                    .inNamespace(namespace)
                    .withName("web")
                    .waitUntilCondition(
                            project -> project.getStatus() != null
                                    && project.getStatus()
                                            .conditions()
                                            .toString()
                                            .contains("has no permission to read the Secret web"),
                            60,
                            TimeUnit.SECONDS);
            assertThat(operator.log()).doesNotContain("Uncaught error");
            rights.stream().filter(FewerRightsControlPlaneIT::isOfCredentials).forEach(each -> create(world, each));

            team.assertPublishedOnce("fix", checkout.head());
        } finally {
            team.kubectl(0, "delete", "clusterrole", namespace, namespace + "-sandboxes", namespace + "-finalizers");
            team.kubectl(0, "delete", "clusterrolebinding", namespace + "-finalizers");
        }
    }

    /** What the chart grants for one namespace and one Secret, to an account of that namespace. */
    private static List<HasMetadata> rights(String namespace) {
        return ControlPlaneWorld.load(Chart.template(
                0,
                "--namespace=" + namespace,
                "--set=image.repository=none,fullnameOverride=" + namespace,
                "--set=watchNamespaces={" + namespace + "},credentialSecrets." + namespace + "={web}",
                "--show-only=templates/rbac.yaml"));
    }

    private static boolean isOfCredentials(HasMetadata right) {
        return right.getMetadata().getName().endsWith("-credentials");
    }

    private static void create(ControlPlaneWorld world, HasMetadata right) {
        world.admin().resource(right).create();
    }
}
