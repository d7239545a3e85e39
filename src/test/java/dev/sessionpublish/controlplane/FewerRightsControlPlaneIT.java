package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.embedded.SandboxCheckout;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The operator with the rights that the chart gives it for one namespace and one Secret. */
class FewerRightsControlPlaneIT extends ControlPlaneScenario {

    @Test
    void oneNamespaceAndOneSecretAreEnoughAndAMissingRightIsSaid() throws Exception {
        Team team = world.team("narrow");
        String namespace = team.namespace();
        List<HasMetadata> rights = rights(namespace, namespace, "--set=credentialSecrets." + namespace + "={web}");
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
            withdraw(namespace);
        }
    }

    /** Its RoleBindings are deleted in any order with the objects, and the operator can read less and less there. */
    @Test
    void aNamespaceThatIsDeletedWithTheRightsThereIsNotHeldUp() throws Exception {
        String home = world.team("home").namespace();
        Team team = world.team("leaving");
        rights(home, team.namespace()).forEach(each -> create(world, each));
        Map<String, String> settings = Map.of(
                "KUBECONFIG",
                world.kubeconfigOf(home, home).toString(),
                "SESSION_PUBLISH_NAMESPACES",
                team.namespace());
        try (PackagedOperator operator = world.startOperator(settings)) {
            team.registerProject();
            team.work();
            team.publish("fix", "  deletionPolicy: ClosePullRequest");
            assertThat(team.awaitEnd("fix").getStatus().phase())
                    .as("%s", operator.log())
                    .hasToString("PullRequestCreated");
            team.kubectl(0, "delete", "rolebinding", "--all");
            team.kubectl(0, "delete", "pod", "s7", "--wait=false");

            team.kubectl(0, "delete", "namespace", team.namespace(), "--timeout=50s");
        } finally {
            withdraw(home);
        }
    }

    private static void withdraw(String name) {
        world.controlPlane().kubectl(0, "delete", "clusterrole", name, name + "-sandboxes", name + "-finalizers");
        world.controlPlane().kubectl(0, "delete", "clusterrolebinding", name + "-finalizers");
    }

    /** What the chart grants for one namespace, to an account of a namespace, under the name of the latter. */
    private static List<HasMetadata> rights(String account, String namespace, String... more) {
        return ControlPlaneWorld.load(Chart.template(
                0,
                Stream.concat(
                                Stream.of(
                                        "--namespace=" + account,
                                        "--set=image.repository=none,fullnameOverride=" + account,
                                        "--set=watchNamespaces={" + namespace + "}",
                                        "--show-only=templates/rbac.yaml"),
                                Stream.of(more))
                        .toArray(String[]::new)));
    }

    private static boolean isOfCredentials(HasMetadata right) {
        return right.getMetadata().getName().endsWith("-credentials");
    }

    private static void create(ControlPlaneWorld world, HasMetadata right) {
        world.admin().resource(right).create();
    }
}
