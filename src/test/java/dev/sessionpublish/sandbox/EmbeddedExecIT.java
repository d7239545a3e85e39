package dev.sessionpublish.sandbox;

import dev.sessionpublish.embedded.EmbeddedCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedExecIT extends ExecContract {
    @TempDir
    static Path directory;

    @AutoClose
    private static EmbeddedCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = EmbeddedCluster.in(directory).start();
        Path root = Files.createDirectory(directory.resolve("root"));
        cluster.startPod("default", "s7", Map.of(), List.of("agent"), root);
    }

    @Override
    KubernetesClient client() {
        return cluster.client();
    }

    @Override
    String namespace() {
        return "default";
    }

    @Override
    String pod() {
        return "s7";
    }

    @Override
    void annotate(String name, String value) {
        client().pods().inNamespace("default").withName("s7").edit(pod -> {
            pod.getMetadata().getAnnotations().put(name, value);
            return pod;
        });
    }
}
