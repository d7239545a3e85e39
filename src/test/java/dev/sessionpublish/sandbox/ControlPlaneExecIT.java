package dev.sessionpublish.sandbox;

import static org.awaitility.Awaitility.await;

import dev.sessionpublish.controlplane.ControlPlane;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same on a real API server, whose kubeconfig the system property {@code controlplane.kubeconfig} names. */
@Tag("control-plane")
class ControlPlaneExecIT extends ExecContract {
    private static KubernetesClient client;
    private static String namespace;

    @BeforeAll
    static void start() {
        ControlPlane controlPlane = ControlPlane.given();
        client = controlPlane.client();
        namespace = controlPlane.createNamespace(client, "exec-contract");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.serviceAccounts()
                                .inNamespace(namespace)
                                .withName("default")
                                .get()
                        != null);
        client.pods()
                .inNamespace(namespace)
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("s7")
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("agent")
                        .withImage("none")
                        .withCommand("sleep", "infinity")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        client.pods().inNamespace(namespace).withName("s7").waitUntilReady(60, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() {
        client.pods().inNamespace(namespace).withName("s7").withGracePeriod(0).delete();
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    @Override
    KubernetesClient client() {
        return client;
    }

    @Override
    String namespace() {
        return namespace;
    }

    @Override
    String pod() {
        return "s7";
    }

    /** The node reads annotations a moment after the API server has them: asks until an exec shows it. */
    @Override
    void annotate(String name, String value) {
        client.pods().inNamespace(namespace).withName("s7").edit(pod -> new PodBuilder(pod)
                .editMetadata()
                .addToAnnotations(name, value)
                .endMetadata()
                .build());
        boolean faulty = !value.isEmpty();
        await().atMost(Duration.ofSeconds(20)).until(() -> cutShort() == faulty);
    }
}
