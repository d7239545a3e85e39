package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What helm makes of the chart for the values that matter, and the files in docs/manifests that are made from it. */
@Tag("control-plane")
class ChartTemplatesControlPlaneIT {
    private static final String WRITE = "chart.write";
    private static final String REGENERATE =
            ".ci/control-plane -Dit.test=ChartTemplatesControlPlaneIT -D" + WRITE + "=true";
    private static final Path FIXTURES = Path.of("src", "test", "resources", "chart");
    /** Begins the first line of values that are refused; what follows is in the refusal. */
    private static final String REFUSED = "# refused: ";
    /** Begins the first line of values that need more of helm. */
    private static final String ARGUMENTS = "# arguments: ";

    private static final List<String> NAMESPACES = List.of("chart-release", "chart-a", "chart-b");

    private final ControlPlane controlPlane = ControlPlane.given();

    @BeforeAll
    static void createTheNamespaces() {
        try (KubernetesClient client = ControlPlane.given().client()) {
            NAMESPACES.forEach(name -> client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build())
                    .serverSideApply());
        }
    }

    @Test
    void theChartHasNothingThatHelmWarnsAbout() {
        assertThat(controlPlane.helm(
                        0, "lint", "--strict", Chart.DIRECTORY.toString(), "--set", "image.repository=r.example.com/o"))
                .doesNotContain("[WARNING]", "[ERROR]");
    }

    @ParameterizedTest
    @MethodSource("golden")
    void theValuesRenderAsCheckedIn(Path values) throws IOException {
        check(golden(values), Chart.template(0, arguments(values)));
    }

    /** Kinds of the Prometheus operator aside, which aren't served here. */
    @ParameterizedTest
    @MethodSource("golden")
    void theApiServerTakesWhatIsRenderedAsItIs(Path values, @TempDir Path directory) throws IOException {
        String served = Stream.of(Files.readString(golden(values)).split("(?m)^---$"))
                .filter(object -> !object.contains("apiVersion: monitoring.coreos.com/"))
                .collect(Collectors.joining("---"));
        Path file = Files.writeString(directory.resolve("served.yaml"), served);

        String applied = controlPlane.kubectl(
                0,
                "apply",
                "--server-side",
                "--force-conflicts",
                "--dry-run=server",
                "--validate=strict",
                "-f",
                file.toString());

        assertThat(applied).doesNotContain("Warning");
    }

    /** A release's name may have dots, look like a number, and be longer than what names of the chart's objects allow. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.b",
                "1.5",
                "2e3",
                "session-publish-operator.blue",
                "a23456789.b23456789.c23456789.d23456789.e23456789.f23"
            })
    void everyNameOfAReleaseMakesNamesThatTheApiServerTakes(String release, @TempDir Path directory)
            throws IOException {
        String rendered = Chart.templateOf(
                release,
                0,
                "--namespace=chart-release",
                "--set=image.repository=r.example.com/o",
                "--set=crds.install=false");
        String file =
                Files.writeString(directory.resolve("release.yaml"), rendered).toString();

        assertThat(controlPlane.kubectl(
                        0,
                        "apply",
                        "--server-side",
                        "--force-conflicts",
                        "--dry-run=server",
                        "--validate=strict",
                        "-f",
                        file))
                .contains("service/", "deployment.apps/");
        assertThat(rendered)
                .containsPattern("SESSION_PUBLISH_LEADER_ELECTION_LEASE\n +value: [a-z]([-a-z0-9]{0,48}[a-z0-9])?\n")
                .contains("app.kubernetes.io/instance: \"" + release + "\"\n");
    }

    @ParameterizedTest
    @MethodSource("refused")
    void wrongValuesAreRefusedWithASentence(Path values) throws IOException {
        String sentence = firstLine(values);
        assertThat(sentence).startsWith(REFUSED);

        assertThat(Chart.template(1, arguments(values))).contains(sentence.substring(REFUSED.length()));
    }

    @Test
    void anOlderClusterIsRefused() {
        assertThat(Chart.template(1, "--set=image.repository=r.example.com/o", "--kube-version=1.29.9"))
                .contains("chart requires kubeVersion: >=1.30.0-0");
    }

    @Test
    void withoutAnImageHelmSaysWhatToDo() {
        assertThat(Chart.template(1)).contains("image.repository is empty: build an image (docs/install.md)");
    }

    @Test
    void theManifestsForKubectlAreWhatTheChartSays() throws IOException {
        String made = "# Made from helm/session-publish-operator with\n# " + REGENERATE + "\n";
        String image = "--set=image.repository=REGISTRY/session-publish-operator";
        check(
                Path.of("docs", "manifests", "operator.yaml"),
                """
                # The operator in the namespace session-publish, for all namespaces of the cluster. Set the image, then:
                #   kubectl apply -f crds/ -f docs/manifests/operator.yaml
                # On Kubernetes 1.36 or newer also -f docs/manifests/requested-by.yaml. docs/install.md says what each right is
                # for, and how to give fewer.
                """ + made + """
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: session-publish
                """ + Chart.plain(image, "--set=crds.install=false"));
        check(
                Path.of("docs", "manifests", "requested-by.yaml"),
                """
                # Fills in spec.requestedBy of a SessionPublish and records who starts it again, where the API server can:
                # Kubernetes 1.36 or newer.
                """ + made + Chart.plain(image, Chart.STAMPING, "--show-only=templates/admission-stamp.yaml"));
    }

    private static void check(Path file, String expected) throws IOException {
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(file, expected);
        }
        assertThat(file)
                .as("%s differs from the chart; look at it, or make it anew with: %s", file, REGENERATE)
                .exists()
                .content()
                .isEqualTo(expected);
    }

    private static String[] arguments(Path values) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--values=" + values, "--namespace=chart-release"));
        String first = firstLine(values);
        if (first.startsWith(ARGUMENTS)) {
            arguments.addAll(List.of(first.substring(ARGUMENTS.length()).split(" ")));
        }
        return arguments.toArray(String[]::new);
    }

    private static String firstLine(Path values) throws IOException {
        return Files.readString(values).lines().findFirst().orElseThrow();
    }

    private static Path golden(Path values) {
        return values.resolveSibling(values.getFileName().toString().replace(".values.yaml", ".golden.yaml"));
    }

    static Stream<Path> golden() throws IOException {
        return values("golden");
    }

    static Stream<Path> refused() throws IOException {
        return values("refused");
    }

    private static Stream<Path> values(String verdict) throws IOException {
        try (Stream<Path> files = Files.list(FIXTURES.resolve(verdict))) {
            return files.filter(file -> file.toString().endsWith(".values.yaml")).sorted().toList().stream();
        }
    }
}
