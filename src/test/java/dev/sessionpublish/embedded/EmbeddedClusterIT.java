package dev.sessionpublish.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.embedded.cluster.AuditEntry;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmbeddedClusterIT {
    @TempDir
    static Path directory;

    @AutoClose
    private static EmbeddedCluster cluster;

    private static KubernetesClient client;

    @BeforeAll
    static void start() throws IOException {
        cluster = EmbeddedCluster.in(directory).start();
        client = cluster.client();
    }

    private static ConfigMap configMap(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .addToData("key", value)
                .build();
    }

    private static Path root(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name).resolve("workspace"))
                .getParent();
    }

    @Test
    void aStrangerIsNotLetIn() {
        Config stranger =
                new ConfigBuilder(cluster.config()).withOauthToken("other").build();
        try (KubernetesClient other =
                new KubernetesClientBuilder().withConfig(stranger).build()) {
            assertThatThrownBy(() -> other.pods().inNamespace("default").list())
                    .isInstanceOfSatisfying(KubernetesClientException.class, refusal -> assertThat(refusal.getCode())
                            .isEqualTo(401));
        }
    }

    @Test
    void anInformerSurvivesDroppedWatchesAndACompactedHistory() {
        try (SharedIndexInformer<ConfigMap> informer =
                client.configMaps().inNamespace("default").inform()) {
            client.resource(configMap("seen", "1")).create();
            await().atMost(Duration.ofSeconds(20)).until(() -> informer.getStore().list().stream()
                    .anyMatch(map -> map.getMetadata().getName().equals("seen")));
            cluster.dropWatches();
            client.resource(configMap("seen", "2")).update();
            cluster.compact();
            await().atMost(Duration.ofSeconds(30)).until(() -> informer.getStore().list().stream()
                    .anyMatch(map -> "2".equals(map.getData().get("key"))));
        }
    }

    @Test
    void theAuditTellsEachRequestAndEachExecsCommand() throws Exception {
        cluster.startPod("default", "audited", Map.of(), List.of("agent"), root("audited"));
        try (var watch = client.pods()
                .inNamespace("default")
                .withName("audited")
                .writingOutput(new ByteArrayOutputStream())
                .exec("echo", "canary")) {
            assertThat(watch.exitCode().get(20, TimeUnit.SECONDS)).isZero();
        }
        client.pods().inNamespace("default").withName("audited").get();
        assertThat(cluster.audit().execs()).extracting(AuditEntry::argv).contains(List.of("echo", "canary"));
        assertThat(cluster.audit().entries())
                .anyMatch(entry -> entry.verb().equals("get")
                        && entry.path().equals("/api/v1/namespaces/default/pods/audited")
                        && entry.code() == 200);
    }

    @Test
    void aFaultHoldsForOneRequestAndALostAnswerHidesAWriteThatHappened() {
        cluster.faults().failNext(request -> request.verb().equals("create"), 403);
        assertThatThrownBy(() -> client.resource(configMap("faulty", "1")).create())
                .isInstanceOfSatisfying(KubernetesClientException.class, refusal -> assertThat(refusal.getCode())
                        .isEqualTo(403));
        client.resource(configMap("faulty", "1")).create();
        cluster.faults().loseAnswerOfNext(request -> request.body().contains("\"lost\""));
        assertThatThrownBy(() -> client.resource(configMap("lost", "1")).create())
                .isInstanceOf(KubernetesClientException.class);
        assertThat(client.resource(configMap("lost", "1")).get()).isNotNull();
    }

    @Test
    void aReplacedPodHasTheSameNameAndAnotherUid() throws IOException {
        cluster.startPod("default", "replaced", Map.of("a", "b"), List.of("agent", "proxy"), root("replaced"));
        Pod first = client.pods().inNamespace("default").withName("replaced").get();
        cluster.replacePod("default", "replaced", root("replaced-2"));
        Pod second = client.pods().inNamespace("default").withName("replaced").get();
        assertThat(second.getMetadata().getUid())
                .isNotEqualTo(first.getMetadata().getUid());
        assertThat(second.getMetadata().getLabels()).isEqualTo(Map.of("a", "b"));
        assertThat(second.getStatus().getPhase()).isEqualTo("Running");
        cluster.setPodReady("default", "replaced", false);
        assertThat(client.pods().inNamespace("default").withName("replaced").isReady())
                .isFalse();
        cluster.terminatePod("default", "replaced", false);
        assertThat(client.pods()
                        .inNamespace("default")
                        .withName("replaced")
                        .get()
                        .getStatus()
                        .getPhase())
                .isEqualTo("Failed");
    }

    @Test
    void anArgumentBelowTheWorkspaceMeansThePodsOwn() throws Exception {
        Path root = root("mapped");
        Files.writeString(root.resolve("workspace/file"), "mine");
        cluster.startPod("default", "mapped", Map.of(), List.of("agent"), root);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var watch = client.pods()
                .inNamespace("default")
                .withName("mapped")
                .writingOutput(out)
                .exec("sh", "-c", "cat \"$1\"; env | sort", "sh", "/workspace/file")) {
            assertThat(watch.exitCode().get(20, TimeUnit.SECONDS)).isZero();
        }
        assertThat(out.toString(UTF_8)).startsWith("mineHOME=" + root.toRealPath());
        assertThat(out.toString(UTF_8)).doesNotContain("JAVA_HOME");
    }

    @Test
    void aDeletedNamespaceTakesItsObjectsAlong() {
        cluster.applyYaml("{apiVersion: v1, kind: Namespace, metadata: {name: doomed}}");
        cluster.applyYaml(
                "{apiVersion: v1, kind: Secret, metadata: {name: web, namespace: doomed}, stringData: {a: b}}");
        assertThat(client.secrets().inNamespace("doomed").withName("web").get().getData())
                .isEqualTo(Map.of("a", "Yg=="));
        client.namespaces().withName("doomed").delete();
        assertThat(client.secrets().inNamespace("doomed").list().getItems()).isEmpty();
        assertThat(client.namespaces().withName("doomed").get()).isNull();
    }

    /** The real server's worst habit (Kubernetes 1.36): a cut exec ends in a success and an orderly close. */
    @Test
    void aCutExecLooksLikeSuccessToAClientOfProtocolV5() throws Exception {
        cluster.startPod("default", "cut", Map.of(), List.of("agent"), root("cut"));
        client.pods().inNamespace("default").withName("cut").edit(pod -> {
            pod.getMetadata().getAnnotations().put("procnode/exec-cut-after", "64KiB");
            return pod;
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompletableFuture<String> status = new CompletableFuture<>();
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        WebSocket.Listener listener = new WebSocket.Listener() {
            @Override
            public void onMessage(WebSocket socket, ByteBuffer bytes) {
                byte[] message = new byte[bytes.remaining()];
                bytes.get(message);
                if (message[0] == 3) {
                    status.complete(new String(message, 1, message.length - 1, UTF_8));
                } else {
                    out.write(message, 1, message.length - 1);
                }
                socket.request();
            }

            @Override
            public void onClose(WebSocket socket, int code, String reason) {
                closed.complete(code);
            }
        };
        client.getHttpClient()
                .newWebSocketBuilder()
                .uri(
                        URI.create(
                                cluster.url()
                                        + "/api/v1/namespaces/default/pods/cut/exec?stdout=true&command=head&command=-c&command=1000000&command=/dev/zero"))
                .subprotocol("v5.channel.k8s.io")
                .buildAsync(listener)
                .get(20, TimeUnit.SECONDS);
        assertThat(status.get(20, TimeUnit.SECONDS)).contains("\"status\":\"Success\"");
        assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo(1000);
        assertThat(out.size()).isEqualTo(65536);
    }
}
