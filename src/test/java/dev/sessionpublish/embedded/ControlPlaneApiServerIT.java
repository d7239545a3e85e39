package dev.sessionpublish.embedded;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same on a real API server, whose kubeconfig the system property {@code controlplane.kubeconfig} names. */
@Tag("control-plane")
class ControlPlaneApiServerIT extends ApiServerContract {
    private static KubernetesClient client;

    @BeforeAll
    static void start() {
        String kubeconfig = Objects.requireNonNull(
                System.getProperty("controlplane.kubeconfig"), "set -Dcontrolplane.kubeconfig=FILE");
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(new File(kubeconfig)))
                .build();
        CustomResourceDefinition gadgets =
                client.getKubernetesSerialization().unmarshal(GADGETS, CustomResourceDefinition.class);
        client.resource(gadgets).createOr(existing -> existing.update());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.resource(gadgets).get().getStatus().getConditions().stream()
                        .anyMatch(c -> c.getType().equals("Established")
                                && c.getStatus().equals("True")));
    }

    @AfterAll
    static void stop() {
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("gadgets.contract.sessionpublish.dev")
                .delete();
        client.close();
    }

    @Override
    KubernetesClient client() {
        return client;
    }

    @Override
    String namespace() {
        return "default";
    }
}
