package dev.sessionpublish.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sessionpublish.embedded.EmbeddedCluster;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents tell people to apply is accepted by the schema. */
class DocumentedResourcesIT {
    @AutoClose
    private static EmbeddedCluster cluster;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        cluster = EmbeddedCluster.in(directory).crds(Path.of("crds")).start();
    }

    @ParameterizedTest
    @MethodSource("resources")
    void whatIsToBeAppliedIsAccepted(Path document, String yaml) {
        assertThatCode(() -> cluster.applyYaml(yaml))
                .as(document + ":\n" + yaml)
                .doesNotThrowAnyException();
    }

    @Test
    void aFieldThatDoesNotExistWouldBeNoticed() {
        assertThatCode(() -> cluster.applyYaml("""
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionPublish
                metadata: {name: x}
                spec: {projectRef: {name: web}, source: {podName: s1}, colour: red}
                """)).isNotNull().satisfies(thrown -> assertThat(thrown)
                .hasMessageContaining("colour"));
    }

    /** Every document of a stream that is of one of our kinds. */
    static Stream<Arguments> resources() throws IOException {
        return Documents.all().stream().flatMap(document -> Documents.blocks(document, "yaml").stream()
                .flatMap(block -> Arrays.stream(block.split("(?m)^---$")))
                .filter(DocumentedResourcesIT::isOurs)
                .map(yaml -> Arguments.of(document, yaml)));
    }

    private static boolean isOurs(String yaml) {
        Object read = Serialization.unmarshal(yaml, Object.class);
        return read instanceof Map<?, ?> map
                && List.of("SessionPublish", "SessionProject").contains(String.valueOf(map.get("kind")));
    }
}
