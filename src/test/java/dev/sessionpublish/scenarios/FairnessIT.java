package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.OperatorInProcess;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One tenant's stalled sandboxes, as many as the operator has threads and more, and the publishes of everybody else. */
@Timeout(180)
class FairnessIT extends WorldScenario {
    private static final int THREADS = 4;
    private static final String OTHER_NAMESPACE = "others";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private OperatorInProcess operator;

    @AfterEach
    void stopOperator() {
        operator.close();
        world.client().resources(SessionPublish.class).inAnyNamespace().delete();
    }

    private void startOperator(String checkoutTimeout) throws IOException {
        operator = OperatorInProcess.start(
                world.cluster().config(),
                world.environment(Map.of(
                        "SESSION_PUBLISH_PARALLEL_PUBLISHES",
                        "" + THREADS,
                        "SESSION_PUBLISH_CHECKOUT_TIMEOUT",
                        checkoutTimeout,
                        "SESSION_PUBLISH_SHUTDOWN_GRACE",
                        "PT0S")));
    }

    /** Publishes of one project whose checkouts' configuration is a named pipe. */
    private static List<Scene> stalled(Scene scene) throws Exception {
        List<Scene> all = new ArrayList<>();
        for (int n = 0; n < THREADS + 2; n++) {
            Scene each = scene.another();
            each.sandbox();
            each.pipe(".git/config");
            all.add(each.publish(""));
        }
        return all;
    }

    private static long runningExecs(List<Scene> scenes) {
        return scenes.stream().filter(each -> each.execs() > 0).count();
    }

    /** The scene's project, Secret, pod and publish in another namespace. */
    private static void publishElsewhere(Scene scene) {
        world.cluster()
                .startPod(
                        OTHER_NAMESPACE,
                        scene.name(),
                        Map.of("sessionpublish.dev/sandbox", "true"),
                        List.of("agent"),
                        scene.root());
        String token = Base64.getEncoder().encodeToString(scene.token().getBytes(StandardCharsets.UTF_8));
        world.cluster().applyYaml("""
                apiVersion: v1
                kind: Secret
                metadata: {namespace: others, name: NAME}
                data: {token: TOKEN}
                ---
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionProject
                metadata: {namespace: others, name: NAME}
                spec: {repository: "URL", credentialsSecret: {name: NAME}}
                ---
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionPublish
                metadata: {namespace: others, name: NAME}
                spec: {projectRef: {name: NAME}, source: {podName: NAME}}
                """.replace("NAME", scene.name())
                .replace("TOKEN", token)
                .replace("URL", world.git().url(scene.repository())));
    }

    private static Optional<Phase> phaseElsewhere(Scene scene) {
        return Optional.ofNullable(world.client()
                        .resources(SessionPublish.class)
                        .inNamespace(OTHER_NAMESPACE)
                        .withName(scene.name())
                        .get())
                .map(SessionPublish::getStatus)
                .map(SessionPublishStatus::phase);
    }

    @Test
    void anotherNamespaceIsPublishedWhileOneStallsInAllItsPlaces() throws Exception {
        startOperator("PT10M");
        Scene stalling = scene().ready();
        List<Scene> stalled = stalled(stalling);
        Awaitility.await().atMost(PATIENCE).until(() -> runningExecs(stalled) == THREADS / 2);
        Scene honest = scene();
        SandboxCheckout checkout = honest.checkout();

        publishElsewhere(honest);

        Awaitility.await().atMost(PATIENCE).until(() -> phaseElsewhere(honest)
                .equals(Optional.of(Phase.PullRequestCreated)));
        assertThat(honest.tip()).contains(checkout.head());
        assertThat(runningExecs(stalled)).isEqualTo(THREADS / 2);
        assertThat(Scrape.of(operator.metricsPort()).sum("session_publish_waiting_for_turn"))
                .isEqualTo(THREADS / 2 + 2);
        assertThat(stalled)
                .filteredOn(each -> each.execs() == 0)
                .extracting(Scene::statusWrites)
                .containsOnly(0L);
    }

    @Test
    void aPublishOfTheSameNamespaceGetsItsTurnWhenTheOthersReachTheirLimit() throws Exception {
        startOperator("PT2S");
        Scene honest = scene().ready();
        List<Scene> stalled = stalled(honest);
        Awaitility.await().atMost(PATIENCE).until(() -> runningExecs(stalled) >= THREADS / 2);
        SandboxCheckout checkout = honest.sandbox();

        honest.publish("");

        honest.assertPublishedOnce(checkout);
        stalled.forEach(each -> assertThat(each.awaitReason("timeout").phase()).isEqualTo(Phase.Waiting));
    }
}
