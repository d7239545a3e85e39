package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.embedded.SandboxControllers;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every whole object in the documents, of whatever kind, is accepted as it is. */
class DocumentedManifestsControlPlaneIT extends NamespaceScenario {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\n(.*?)^```$");

    @BeforeAll
    void serveSandboxes() {
        SandboxControllers.install(client);
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void whatIsToBeAppliedIsAccepted(Path document, String yaml, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("object.yaml"), yaml.replace("namespace: agents", "namespace: " + namespace));

        String applied = controlPlane.kubectl(
                0, "apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", file.toString());

        assertThat(applied).as("%s:\n%s", document, yaml).contains("serverside-applied");
        assertThat(applied).as("%s:\n%s", document, yaml).doesNotContain("Warning");
    }

    @Test
    void thePageAboutSandboxesIsAmongThem() throws IOException {
        assertThat(manifests().map(each -> each.get()[0]).filter(Path.of("docs", "sandboxes.md")::equals))
                .hasSizeGreaterThan(5);
    }

    static Stream<Arguments> manifests() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            List<Path> pages = docs.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
            return Stream.concat(Stream.of(Path.of("README.md")), pages.stream())
                    .flatMap(page -> BLOCK.matcher(ControlPlane.read(page))
                            .results()
                            .flatMap(block -> Arrays.stream(block.group(1).split("(?m)^---$")))
                            .filter(DocumentedManifestsControlPlaneIT::isWhole)
                            .map(yaml -> Arguments.of(page, yaml)));
        }
    }

    private static boolean isWhole(String yaml) {
        return Serialization.unmarshal(yaml, Object.class) instanceof Map<?, ?> object
                && object.containsKey("apiVersion")
                && object.containsKey("metadata");
    }
}
