package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.api.v1alpha1.HistoryEntry;
import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** A namespace with one repository: what its users do, and what they see. */
abstract class Team {
    /** The lifecycle events of a publish with a pull request. */
    static final List<String> STEPS =
            List.of("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ControlPlaneWorld world;
    private final String namespace;
    private final String repository;

    Team(ControlPlaneWorld world, String namespace, String repository) {
        this.world = world;
        this.namespace = namespace;
        this.repository = repository;
    }

    ControlPlaneWorld world() {
        return world;
    }

    String namespace() {
        return namespace;
    }

    /** {@code OWNER/NAME}. */
    String repository() {
        return repository;
    }

    /** Of the repository, as the project names it. */
    abstract String url();

    /** A token that may push and open pull requests. */
    abstract String token();

    /** The repository on the forge's disk. */
    abstract Path bare();

    /** The commit that a branch points at, as the forge shows it. */
    abstract Optional<String> tip(String branch) throws IOException;

    /** The forge has one pull request, that of the publish. */
    abstract void assertOnePullRequest(SessionPublish publish) throws IOException;

    /** A fault of the next push to the repository. */
    abstract Fault faultOfPush(Function<Fault.Match, Fault> what);

    /** The path that a push to the repository is posted to. */
    String receivePack() {
        return "/" + repository + ".git/git-receive-pack";
    }

    /** Creates the publish {@code fix}, and returns when its push has reached the fault that holds it. */
    Fault publishAndHold(Function<Fault.Match, Fault> what) throws Exception {
        Fault held = faultOfPush(what);
        publish("fix", "");
        assertThat(held.awaitReached(PATIENCE)).isTrue();
        return held;
    }

    /** The Secret and the project {@code web}. */
    void registerProject() throws IOException {
        registerProject(token(), "");
    }

    /** @param more of the project's spec, as YAML lines indented by two */
    void registerProject(String token, String more) throws IOException {
        secret(token);
        apply(projectYaml() + more);
    }

    /** Puts a token into the project's Secret. */
    void secret(String token) throws IOException {
        apply(secretYaml("token", token));
    }

    /** @param key of the one token in it */
    String secretYaml(String key) {
        return secretYaml(key, token());
    }

    private String secretYaml(String key, String token) {
        return """
                apiVersion: v1
                kind: Secret
                metadata: {namespace: %s, name: web}
                stringData: {%s: "%s"}
                """.formatted(namespace, key, token);
    }

    String projectYaml() {
        return """
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionProject
                metadata: {namespace: %s, name: web}
                spec:
                  repository: %s
                  credentialsSecret: {name: web}
                """.formatted(namespace, url());
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

    /** In the team's namespace. */
    String kubectl(int expectedExit, String... arguments) {
        List<String> all = new ArrayList<>(List.of("-n", namespace));
        all.addAll(List.of(arguments));
        return world.controlPlane().kubectl(expectedExit, all.toArray(String[]::new));
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
        return SandboxCheckout.cloneOf(bare(), workspace().resolve("repo"));
    }

    /** The checkout with one commit on the branch {@code agent/fix}, in a pod that runs. */
    SandboxCheckout work() throws IOException {
        return work("<form>");
    }

    /** @param content of the one file in the commit */
    SandboxCheckout work(String content) throws IOException {
        SandboxCheckout checkout = checkout().branch("agent/fix").commit("Fix the login form", "login.html", content);
        startPod();
        return checkout;
    }

    /** Asks for another run, as {@code kubectl annotate} does; returns the value of {@code retry-at}. */
    String retry(String name) {
        String retryAt = String.valueOf(System.nanoTime());
        kubectl(0, "annotate", "spub", name, "--overwrite", "sessionpublish.dev/retry-at=" + retryAt);
        return retryAt;
    }

    /** On the node's disk; the pod sees it as /workspace. */
    Path workspace() {
        return world.directory().resolve("sandboxes").resolve(namespace);
    }

    /** The pod s7, a sandbox, with the checkout at /workspace/repo; returns when it is ready. */
    void startPod() throws IOException {
        startPod("""
                containers:
                  - name: agent
                    image: none
                    command: [sleep, infinity]
                    volumeMounts: [{name: workspace, mountPath: /workspace}]
                volumes:
                  - {name: workspace, hostPath: {path: "%s"}}
                """.formatted(workspace()));
    }

    /** The pod s7 of this spec, as YAML; returns when it is ready. */
    void startPod(String spec) throws IOException {
        Files.createDirectories(workspace());
        awaitServiceAccount();
        String pod = """
                apiVersion: v1
                kind: Pod
                metadata: {namespace: %s, name: s7, labels: {sessionpublish.dev/sandbox: "true"}}
                spec:
                  terminationGracePeriodSeconds: 1
                """.formatted(namespace);
        admin().resource(admin().getKubernetesSerialization().unmarshal(pod + spec.indent(2), Pod.class))
                .create();
        awaitPod();
    }

    private void awaitServiceAccount() {
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
        kubectl(0, "annotate", "pod", "s7", name + (value.isEmpty() ? "-" : "=" + value), "--overwrite");
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

    /** Waits until the publish has ended, in this phase and with this reason. */
    SessionPublishStatus awaitEnd(String name, Phase phase, @Nullable String reason) {
        SessionPublishStatus status = awaitEnd(name).getStatus();
        assertThat(status.phase()).as("%s", status).isEqualTo(phase);
        assertThat(status.reason()).isEqualTo(reason);
        return status;
    }

    /** Waits until the publish has ended well with this commit. */
    SessionPublish awaitCommit(String name, String commit) {
        return awaitThat(
                name,
                publish -> commit.equals(publish.getStatus().commit())
                        && publish.getStatus().finishedAt() != null);
    }

    SessionPublish awaitPhase(String name, Phase phase) {
        return awaitThat(name, publish -> publish.getStatus().phase() == phase);
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

    /** The publish's state as GitOps tools read it: {@code Current}, {@code InProgress}, {@code Failed}. */
    String kstatus(String name) throws IOException {
        String json = kubectl(0, "get", "spub", name, "-o", "json");
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

    /** The operators that have reported an event of the publish. */
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

    /** The commits that the branch has pointed at, the newest first. */
    List<String> updates(String branch) {
        return RealGit.in(bare())
                .run("reflog", "show", "--format=%H", "refs/heads/" + branch)
                .lines()
                .toList();
    }

    /** The publish has ended with a pull request, and each effect happened once. */
    void assertPublishedOnce(String name, String commit) throws IOException {
        SessionPublish publish = assertPublished(name, commit);
        assertThat(history(publish)).isEqualTo(STEPS);
        assertThat(events(name)).isEqualTo(STEPS);
    }

    /** Whatever went wrong on the way: one update of the branch {@code agent/fix}, one pull request. */
    SessionPublish assertPublished(String name, String commit) throws IOException {
        SessionPublish publish = awaitEnd(name);
        assertThat(publish.getStatus().phase()).as("%s", publish.getStatus()).hasToString("PullRequestCreated");
        assertThat(publish.getStatus().commit()).isEqualTo(commit);
        assertThat(updates("agent/fix")).containsExactly(commit);
        assertThat(tip("agent/fix")).contains(commit);
        assertOnePullRequest(publish);
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
