package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.api.v1alpha1.HistoryEntry;
import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.embedded.SandboxCheckout;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/** A namespace with one repository; what people do there, and what they see. */
record Team(ControlPlaneWorld world, String namespace, String repository) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The path that a push to the repository is posted to. */
    String receivePack() {
        return "/" + repository + ".git/git-receive-pack";
    }

    /** The Secret and the project {@code web}. */
    void registerProject() throws IOException {
        apply(secretYaml("token"));
        apply(projectYaml());
    }

    /** @param key of the one token in it */
    String secretYaml(String key) {
        return """
                apiVersion: v1
                kind: Secret
                metadata: {namespace: %s, name: web}
                stringData: {%s: "%s"}
                """.formatted(namespace, key, ControlPlaneWorld.TOKEN);
    }

    String projectYaml() {
        return """
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionProject
                metadata: {namespace: %s, name: web}
                spec:
                  repository: %s
                  credentialsSecret: {name: web}
                """.formatted(namespace, world.git().url(repository));
    }

    /** @param more of the spec, as YAML lines indented by two */
    String publishYaml(String name, String more) {
        return """
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionPublish
                metadata: {namespace: %s, name: %s}
                spec:
                  projectRef: {name: web}
                  source: {podName: s7}
                %s
                """.formatted(namespace, name, more);
    }

    void publish(String name, String more) throws IOException {
        apply(publishYaml(name, more));
    }

    String apply(String yaml) throws IOException {
        return kubectl(0, "apply", "-f", file(yaml));
    }

    String refused(String yaml) throws IOException {
        return kubectl(1, "apply", "-f", file(yaml));
    }

    String file(String yaml) throws IOException {
        return Files.writeString(Files.createTempFile(world.directory(), "apply", ".yaml"), yaml)
                .toString();
    }

    String kubectl(int expectedExit, String... arguments) {
        return world.controlPlane().kubectl(expectedExit, arguments);
    }

    /** Waits until the project {@code web} has been looked at. */
    void awaitDefaultBranch() {
        await().atMost(PATIENCE).until(() -> {
            SessionProject project = admin().resources(SessionProject.class)
                    .inNamespace(namespace)
                    .withName("web")
                    .get();
            return project.getStatus() != null && project.getStatus().defaultBranch() != null;
        });
    }

    /** A clone of the repository on the node's disk, where {@link #startPod} mounts it. */
    SandboxCheckout checkout() {
        return SandboxCheckout.cloneOf(
                world.git().repository(repository), workspace().resolve("repo"));
    }

    /** On the node's disk; the pod sees it as /workspace. */
    Path workspace() {
        return world.directory().resolve("sandboxes").resolve(namespace);
    }

    /** The pod s7, a sandbox, with the checkout at /workspace/repo; returns when it is ready. */
    void startPod() throws IOException {
        Files.createDirectories(workspace());
        awaitServiceAccount();
        admin().resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("s7")
                        .addToLabels("sessionpublish.dev/sandbox", "true")
                        .endMetadata()
                        .withNewSpec()
                        .withTerminationGracePeriodSeconds(1L)
                        .addNewContainer()
                        .withName("agent")
                        .withImage("none")
                        .withCommand("sleep", "infinity")
                        .addNewVolumeMount()
                        .withName("workspace")
                        .withMountPath("/workspace")
                        .endVolumeMount()
                        .endContainer()
                        .addNewVolume()
                        .withName("workspace")
                        .withNewHostPath()
                        .withPath(workspace().toString())
                        .endHostPath()
                        .endVolume()
                        .endSpec()
                        .build())
                .create();
        awaitPod();
    }

    void awaitServiceAccount() {
        await().atMost(PATIENCE)
                .until(() -> admin().serviceAccounts()
                                .inNamespace(namespace)
                                .withName("default")
                                .get()
                        != null);
    }

    void awaitPod() {
        admin().pods().inNamespace(namespace).withName("s7").waitUntilReady(60, TimeUnit.SECONDS);
    }

    /** Sets a fault of the node's exec; an empty value takes it away. */
    void annotatePod(String name, String value) {
        kubectl(
                0,
                "annotate",
                "pod",
                "s7",
                "-n",
                namespace,
                name + (value.isEmpty() ? "-" : "=" + value),
                "--overwrite");
    }

    SessionPublish get(String name) {
        return admin().resources(SessionPublish.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    /** Waits until the publish has ended, well or not, for its present spec. */
    SessionPublish awaitEnd(String name) {
        return awaitThat(
                name,
                publish -> publish.getStatus().finishedAt() != null
                        && publish.getMetadata()
                                .getGeneration()
                                .equals(publish.getStatus().observedGeneration()));
    }

    SessionPublish awaitReason(String name, String reason) {
        return awaitThat(name, publish -> reason.equals(publish.getStatus().reason()));
    }

    SessionPublish awaitThat(String name, Predicate<SessionPublish> condition) {
        SessionPublish[] last = new SessionPublish[1];
        try {
            await(name).atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
                last[0] = get(name);
                return last[0] != null && last[0].getStatus() != null && condition.test(last[0]);
            });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("waited in vain, it is " + (last[0] == null ? "gone" : last[0].getStatus()), e);
        }
        return last[0];
    }

    /** What GitOps tools take the publish's state for: {@code Current}, {@code InProgress}, {@code Failed}. */
    String kstatus(String name) throws IOException {
        String json = kubectl(0, "get", "spub", name, "-n", namespace, "-o", "json");
        Process process = new ProcessBuilder(ControlPlane.program("kstatus"))
                .redirectErrorStream(true)
                .start();
        try (var stdin = process.outputWriter()) {
            stdin.write(json);
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return said.split("\\s", 2)[0];
    }

    /** The lifecycle events of a publish, from the API, in the order of their names. */
    List<String> events(String name) {
        return admin().events().v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> event.getRegarding().getName().equals(name))
                .sorted(Comparator.comparing(event -> event.getMetadata().getName()))
                .map(Event::getAction)
                .toList();
    }

    /** The operators that have told a step of the publish. */
    List<String> reporters(String name) {
        return admin().events().v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> event.getRegarding().getName().equals(name))
                .map(Event::getReportingInstance)
                .distinct()
                .sorted()
                .toList();
    }

    static List<String> history(SessionPublish publish) {
        return publish.getStatus().history().stream().map(HistoryEntry::type).toList();
    }

    /** How often the branch was updated at the forge. */
    List<String> updates(String branch) {
        return world.git()
                .git(repository)
                .run("reflog", "show", "--format=%H", "refs/heads/" + branch)
                .lines()
                .toList();
    }

    void assertPublishedOnce(String name, String branch, String commit) {
        SessionPublish publish = assertPublished(name, branch, commit);
        List<String> steps = List.of("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded");
        assertThat(history(publish)).isEqualTo(steps);
        assertThat(events(name)).isEqualTo(steps);
    }

    /** Whatever went wrong on the way: one update of the branch, one pull request. */
    SessionPublish assertPublished(String name, String branch, String commit) {
        SessionPublish publish = awaitEnd(name);
        assertThat(publish.getStatus().phase()).as("%s", publish.getStatus()).hasToString("PullRequestCreated");
        assertThat(updates(branch)).containsExactly(commit);
        assertThat(world.git().tip(repository, branch)).contains(commit);
        assertThat(world.gitHub().pulls(repository)).hasSize(1);
        return publish;
    }

    /** Text that a pack can't make small. */
    static String noise(int length) {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append((char) (33 + random.nextInt(94)));
        }
        return text.toString();
    }

    /** Lets the API server delete everything, without waiting for it. */
    void abandon() {
        admin().resources(SessionPublish.class).inNamespace(namespace).delete();
        admin().pods().inNamespace(namespace).withGracePeriod(0).delete();
        admin().namespaces().withName(namespace).delete();
    }

    private KubernetesClient admin() {
        return world.admin();
    }
}
