package dev.sessionpublish.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.OperatorInProcess;
import dev.sessionpublish.embedded.EmbeddedCluster;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartFailureTest {

    @Test
    void aClusterWithoutTheDefinitionsIsToldWhatToApply(@TempDir Path directory) throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.in(directory).start()) {
            Throwable failure = Assertions.catchThrowable(() -> OperatorInProcess.start(
                    cluster.config(), Map.of("SESSION_PUBLISH_PROBE_PORT", "0", "SESSION_PUBLISH_METRICS_PORT", "0")));

            assertThat(failure).isInstanceOf(OperatorException.class);
            assertThat(StartFailure.explain(failure))
                    .contains("Apply the files in crds/")
                    .doesNotContain("https://", "Exception");
        }
    }

    @Test
    void aMissingRightIsToldInTheApiServersWords() {
        KubernetesClientException refused = new KubernetesClientException(new StatusBuilder()
                .withCode(403)
                .withMessage("sessionprojects.sessionpublish.dev is forbidden: User \"x\" cannot list resource")
                .build());

        assertThat(StartFailure.explain(new OperatorException("Error starting operator", refused)))
                .contains("lacks a permission", "User \"x\" cannot list resource")
                .doesNotContain("Error starting operator");
    }

    @Test
    void whatElseThereIsIsToldEachOnce() {
        assertThat(StartFailure.explain(
                        new IOException("down", new IOException("refused", new IOException("refused")))))
                .isEqualTo("down: refused");
    }
}
