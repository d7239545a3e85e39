package dev.sessionpublish.embedded;

import dev.sessionpublish.controlplane.ControlPlane;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same on a real API server, whose kubeconfig the system property {@code controlplane.kubeconfig} names. */
@Tag("control-plane")
class ControlPlaneApiServerIT extends ApiServerContract {
    private static KubernetesClient client;

    @BeforeAll
    static void start() {
        ControlPlane controlPlane = ControlPlane.given();
        client = controlPlane.client();
        controlPlane.applyCrd(client, GADGETS);
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
