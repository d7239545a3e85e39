package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * An admission webhook that lets everything through, and keeps the API server waiting on demand, before it stores a
 * status or an Event of one namespace: so that a process can be killed at exactly that moment.
 */
final class AdmissionGate implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Team team;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Hold> holds = new CopyOnWriteArrayList<>();
    private final CountDownLatch seen = new CountDownLatch(1);

    private static final class Hold implements HeldRequest {
        private final Predicate<JsonNode> which;
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        private Hold(Predicate<JsonNode> which) {
            this.which = which;
        }

        @Override
        public void awaitReached() throws InterruptedException {
            assertThat(reached.await(60, TimeUnit.SECONDS)).as("reached").isTrue();
        }

        @Override
        public void release() {
            released.countDown();
        }
    }

    private AdmissionGate(Team team, HttpsServer server) {
        this.team = team;
        this.server = server;
    }

    /** Returns when the API server asks. */
    static AdmissionGate of(Team team) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(team.world().ca().serverContext()));
        AdmissionGate gate = new AdmissionGate(team, server);
        server.createContext("/", gate::handle);
        server.setExecutor(gate.threads);
        server.start();
        team.world().admin().resource(gate.configuration()).create();
        await().atMost(Duration.ofSeconds(30)).until(gate::isAsked);
        return gate;
    }

    private ValidatingWebhookConfiguration configuration() throws IOException {
        return new ValidatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName(team.namespace())
                .endMetadata()
                .addNewWebhook()
                .withName("gate.test.sessionpublish.dev")
                .withAdmissionReviewVersions("v1")
                .withSideEffects("None")
                .withFailurePolicy("Ignore")
                .withTimeoutSeconds(30)
                .withNewNamespaceSelector()
                .addToMatchLabels("kubernetes.io/metadata.name", team.namespace())
                .endNamespaceSelector()
                .withNewClientConfig()
                .withUrl("https://127.0.0.1:" + server.getAddress().getPort() + "/")
                .withCaBundle(Base64.getEncoder()
                        .encodeToString(Files.readAllBytes(team.world().ca().caPem())))
                .endClientConfig()
                .addNewRule()
                .withApiGroups("sessionpublish.dev")
                .withApiVersions("*")
                .withResources("sessionpublishes/status")
                .withOperations("UPDATE")
                .endRule()
                .addNewRule()
                .withApiGroups("events.k8s.io")
                .withApiVersions("*")
                .withResources("events")
                .withOperations("CREATE")
                .endRule()
                .endWebhook()
                .build();
    }

    /** Before the API server stores a status of this phase. */
    HeldRequest beforeStatus(String phase) {
        return hold(object -> object.at("/status/phase").asText().equals(phase));
    }

    /** Before the API server stores the Event of this step. */
    HeldRequest beforeEvent(String action) {
        return hold(object -> object.at("/action").asText().equals(action));
    }

    private Hold hold(Predicate<JsonNode> which) {
        Hold hold = new Hold(which);
        holds.add(hold);
        return hold;
    }

    private boolean isAsked() {
        team.world()
                .admin()
                .events()
                .v1()
                .events()
                .inNamespace(team.namespace())
                .resource(new EventBuilder()
                        .withNewMetadata()
                        .withGenerateName("probe-")
                        .withNamespace(team.namespace())
                        .endMetadata()
                        .withNewEventTime(Instant.now().toString().replaceFirst("\\..*", ".000000Z"))
                        .withReportingController("test.sessionpublish.dev/gate")
                        .withReportingInstance("test")
                        .withAction("probe")
                        .withReason("Probe")
                        .withType("Normal")
                        .withNewRegarding()
                        .withNamespace(team.namespace())
                        .withName("probe")
                        .endRegarding()
                        .build())
                .create();
        return seen.getCount() == 0;
    }

    private void handle(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody()).path("request");
        seen.countDown();
        for (Hold hold : holds) {
            if (hold.reached.getCount() > 0 && hold.which.test(request.path("object"))) {
                hold.reached.countDown();
                hold(hold);
            }
        }
        byte[] answer = JSON.writeValueAsString(Map.of(
                        "apiVersion", "admission.k8s.io/v1",
                        "kind", "AdmissionReview",
                        "response", Map.of("uid", request.path("uid").asText(), "allowed", true)))
                .getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static void hold(Hold hold) {
        try {
            hold.released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        team.world()
                .admin()
                .resources(ValidatingWebhookConfiguration.class)
                .withName(team.namespace())
                .delete();
        threads.shutdownNow();
        server.stop(0);
    }
}
