package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.packaging.OperatorImage;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * helm install, upgrade, test and uninstall on the API server. The Deployment runs the packaged operator on the node,
 * whose images are ignored: what it runs comes by volumes, the image's files where {@code image.tar} names one, else the
 * jar, on the host's Java.
 */
@Tag("control-plane")
class ChartInstallControlPlaneIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String RELEASE = "session-publish-operator";

    @TempDir
    private Path directory;

    private ControlPlaneWorld world;
    private Team team;
    private int probePort;
    private int metricsPort;

    @BeforeEach
    void start() throws Exception {
        world = ControlPlaneWorld.start(directory);
        team = world.team("chart");
        team.registerProject();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket one = new ServerSocket(0, 1, loopback);
                ServerSocket other = new ServerSocket(0, 1, loopback)) {
            probePort = one.getLocalPort();
            metricsPort = other.getLocalPort();
        }
        prepare();
    }

    @AfterEach
    void stop() throws Exception {
        world.controlPlane().helm(0, "uninstall", RELEASE, "-n", namespace(), "--ignore-not-found", "--wait");
        world.controlPlane().kubectl(0, "delete", "namespace", namespace(), "--ignore-not-found", "--wait=false");
        world.close();
    }

    private String namespace() {
        return team.namespace() + "-operator";
    }

    private void helm(Path chart, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "upgrade",
                RELEASE,
                chart.toString(),
                "--install",
                "--create-namespace",
                "--take-ownership",
                "--wait",
                "--timeout=3m",
                "-n=" + namespace(),
                "--values=" + values()));
        arguments.addAll(List.of(more));
        world.controlPlane().helm(0, arguments.toArray(String[]::new));
    }

    /** What the container runs, as values of the chart. */
    private String container() throws Exception {
        Path jar = PackagedOperator.jar();
        String tar = System.getProperty(OperatorImage.TAR, "");
        if (tar.isEmpty()) {
            return """
                    command: [%s/bin/java, -Xmx256m, -jar, /app/%s]
                    extraVolumes: [{name: app, hostPath: {path: %s}}]
                    extraVolumeMounts: [{name: app, mountPath: /app, readOnly: true}]
                    """.formatted(System.getProperty("java.home"), jar.getFileName(), jar.getParent());
        }
        OperatorImage image = OperatorImage.unpack(Path.of(tar), directory.resolve("image"));
        assertThat(image.jar()).as("an image of this build").hasSameBinaryContentAs(jar);
        return """
                command: %s
                extraVolumes: [{name: app, hostPath: {path: %s}}, {name: java, hostPath: {path: %s}}]
                extraVolumeMounts:
                  - {name: app, mountPath: /app, readOnly: true}
                  - {name: java, mountPath: /opt/java, readOnly: true}
                """.formatted(
                new ObjectMapper().writeValueAsString(image.entrypoint()), image.file("/app"), image.file("/opt/java"));
    }

    private void prepare() throws Exception {
        Files.writeString(
                values(),
                container()
                        + """
                image: {repository: none.example.com/ignored}
                replicas: 1
                # The node's pods share the host's ports.
                strategy: {type: Recreate, rollingUpdate: null}
                probePort: %d
                metricsPort: %d
                watchNamespaces: [%s]
                credentialSecrets: {%3$s: [web]}
                settings: {retryInitial: PT1S, retryMax: PT2S, forgeTimeout: PT20S}
                forges:
                  - host: localhost:%d
                    kind: GitHub
                    apiUrl: %s
                    ca: |
                %s
                tests: {url: "http://127.0.0.1:%2$d/metrics"}
                """.formatted(
                                probePort,
                                metricsPort,
                                team.namespace(),
                                world.git().port(),
                                world.gitHub().apiUrl(),
                                Files.readString(world.ca().caPem()).strip().indent(6)));
    }

    private Path values() {
        return directory.resolve("values.yaml");
    }

    private List<Pod> pods() {
        return world.admin()
                .pods()
                .inNamespace(namespace())
                .withLabel("app.kubernetes.io/name", "session-publish-operator")
                .list()
                .getItems();
    }

    private String log() {
        return team.kubectl(0, "logs", "-n", namespace(), "deployment/" + RELEASE);
    }

    @Test
    void installedItPublishesUpgradedItIsDarkAndUninstalledItLeavesTheObjects() throws Exception {
        SandboxCheckout checkout = team.work();
        helm(Chart.DIRECTORY);
        assertThat(pods()).singleElement().satisfies(pod -> {
            Container container = pod.getSpec().getContainers().get(0);
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
        });

        team.publish("fix", "");

        team.assertPublishedOnce("fix", checkout.head());
        assertThat(world.controlPlane().helm(0, "test", RELEASE, "-n", namespace(), "--timeout=2m"))
                .contains("Phase:          Succeeded");
        assertThat(log()).contains("\"formattedMessage\":\"Ready\"").doesNotContain("Uncaught error");

        helm(Chart.DIRECTORY, "--set=publishing.enabled=false");
        team.publish("next", "  headBranch: agent/next");
        team.awaitReason("next", "publishing-disabled");
        assertThat(team.tip("agent/next")).isEmpty();
        helm(Chart.DIRECTORY);
        SessionPublish next =
                team.awaitThat("next", publish -> publish.getStatus().phase() == Phase.PullRequestCreated);
        assertThat(next.getStatus().commit()).isEqualTo(checkout.head());

        world.controlPlane().helm(0, "uninstall", RELEASE, "-n", namespace(), "--wait");

        await().atMost(PATIENCE).until(() -> pods().isEmpty());
        assertThat(world.controlPlane()
                        .ask("get", "validatingadmissionpolicy", "-o", "name")
                        .text())
                .doesNotContain("sessionpublish.dev");
        assertThat(team.get("fix").getStatus().phase()).isEqualTo(Phase.PullRequestCreated);
    }

    /** Whose RoleBindings may be gone before the object is. */
    @Test
    void aListedNamespaceThatIsDeletedIsNotHeldUpByAPublishThatWouldCloseItsPullRequest() throws Exception {
        team.work();
        helm(Chart.DIRECTORY);
        team.publish("fix", "  deletionPolicy: ClosePullRequest");
        team.awaitPhase("fix", Phase.PullRequestCreated);
        assertThat(team.get("fix").getMetadata().getFinalizers()).hasSize(1);

        team.kubectl(0, "delete", "namespace", team.namespace(), "--wait=false");

        await().atMost(Duration.ofMinutes(3))
                .until(() -> world.controlPlane()
                                .ask("get", "namespace", team.namespace())
                                .exit()
                        == 1);
    }

    @Test
    void anUpgradeBringsTheCrdsAlongAndTheObjectsStay() throws Exception {
        Path older = copyOfTheChart();
        Path crd = older.resolve("files/crds/sessionpublishes.sessionpublish.dev.yaml");
        String now = Files.readString(crd);
        String before = now.replaceFirst("(?s) {16}ttlSecondsAfterFinished:\n.*?(?=\n {16}\\w)\n", "");
        assertThat(before).isNotEqualTo(now);
        Files.writeString(crd, before);
        String withTtl = team.publishYaml("later", "  suspend: true\n  ttlSecondsAfterFinished: 3600");
        helm(older, "--set=replicas=0");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(world.controlPlane()
                        .ask("apply", "--dry-run=server", "-f", team.file(withTtl))
                        .text())
                .contains("unknown field \"spec.ttlSecondsAfterFinished\""));
        team.publish("old", "  suspend: true");
        String uid = team.get("old").getMetadata().getUid();

        helm(Chart.DIRECTORY, "--set=replicas=0");

        await().atMost(PATIENCE)
                .until(() -> world.controlPlane()
                                .ask("apply", "-f", team.file(withTtl))
                                .exit()
                        == 0);
        assertThat(team.get("old").getMetadata().getUid()).isEqualTo(uid);
        assertThat(world.admin()
                        .resources(CustomResourceDefinition.class)
                        .withName("sessionpublishes.sessionpublish.dev")
                        .get()
                        .getMetadata()
                        .getAnnotations())
                .containsEntry("helm.sh/resource-policy", "keep");
    }

    private Path copyOfTheChart() throws IOException {
        Path copy = directory.resolve("older").resolve(RELEASE);
        Files.walkFileTree(Chart.DIRECTORY, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path target = copy.resolve(Chart.DIRECTORY.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
                return FileVisitResult.CONTINUE;
            }
        });
        return copy;
    }
}
