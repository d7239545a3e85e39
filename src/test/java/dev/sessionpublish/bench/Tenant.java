package dev.sessionpublish.bench;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.embedded.Access;
import dev.sessionpublish.embedded.GitHubToken;
import dev.sessionpublish.embedded.SandboxCheckout;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * A namespace with the project {@code web} for a repository of its own.
 *
 * @param token of the project's Secret, and of the script
 */
record Tenant(BenchWorld world, String namespace, String repository, String token) {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** With a new repository of one commit, and a registered project. */
    static Tenant create(BenchWorld world) throws IOException {
        String name = "bench" + COUNT.incrementAndGet();
        Tenant tenant = new Tenant(world, world.createNamespace(name), "acme/" + name, "ghp_" + name);
        world.git().createRepository(tenant.repository);
        world.git().access().token(tenant.token, "agent-bot", Map.of(tenant.repository, Access.Permission.WRITE));
        world.gitHub().token(tenant.token, "agent-bot").may(GitHubToken.Access.WRITE, tenant.repository);
        tenant.register();
        return tenant;
    }

    private void register() {
        create(Secret.class, """
                apiVersion: v1
                kind: Secret
                metadata: {namespace: %s, name: web}
                stringData: {token: "%s"}
                """.formatted(namespace, token));
        create(SessionProject.class, """
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionProject
                metadata: {namespace: %s, name: web}
                spec:
                  repository: %s
                  credentialsSecret: {name: web}
                """.formatted(namespace, world.git().url(repository)));
    }

    private <T extends io.fabric8.kubernetes.api.model.HasMetadata> void create(Class<T> type, String yaml) {
        world.client()
                .resource(world.client().getKubernetesSerialization().unmarshal(yaml, type))
                .create();
    }

    /** Waits until the operator has looked at the repository. */
    Tenant awaitProject() {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            SessionProject project = world.client()
                    .resources(SessionProject.class)
                    .inNamespace(namespace)
                    .withName("web")
                    .get();
            return project.getStatus() != null && project.getStatus().defaultBranch() != null;
        });
        return this;
    }

    Path bare() {
        return world.git().repository(repository);
    }

    /** A sandbox with a clone of the repository, and with the certificate that the script needs. */
    Sandbox sandbox(String pod) throws IOException {
        Path workspace = Files.createDirectories(world.directory()
                .resolve("sandboxes")
                .resolve(namespace)
                .resolve(pod)
                .resolve("workspace"));
        Files.copy(world.forgeCa(), workspace.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
        SandboxCheckout checkout = SandboxCheckout.cloneOf(bare(), workspace.resolve("repo"));
        world.startPod(namespace, pod, workspace);
        return new Sandbox(this, pod, checkout);
    }

    /**
     * Creates a publish of what is checked out in a sandbox.
     *
     * @param more of the spec, as a YAML line indented by two
     */
    void publish(String name, String pod, String more) {
        create(SessionPublish.class, """
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionPublish
                metadata: {namespace: %s, name: %s}
                spec:
                  projectRef: {name: web}
                  source: {podName: %s}
                %s
                """.formatted(namespace, name, pod, more));
    }
}
