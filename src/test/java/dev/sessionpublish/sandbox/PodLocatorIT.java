package dev.sessionpublish.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.api.v1alpha1.Source;
import dev.sessionpublish.embedded.EmbeddedCluster;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class PodLocatorIT {
    private static final Map<String, String> SANDBOX = Map.of("sessionpublish.dev/sandbox", "true");

    @TempDir
    static Path directory;

    @AutoClose
    private static EmbeddedCluster cluster;

    private static PodLocator locator;
    private static int pods;

    private final String name = "p" + ++pods;

    @BeforeAll
    static void start() throws IOException {
        cluster = EmbeddedCluster.in(directory).start();
        Files.createDirectory(directory.resolve("root"));
        locator = new PodLocator(cluster.client(), "sessionpublish.dev/sandbox=true", Clock.systemUTC());
    }

    private void pod(Map<String, String> labels, String... containers) {
        cluster.startPod("default", name, labels, List.of(containers), directory.resolve("root"));
    }

    private Pod edit(UnaryOperator<Pod> change) {
        return cluster.client().pods().inNamespace("default").withName(name).edit(change);
    }

    private LocatedSandbox locate(Optional<String> container) throws RefusedException {
        return locator.locate("default", source(container), Optional.empty());
    }

    private Source source(Optional<String> container) {
        return new Source(name, null, null, container.orElse(null), null);
    }

    private void refused(Reason reason, Optional<String> container, Optional<String> seenUid, String... said) {
        RefusedException failure = catchThrowableOfType(
                RefusedException.class, () -> locator.locate("default", source(container), seenUid));
        assertThat(failure).isNotNull();
        assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
        assertThat(failure.getMessage()).contains(said);
    }

    private void refused(Reason reason, String... said) {
        refused(reason, Optional.empty(), Optional.empty(), said);
    }

    @Test
    void theOnlyContainerIsTheOne() throws Exception {
        pod(SANDBOX, "agent");

        SandboxContainer found = locate(Optional.empty()).container();

        assertThat(found.container()).isEqualTo("agent");
        assertThat(found.podName()).isEqualTo(name);
        assertThat(found.podUid())
                .isEqualTo(cluster.client()
                        .pods()
                        .inNamespace("default")
                        .withName(name)
                        .get()
                        .getMetadata()
                        .getUid());
    }

    @Test
    void ofSeveralContainersTheNamedOneWins() throws Exception {
        pod(SANDBOX, "proxy", "agent");
        annotateDefault("proxy");

        assertThat(locate(Optional.of("agent")).container().container()).isEqualTo("agent");
    }

    @Test
    void ofSeveralContainersTheAnnotatedOneIsTheDefault() throws Exception {
        pod(SANDBOX, "proxy", "agent");
        annotateDefault("agent");

        assertThat(locate(Optional.empty()).container().container()).isEqualTo("agent");
    }

    private void annotateDefault(String container) {
        edit(pod -> {
            pod.getMetadata().getAnnotations().put("kubectl.kubernetes.io/default-container", container);
            return pod;
        });
    }

    @Test
    void severalContainersWithoutAWordAreListed() {
        pod(SANDBOX, "proxy", "agent");

        refused(SandboxReason.CONTAINER_AMBIGUOUS, "proxy, agent");
    }

    @Test
    void aContainerThatIsNotThereIsNamedWithThoseThatAre() {
        pod(SANDBOX, "proxy", "agent");

        refused(SandboxReason.CONTAINER_AMBIGUOUS, Optional.of("agnet"), Optional.empty(), "agnet", "proxy, agent");
    }

    @Test
    void anAnnotationThatNamesNoContainerIsNotTakenForAnother() {
        pod(SANDBOX, "agent");
        annotateDefault("gone");

        refused(SandboxReason.CONTAINER_AMBIGUOUS, "gone");
    }

    /** Runs a pod with these containers, as YAML below {@code spec}. */
    private void podOf(String spec) {
        Pod pod = cluster.client().getKubernetesSerialization().unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {labels: {sessionpublish.dev/sandbox: "true"}, annotations: {}}
                spec:
                %s""".formatted(spec.indent(2)), Pod.class);
        pod.getMetadata().setName(name);
        cluster.client().pods().inNamespace("default").resource(pod).create();
        cluster.runPod("default", name, directory.resolve("root"));
    }

    private static final String AGENT_AND_SIDECAR = """
            initContainers:
              - {name: setup, image: none}
              - {name: mesh, image: none, restartPolicy: Always}
            containers:
              - {name: agent, image: none}
            """;

    @Test
    void aSidecarMayHaveTheCheckout() throws Exception {
        podOf(AGENT_AND_SIDECAR);

        assertThat(locate(Optional.of("mesh")).container().container()).isEqualTo("mesh");
    }

    @Test
    void aSidecarLeavesTheOnlyContainerTheOne() throws Exception {
        podOf(AGENT_AND_SIDECAR);

        assertThat(locate(Optional.empty()).container().container()).isEqualTo("agent");
    }

    @Test
    void aSidecarMayBeTheAnnotatedDefault() throws Exception {
        podOf(AGENT_AND_SIDECAR);
        annotateDefault("mesh");

        assertThat(locate(Optional.empty()).container().container()).isEqualTo("mesh");
    }

    @Test
    void sidecarsAreListedAsSuch() {
        podOf(AGENT_AND_SIDECAR + "  - {name: proxy, image: none}\n");

        refused(SandboxReason.CONTAINER_AMBIGUOUS, "(agent, proxy, mesh (sidecar))");
        refused(SandboxReason.CONTAINER_AMBIGUOUS, Optional.of("gone"), Optional.empty(), "mesh (sidecar)");
    }

    @Test
    void anInitContainerThatEndsHasNoCheckout() {
        podOf(AGENT_AND_SIDECAR);

        refused(
                SandboxReason.CONTAINER_AMBIGUOUS,
                Optional.of("setup"),
                Optional.empty(),
                "setup is an init container that is not a sidecar",
                "agent, mesh (sidecar)");
    }

    @Test
    void aSidecarThatIsNotReadyIsWaitedFor() {
        podOf(AGENT_AND_SIDECAR);
        cluster.setPodReady("default", name, false);

        refused(SandboxReason.SANDBOX_NOT_READY, Optional.of("mesh"), Optional.empty(), "mesh");
    }

    /** A sidecar restarts whatever the pod's policy is. */
    @Test
    void aSidecarThatHasEndedIsWaitedForWhereTheContainersDoNotRestart() {
        podOf(AGENT_AND_SIDECAR + "restartPolicy: Never\n");
        cluster.client().pods().inNamespace("default").withName(name).editStatus(pod -> {
            for (List<ContainerStatus> statuses : List.of(
                    pod.getStatus().getContainerStatuses(), pod.getStatus().getInitContainerStatuses())) {
                statuses.get(0).setReady(false);
                statuses.get(0)
                        .setState(new ContainerStateBuilder()
                                .withNewTerminated()
                                .withExitCode(1)
                                .endTerminated()
                                .build());
            }
            return pod;
        });

        refused(SandboxReason.SANDBOX_NOT_READY, Optional.of("mesh"), Optional.empty(), "mesh");
        refused(SandboxReason.SANDBOX_TERMINATED, Optional.of("agent"), Optional.empty(), "does not restart");
    }

    @Test
    void aPodWithoutTheLabelIsNeverEntered() {
        pod(Map.of("app", "database"), "agent");

        refused(SandboxReason.SANDBOX_LABEL_MISSING, "sessionpublish.dev/sandbox=true");
    }

    @Test
    void aPodWithAnotherValueOfTheLabelIsNeverEntered() {
        pod(Map.of("sessionpublish.dev/sandbox", "false"), "agent");

        refused(SandboxReason.SANDBOX_LABEL_MISSING, name);
    }

    @Test
    void aPodThatDoesNotExistYetIsWaitedFor() {
        refused(SandboxReason.SANDBOX_NOT_READY, name);
    }

    @Test
    void aPodThatWasSeenAndIsGoneIsNotWaitedFor() {
        refused(SandboxReason.SANDBOX_TERMINATED, Optional.empty(), Optional.of("seen"), name);
    }

    @Test
    void anotherPodOfTheSameNameIsNotTheOne() {
        pod(SANDBOX, "agent");

        refused(SandboxReason.WRONG_POD, Optional.empty(), Optional.of("another"), "replaced by another pod");
    }

    @Test
    void aPodThatIsNotReadyIsWaitedFor() {
        pod(SANDBOX, "agent");
        cluster.setPodReady("default", name, false);

        refused(SandboxReason.SANDBOX_NOT_READY, "agent");
    }

    @Test
    void aPodThatHasEndedIsNotWaitedFor() {
        pod(SANDBOX, "agent");
        cluster.terminatePod("default", name, true);

        refused(SandboxReason.SANDBOX_TERMINATED, "Succeeded");
    }

    @Test
    void aPodThatIsBeingDeletedIsReadAsLongAsItRuns() throws Exception {
        pod(SANDBOX, "agent");
        edit(pod -> {
            pod.getMetadata().getFinalizers().add("example.com/hold");
            return pod;
        });
        cluster.setPodReady("default", name, false);
        cluster.client().pods().inNamespace("default").withName(name).delete();

        assertThat(locate(Optional.empty()).container().container()).isEqualTo("agent");
    }

    @Test
    void aPodReplacedWhileItWasAskedIsNoticed() throws Exception {
        pod(SANDBOX, "agent");
        SandboxContainer found = locate(Optional.empty()).container();
        locator.requireSame(found);

        cluster.replacePod("default", name, directory.resolve("root"));

        RefusedException failure = catchThrowableOfType(RefusedException.class, () -> locator.requireSame(found));
        assertThat(failure.reason()).isEqualTo(SandboxReason.WRONG_POD);
    }

    @Test
    void thePodsAnnotationsComeAlong(TestInfo test) throws Exception {
        pod(SANDBOX, "agent");
        edit(pod -> {
            pod.getMetadata().getAnnotations().put("sessionpublish.dev/task-title", test.getDisplayName());
            return pod;
        });

        assertThat(locate(Optional.empty()).annotations())
                .containsEntry("sessionpublish.dev/task-title", test.getDisplayName());
    }
}
