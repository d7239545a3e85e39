package dev.sessionpublish.embedded;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.embedded.GitHubToken.Access;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * All that the operator meets, embedded: an API server with sandboxes behind exec, a git server and GitHub's API over
 * the same bare repositories, and the forges file that names them. The operator itself is started by who uses this.
 */
public final class EmbeddedWorld implements AutoCloseable {
    public static final String NAMESPACE = "agents";
    public static final String REPOSITORY = "acme/web";
    /** Long and odd enough to be found wherever it leaks. */
    public static final String TOKEN = "ghp_canary+7Zq/9x=W3vRt5Yb8Nc1Md4Kf6Hg2Js";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final EmbeddedCluster cluster;
    private final ForgeStandIns forges;

    private EmbeddedWorld(Path directory, TestCa ca) throws IOException {
        this.directory = directory;
        forges = ForgeStandIns.start(ca, directory);
        cluster = EmbeddedCluster.in(directory.resolve("cluster"))
                .ca(ca)
                .crds(Path.of("crds"))
                .start();
    }

    /** With one repository, acme/web, and one token that may do everything there. */
    public static EmbeddedWorld start(Path directory) throws IOException {
        return start(directory, TestCa.create(directory.resolve("ca")));
    }

    public static EmbeddedWorld start(Path directory, TestCa ca) throws IOException {
        EmbeddedWorld world = new EmbeddedWorld(directory, ca);
        world.repository(REPOSITORY);
        world.token(TOKEN, "agent-bot");
        return world;
    }

    private void token(String token, String login) {
        git().access().token(token, login, Map.of(REPOSITORY, dev.sessionpublish.embedded.Access.Permission.WRITE));
        gitHub().token(token, login).may(Access.WRITE, REPOSITORY);
    }

    /** One more repository, which the token may not see yet. */
    public Path repository(String name) throws IOException {
        return git().createRepository(name);
    }

    public EmbeddedCluster cluster() {
        return cluster;
    }

    public GitServer git() {
        return forges.git();
    }

    public GitHubStandIn gitHub() {
        return forges.gitHub();
    }

    public KubernetesClient client() {
        return cluster.client();
    }

    /** What the operator's process gets: quick retries, the forges file, one free port. */
    public Map<String, String> environment() {
        return forges.environment(cluster.kubeconfig(), Duration.ofSeconds(10));
    }

    /** The same with more settings, or others. */
    public Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = environment();
        environment.putAll(more);
        return environment;
    }

    /** The Secret and the SessionProject {@code web}. */
    public void registerProject() {
        secret("web", Map.of("token", TOKEN));
        project("web", REPOSITORY, "");
    }

    /** Waits until the operator has looked at the repository of the SessionProject {@code web}. */
    public void awaitDefaultBranch() {
        Awaitility.await("project").atMost(PATIENCE).until(() -> {
            SessionProject project = client().resources(SessionProject.class)
                    .inNamespace(NAMESPACE)
                    .withName("web")
                    .get();
            return project.getStatus() != null && project.getStatus().defaultBranch() != null;
        });
    }

    public void secret(String name, Map<String, String> data) {
        Base64.Encoder base64 = Base64.getEncoder();
        StringBuilder encoded = new StringBuilder();
        data.forEach((key, value) -> encoded.append(
                "  \"%s\": \"%s\"\n".formatted(key, base64.encodeToString(value.getBytes(StandardCharsets.UTF_8)))));
        cluster.applyYaml("""
                apiVersion: v1
                kind: Secret
                metadata: {namespace: %s, name: %s}
                data:
                %s
                """.formatted(NAMESPACE, name, encoded.isEmpty() ? "  {}" : encoded));
    }

    /** @param more of the spec, as YAML lines indented by two */
    public void project(String name, String repository, String more) {
        cluster.applyYaml("""
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionProject
                metadata: {namespace: %s, name: %s}
                spec:
                  repository: %s
                  credentialsSecret: {name: %s}
                %s
                """.formatted(NAMESPACE, name, git().url(repository), name, more));
    }

    /** A running sandbox pod with a clone of acme/web at /workspace/repo. */
    public SandboxCheckout sandbox(String pod) throws IOException {
        Path root = directory.resolve("sandboxes").resolve(pod);
        SandboxCheckout checkout = SandboxCheckout.cloneOf(
                git().repository(REPOSITORY), root.resolve("workspace").resolve("repo"));
        cluster.startPod(NAMESPACE, pod, Map.of("sessionpublish.dev/sandbox", "true"), List.of("agent"), root);
        return checkout;
    }

    /** @param more of the spec, as YAML lines indented by two */
    public void publish(String name, String pod, String more) {
        publish(name, "web", "podName: " + pod, more);
    }

    /** @param source of the spec, as YAML in flow style without braces */
    public void publish(String name, String project, String source, String more) {
        cluster.applyYaml("""
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionPublish
                metadata: {namespace: %s, name: %s}
                spec:
                  projectRef: {name: %s}
                  source: {%s}
                %s
                """.formatted(NAMESPACE, name, project, source, more));
    }

    public SessionPublish get(String name) {
        return client().resources(SessionPublish.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .get();
    }

    /** Waits until the publish has ended, well or not. */
    public SessionPublish awaitEnd(String name) {
        return await(
                name,
                publish -> publish.getStatus() != null
                        && publish.getStatus().finishedAt() != null
                        && publish.getMetadata()
                                .getGeneration()
                                .equals(publish.getStatus().observedGeneration()));
    }

    public SessionPublish await(String name, Predicate<SessionPublish> condition) {
        SessionPublish[] last = new SessionPublish[1];
        Awaitility.await(name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    last[0] = get(name);
                    return condition.test(last[0]);
                });
        return last[0];
    }

    @Override
    public void close() throws IOException {
        cluster.close();
        forges.close();
    }
}
