package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.embedded.SandboxControllers;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Publishing from a Sandbox of agent-sandbox, whose controllers are played by the test. */
class AgentSandboxIT extends OperatorScenario {
    private static SandboxControllers sandboxes;

    @BeforeAll
    static void start() throws Exception {
        sandboxes = new SandboxControllers(world.client(), EmbeddedWorld.NAMESPACE);
        SandboxControllers.install(world.client());
    }

    /** A pod as agent-sandbox makes it: without the label that a plain pod needs. */
    private static String pod(Scene scene, String suffix) {
        String name = scene.name() + suffix;
        world.cluster().startPod(EmbeddedWorld.NAMESPACE, name, Map.of(), List.of("agent"), scene.root());
        return name;
    }

    private static Scene publish(Scene scene) {
        return scene.publishFrom("sandboxName: " + scene.name(), "  headBranch: " + scene.branch());
    }

    @Test
    void theWorkIsThatOfThePodWhichTheSandboxControls() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        String pod = pod(scene, "-x7k2p");
        sandboxes.give(sandboxes.sandbox(scene.name(), ""), pod);

        publish(scene);

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.source().podName()).isEqualTo(pod);
        assertThat(scene.tip()).contains(checkout.head());
        assertThat(scene.pulls().get(0).body()).contains(scene.name()).doesNotContain(pod);
    }

    @Test
    void aClaimMeansTheSandboxThatItControls() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.checkout();
        String pod = pod(scene, "-pod");
        GenericKubernetesResource fromPool = sandboxes.sandbox("pool-" + scene.name(), "");
        sandboxes.give(fromPool, pod);
        sandboxes.give(sandboxes.claim(scene.name(), ""), fromPool);

        publish(scene);

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.tip()).contains(checkout.head());
    }

    @Test
    void aSandboxThatIsNotUpYetIsWaitedForAndWakesThePublish() throws Exception {
        Scene scene = scene().ready();
        scene.checkout();
        publish(scene);
        assertThat(scene.awaitReason("sandbox-not-ready").message()).contains("no Sandbox or SandboxClaim");
        GenericKubernetesResource sandbox = sandboxes.sandbox(scene.name(), "");

        sandboxes.give(sandbox, pod(scene, "-pod"));
        sandboxes.condition(sandbox, "Ready", true, "DependenciesReady");

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.history()).doesNotContain("git.push.failed");
    }

    @Test
    void aSuspendedSandboxIsWaitedForUntilItIsResumed() throws Exception {
        Scene scene = scene().ready();
        scene.checkout();
        GenericKubernetesResource sandbox = sandboxes.sandbox(scene.name(), "operatingMode: Suspended");
        publish(scene);
        SessionPublishStatus waiting = scene.awaitReason("sandbox-suspended");
        assertThat(waiting.phase()).isEqualTo(Phase.Waiting);
        assertThat(waiting.message()).contains("spec.operatingMode to Running");

        sandboxes.give(sandboxes.sandbox(scene.name(), "operatingMode: Running"), pod(scene, "-pod"));
        sandboxes.condition(sandbox, "Ready", true, "DependenciesReady");

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
    }

    @Test
    void anExpiredSandboxIsTheEnd() throws Exception {
        Scene scene = scene().ready();
        scene.checkout();
        GenericKubernetesResource sandbox = sandboxes.sandbox(scene.name(), "shutdownTime: \"2026-01-02T03:04:05Z\"");
        sandboxes.condition(sandbox, "Ready", false, "SandboxExpired");

        publish(scene);

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.Failed);
        assertThat(end.reason()).isEqualTo("sandbox-expired");
        assertThat(end.message()).contains("2026-01-02T03:04:05Z");
    }

    @Test
    void ofTwoPodsNoneIsTakenUntilOneIsLeft() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.checkout();
        GenericKubernetesResource sandbox = sandboxes.sandbox(scene.name(), "");
        sandboxes.give(sandbox, pod(scene, "-a"));
        sandboxes.give(sandbox, pod(scene, "-b"));
        publish(scene);
        SessionPublishStatus waiting = scene.awaitReason("multiple-pods");
        assertThat(waiting.phase()).isEqualTo(Phase.Waiting);
        assertThat(waiting.message()).contains(scene.name() + "-a, " + scene.name() + "-b");
        assertThat(scene.gitRequests()).isEmpty();

        world.client()
                .pods()
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(scene.name() + "-a")
                .delete();

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.tip()).contains(checkout.head());
    }

    @Test
    void whoeverWatchesIsToldThatTheSandboxEndsSoon() throws Exception {
        Scene scene = scene().ready();
        scene.checkout();
        Instant soon = Instant.now().plus(Duration.ofMinutes(5)).truncatedTo(ChronoUnit.SECONDS);
        sandboxes.give(sandboxes.sandbox(scene.name(), "shutdownTime: \"" + soon + "\""), pod(scene, "-pod"));
        List<String> messages = new CopyOnWriteArrayList<>();
        SharedIndexInformer<SessionPublish> informer = world.client()
                .resources(SessionPublish.class)
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(scene.name())
                .inform(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(SessionPublish publish) {
                        keep(publish);
                    }

                    @Override
                    public void onUpdate(SessionPublish before, SessionPublish publish) {
                        keep(publish);
                    }

                    @Override
                    public void onDelete(SessionPublish publish, boolean unknown) {
                        keep(publish);
                    }

                    private void keep(SessionPublish publish) {
                        if (publish.getStatus() != null) {
                            messages.add(String.valueOf(publish.getStatus().message()));
                        }
                    }
                });

        publish(scene);

        scene.end();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> messages.stream()
                .anyMatch(each -> each.contains("shuts down at " + soon)));
        informer.close();
    }
}
