package dev.sessionpublish.embedded;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedApiServerIT extends ApiServerContract {
    @TempDir
    static Path directory;

    @AutoClose
    private static EmbeddedCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = EmbeddedCluster.in(directory).start();
        cluster.applyYaml(GADGETS);
    }

    @Override
    KubernetesClient client() {
        return cluster.client();
    }

    @Override
    String namespace() {
        return "default";
    }
}
