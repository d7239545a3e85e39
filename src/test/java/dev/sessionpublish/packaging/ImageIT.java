package dev.sessionpublish.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.PackagedOperator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the image of the build, and whether its Java runtime is whole. */
@Tag("image")
class ImageIT {
    /** What the libraries can do without: beans of Jackson and SnakeYAML, dates and metrics of databases. */
    private static final Set<String> OPTIONAL = Set.of("java.desktop", "java.sql");

    private static final Path JAR = PackagedOperator.jar();

    @TempDir
    private static Path directory;

    private static OperatorImage image;

    @BeforeAll
    static void unpack() throws Exception {
        image = OperatorImage.unpack(Path.of(System.getProperty(OperatorImage.TAR, "")), directory);
    }

    @Test
    void itRunsTheOperatorAsNobodyAndSaysWhatItIs() {
        assertThat(image.config().at("/config/User").asText()).isEqualTo("65532:65532");
        assertThat(image.config().at("/config/ExposedPorts").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("8080/tcp", "8081/tcp");
        assertThat(image.environment()).containsEntry("LC_ALL", "C.UTF-8");
        assertThat(image.entrypoint()).startsWith("/opt/java/bin/java").endsWith("dev.sessionpublish.Main");
        assertThat(image.config()
                        .at("/config/Labels/org.opencontainers.image.title")
                        .asText())
                .isEqualTo("Session Publish Operator");
        assertThat(image.config()
                        .at("/config/Labels/org.opencontainers.image.licenses")
                        .asText())
                .isEqualTo("Apache-2.0");
        assertThat(image.config()
                        .at("/config/Labels/org.opencontainers.image.version")
                        .asText())
                .isNotEmpty();
    }

    @Test
    void itHoldsNoTimeButTheFixedOne() {
        assertThat(image.config().path("created").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(image.config().path("history"))
                .allSatisfy(layer -> assertThat(layer.path("created").asText()).isIn("2026-01-01T00:00:00Z", ""));
    }

    @Test
    void itHoldsTheJarAndTheLibrariesOfTheBuild() throws IOException {
        assertThat(image.jar()).hasSameBinaryContentAs(JAR);
        assertThat(names(image.file("/app/libs"))).isEqualTo(names(JAR.resolveSibling("lib")));
        for (String library : names(JAR.resolveSibling("lib"))) {
            assertThat(image.file("/app/libs").resolve(library))
                    .hasSameBinaryContentAs(JAR.resolveSibling("lib").resolve(library));
        }
    }

    @Test
    void everybodyMayReadItAndOnlyRootMayChangeIt() throws IOException {
        for (Path file : files(image.root())) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            assertThat(permissions)
                    .as("%s", file)
                    .contains(PosixFilePermission.OTHERS_READ)
                    .doesNotContain(PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);
        }
        assertThat(image.file("/opt/java/bin/java")).isExecutable();
        assertThat(image.file("/opt/java/lib/jspawnhelper")).isExecutable();
    }

    @Test
    void itsRuntimeHasEveryModuleThatIsUsed() throws Exception {
        Set<String> modules = image.java("java", "--list-modules")
                .lines()
                .map(line -> line.replaceFirst("@.*", ""))
                .collect(Collectors.toSet());

        assertThat(modules).containsAll(used());
        // Providers, which nothing names.
        assertThat(modules).contains("jdk.crypto.ec", "jdk.random");
    }

    @Test
    void itsRuntimeKnowsEllipticCurvesAndTrustsPublicAuthorities() throws Exception {
        image.java(
                "keytool",
                ("-genkeypair -keyalg EC -groupname secp256r1 -dname CN=any -storepass changeit -keystore "
                                + directory.resolve("any.p12"))
                        .split(" "));

        assertThat(image.java("keytool", "-list", "-cacerts", "-storepass", "changeit")
                        .lines()
                        .filter(line -> line.contains("trustedCertEntry")))
                .hasSizeGreaterThan(50);
    }

    /** As jdeps tells of the jar and its libraries, less what is optional and what that alone requires. */
    private static Set<String> used() throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-s",
                "--ignore-missing-deps",
                "--multi-release=17",
                "-cp",
                JAR.resolveSibling("lib").resolve("*").toString()));
        arguments.add(JAR.toString());
        for (String library : names(JAR.resolveSibling("lib"))) {
            arguments.add(JAR.resolveSibling("lib").resolve(library).toString());
        }
        StringWriter said = new StringWriter();
        int exit = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(new PrintWriter(said), new PrintWriter(said), arguments.toArray(String[]::new));
        assertThat(exit).as("%s", said).isZero();
        Set<String> used = said.toString()
                .lines()
                .map(line -> line.replaceFirst(".* -> ", ""))
                .filter(module -> module.startsWith("java.") || module.startsWith("jdk."))
                .filter(module -> !OPTIONAL.contains(module))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(used).contains("java.base", "jdk.unsupported");
        return used;
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !Files.isSymbolicLink(file))
                    .filter(file -> !file.equals(folder))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
