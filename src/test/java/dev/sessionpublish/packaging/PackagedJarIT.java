package dev.sessionpublish.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.PackagedOperator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The jar as it is handed out: what it says of its parts, and that it says nothing of who built it, when and where. */
class PackagedJarIT {
    private static final String SBOM = "META-INF/sbom/session-publish-operator.cdx.json";
    /** As the pom has it, for archives whose bytes don't depend on the clock. */
    private static final LocalDateTime TIMESTAMP = LocalDateTime.parse("2026-01-01T00:00:00");

    private static final Path JAR = PackagedOperator.jar();

    @Test
    void theBillOfMaterialsListsExactlyTheLibrariesWithTheirChecksums() throws IOException {
        Map<String, String> listed = new TreeMap<>();
        for (JsonNode component : sbom().path("components")) {
            listed.put(
                    component.path("name").asText() + "-"
                            + component.path("version").asText() + ".jar",
                    sha256(component));
            assertThat(component.path("licenses"))
                    .as("licenses of %s", component.path("name"))
                    .isNotEmpty();
        }

        assertThat(listed).isEqualTo(libraries());
    }

    @Test
    void theBillOfMaterialsIsThatOfThisVersionAndNamesNoTimeOfItsMaking() throws IOException {
        JsonNode metadata = sbom().path("metadata");

        assertThat(metadata.at("/component/name").asText()).isEqualTo("session-publish-operator");
        assertThat(metadata.at("/component/version").asText())
                .isEqualTo(manifest().getValue(Attributes.Name.IMPLEMENTATION_VERSION));
        assertThat(metadata.has("timestamp")).isFalse();
    }

    @Test
    void everyEntryBearsTheOneTimestamp() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.stream().map(ZipEntry::getTimeLocal).collect(Collectors.toSet()))
                    .containsExactly(TIMESTAMP);
        }
    }

    @Test
    void theManifestSaysNothingOfTheMachineThatBuiltIt() throws IOException {
        assertThat(manifest().keySet().stream().map(Object::toString).toList())
                .containsExactlyInAnyOrder(
                        "Manifest-Version",
                        "Created-By",
                        "Build-Jdk-Spec",
                        "Java-Version",
                        "Main-Class",
                        "Class-Path",
                        "Implementation-Title",
                        "Implementation-Version");
        assertThat(manifest().getValue("Build-Jdk-Spec")).matches("\\d+");
        assertThat(manifest().getValue("Java-Version")).isEqualTo("17");
        assertThat(manifest().getValue("Created-By")).matches("Maven JAR Plugin [\\d.]+");
    }

    @Test
    void theClassPathNamesTheLibrariesBeside() throws IOException {
        List<String> named =
                List.of(manifest().getValue(Attributes.Name.CLASS_PATH).split(" "));

        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(
                        libraries().keySet().stream().map(file -> "lib/" + file).collect(Collectors.toSet()));
    }

    private static JsonNode sbom() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile());
                InputStream content = jar.getInputStream(jar.getEntry(SBOM))) {
            return new ObjectMapper().readTree(content);
        }
    }

    private static Attributes manifest() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            return jar.getManifest().getMainAttributes();
        }
    }

    private static String sha256(JsonNode component) {
        for (JsonNode hash : component.path("hashes")) {
            if (hash.path("alg").asText().equals("SHA-256")) {
                return hash.path("content").asText();
            }
        }
        return "";
    }

    /** The checksum of each file in lib. */
    private static Map<String, String> libraries() throws IOException {
        try (Stream<Path> files = Files.list(JAR.resolveSibling("lib"))) {
            return new TreeMap<>(
                    files.collect(Collectors.toMap(file -> file.getFileName().toString(), PackagedJarIT::sha256)));
        }
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
