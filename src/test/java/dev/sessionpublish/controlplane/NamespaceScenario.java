package dev.sessionpublish.controlplane;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** Tests of what a real API server makes of objects: the definitions, and a namespace for all of a class; no operator. */
@Tag("control-plane")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class NamespaceScenario {
    final ControlPlane controlPlane = ControlPlane.given();
    final KubernetesClient client = controlPlane.client();
    String namespace = "";

    @BeforeAll
    void createTheNamespace() {
        controlPlane.applyCrds(client);
        namespace = controlPlane.createNamespace(client, "objects");
    }

    @AfterAll
    void deleteTheNamespace() {
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    /** The files of a directory, sorted by name. */
    static Stream<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList().stream();
        }
    }
}
