package dev.sessionpublish.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.controlplane.ControlPlane;
import dev.sessionpublish.controlplane.ControlPlaneWorld;
import dev.sessionpublish.embedded.GitHubStandIn;
import dev.sessionpublish.embedded.GitServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A real API server, etcd and a node that runs pods as processes, with the git server and the GitHub stand-in of the
 * tests. The operator has its own service account, by which the audit log tells its requests from others.
 */
final class ControlPlaneBenchWorld implements BenchWorld {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ControlPlaneWorld world;
    private final Path auditLog;
    private final List<String> namespaces = new ArrayList<>();
    private long auditFrom;

    private ControlPlaneBenchWorld(Path directory) throws IOException {
        world = ControlPlaneWorld.start(directory);
        auditLog = Path.of(System.getProperty("controlplane.dir", "")).resolve("audit.log");
        assertThat(auditLog).as("audit.log in -Dcontrolplane.dir=DIR").isRegularFile();
    }

    static ControlPlaneBenchWorld start(Path directory) throws IOException {
        return new ControlPlaneBenchWorld(directory);
    }

    @Override
    public String name() {
        return "control-plane";
    }

    @Override
    public KubernetesClient client() {
        return world.admin();
    }

    @Override
    public Path kubeconfig() {
        return ControlPlane.given().kubeconfig();
    }

    @Override
    public String kubectl() {
        return ControlPlane.program("kubectl");
    }

    @Override
    public Map<String, String> operatorEnvironment() {
        return world.environment();
    }

    @Override
    public GitServer git() {
        return world.git();
    }

    @Override
    public GitHubStandIn gitHub() {
        return world.gitHub();
    }

    @Override
    public Path forgeCa() {
        return world.ca().caPem();
    }

    @Override
    public Path directory() {
        return world.directory();
    }

    @Override
    public String createNamespace(String prefix) {
        String namespace = world.controlPlane().createNamespace(client(), prefix);
        namespaces.add(namespace);
        await().atMost(PATIENCE)
                .until(() -> client().serviceAccounts()
                                .inNamespace(namespace)
                                .withName("default")
                                .get()
                        != null);
        return namespace;
    }

    @Override
    public void startPod(String namespace, String pod, Path workspace) {
        Pod sandbox =
                client().getKubernetesSerialization().unmarshal("""
                        apiVersion: v1
                        kind: Pod
                        metadata: {namespace: %s, name: %s, labels: {sessionpublish.dev/sandbox: "true"}}
                        spec:
                          terminationGracePeriodSeconds: 1
                          containers:
                            - name: agent
                              image: none
                              command: [sleep, infinity]
                              volumeMounts: [{name: workspace, mountPath: /workspace}]
                          volumes:
                            - {name: workspace, hostPath: {path: "%s"}}
                        """.formatted(namespace, pod, workspace), Pod.class);
        client().resource(sandbox).create();
        client().resource(sandbox).waitUntilReady(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public String workspaceInPod() {
        return "/workspace";
    }

    @Override
    public Map<String, Long> apiRequests() throws IOException {
        Map<String, Long> kinds = new TreeMap<>();
        try (FileChannel log = FileChannel.open(auditLog);
                BufferedReader lines =
                        new BufferedReader(Channels.newReader(log.position(auditFrom), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && line.endsWith("}"); line = lines.readLine()) {
                JsonNode entry = JSON.readTree(line);
                String stage = entry.path("stage").asText();
                if (stage.equals("ResponseComplete")
                        && entry.at("/user/username").asText().equals(ControlPlaneWorld.OPERATOR_USER)) {
                    kinds.merge(kind(entry), 1L, Long::sum);
                }
            }
        }
        return kinds;
    }

    private static String kind(JsonNode entry) {
        JsonNode object = entry.path("objectRef");
        if (object.isMissingNode()) {
            return entry.path("verb").asText() + " "
                    + entry.path("requestURI").asText().replaceFirst("\\?.*", "");
        }
        String subresource = object.path("subresource").asText();
        String resource = object.path("resource").asText();
        return subresource.equals("exec")
                ? "exec " + resource
                : entry.path("verb").asText() + " " + resource + (subresource.isEmpty() ? "" : "/" + subresource);
    }

    @Override
    public void forgetApiRequests() throws IOException {
        auditFrom = Files.size(auditLog);
    }

    @Override
    public void close() throws IOException {
        for (String namespace : namespaces) {
            client().pods().inNamespace(namespace).withGracePeriod(0).delete();
            client().namespaces().withName(namespace).delete();
        }
        world.close();
    }
}
