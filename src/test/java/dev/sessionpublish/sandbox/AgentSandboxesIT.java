package dev.sessionpublish.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.api.v1alpha1.Source;
import dev.sessionpublish.embedded.EmbeddedCluster;
import dev.sessionpublish.embedded.SandboxControllers;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a Sandbox's name to a pod: which one, and why none. */
class AgentSandboxesIT {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    static Path directory;

    @AutoClose
    private static EmbeddedCluster cluster;

    private static SandboxControllers sandboxes;
    private static PodLocator locator;
    private static int count;

    private final String name = "s" + ++count;

    @BeforeAll
    static void start() throws IOException {
        cluster = EmbeddedCluster.in(directory).start();
        Files.createDirectory(directory.resolve("root"));
        SandboxControllers.install(cluster.client());
        sandboxes = new SandboxControllers(cluster.client(), "default");
        locator = new PodLocator(cluster.client(), "sessionpublish.dev/sandbox=true", Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private String pod(String suffix) {
        cluster.startPod(
                "default",
                name + suffix,
                Map.of("sessionpublish.dev/sandbox", "true"),
                List.of("agent"),
                directory.resolve("root"));
        return name + suffix;
    }

    private LocatedSandbox locate(Optional<String> seenUid) throws RefusedException {
        return locator.locate("default", new Source(null, name, null, null, null), seenUid);
    }

    private void refused(Reason reason, Optional<String> seenUid, String... said) {
        RefusedException failure = catchThrowableOfType(RefusedException.class, () -> locate(seenUid));
        assertThat(failure).isNotNull();
        assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
        assertThat(failure.getMessage()).contains(said);
    }

    @Test
    void aPodOfTheSandboxesNameIsNotItsPod() {
        pod("");
        sandboxes.sandbox(name, "");

        refused(SandboxReason.SANDBOX_NOT_READY, Optional.empty(), "has no pod yet");
    }

    @Test
    void thePodOfAnEarlierSandboxOfTheNameIsNotItsPod() {
        GenericKubernetesResource earlier = sandboxes.sandbox(name, "");
        sandboxes.give(earlier, pod("-pod"));
        cluster.client().resource(earlier).delete();
        sandboxes.sandbox(name, "");

        refused(SandboxReason.SANDBOX_NOT_READY, Optional.empty(), "has no pod yet");
    }

    @Test
    void anOwnerThatIsNotTheControllerOrOfAnotherKindDoesNotCount() {
        var reference = SandboxControllers.controller(sandboxes.sandbox(name, ""));
        sandboxes.owner(
                pod("-a"),
                new OwnerReferenceBuilder(reference).withController(false).build());
        sandboxes.owner(
                pod("-b"),
                new OwnerReferenceBuilder(reference).withKind("Other").build());
        sandboxes.owner(
                pod("-c"),
                new OwnerReferenceBuilder(reference)
                        .withApiVersion("agents.x-k8s.io.evil.example/v1beta1")
                        .build());

        refused(SandboxReason.SANDBOX_NOT_READY, Optional.empty(), "has no pod yet");
    }

    @Test
    void whatTheClaimSaysOfItsSandboxIsNotBelieved() {
        GenericKubernetesResource other = sandboxes.sandbox(name + "-other", "");
        sandboxes.give(other, pod("-pod"));
        GenericKubernetesResource claim = sandboxes.claim(name, "");
        cluster.client().resource(claim).edit(present -> {
            present.getMetadata().setAnnotations(Map.of("agents.x-k8s.io/sandbox-name", name + "-other"));
            return present;
        });
        GenericKubernetesResource annotated = cluster.client().resource(claim).get();
        cluster.client().resource(annotated).editStatus(present -> {
            present.setAdditionalProperty("status", Map.of("sandbox", Map.of("name", name + "-other")));
            return present;
        });

        refused(SandboxReason.SANDBOX_NOT_READY, Optional.empty(), "has no Sandbox yet");
    }

    @Test
    void aClaimWithTwoSandboxesIsAmbiguous() {
        GenericKubernetesResource claim = sandboxes.claim(name, "");
        sandboxes.give(claim, sandboxes.sandbox(name + "-a", ""));
        sandboxes.give(claim, sandboxes.sandbox(name + "-b", ""));

        refused(SandboxReason.MULTIPLE_PODS, Optional.empty(), name + "-a, " + name + "-b");
    }

    @Test
    void anExpiredClaimIsTheEnd() {
        GenericKubernetesResource claim = sandboxes.claim(name, "");
        sandboxes.condition(claim, "Ready", false, "ClaimExpired");

        refused(SandboxReason.SANDBOX_EXPIRED, Optional.empty(), "have expired");
    }

    @Test
    void anotherPodThanBeforeIsTheWrongOne() {
        sandboxes.give(sandboxes.sandbox(name, ""), pod("-pod"));

        refused(SandboxReason.WRONG_POD, Optional.of("uid of the pod that was"), name + "-pod");
    }

    @Test
    void aSandboxThatIsGoneHasTakenItsPodAlong() {
        refused(SandboxReason.SANDBOX_TERMINATED, Optional.of("seen"), "were deleted");
    }

    @Test
    void aPodThatHasEndedIsToldAsTheSandboxesEnd() {
        sandboxes.give(sandboxes.sandbox(name, ""), pod("-pod"));
        cluster.terminatePod("default", name + "-pod", true);

        refused(SandboxReason.SANDBOX_TERMINATED, Optional.empty(), "has finished");
    }

    @Test
    void theEarlierShutdownOfSandboxAndClaimIsTold() throws Exception {
        GenericKubernetesResource sandbox = sandboxes.sandbox(name + "-x", "shutdownTime: \"2026-03-01T12:14:00Z\"");
        sandboxes.give(sandbox, pod("-pod"));
        sandboxes.give(sandboxes.claim(name, "lifecycle: {shutdownTime: \"2026-03-01T12:07:00Z\"}"), sandbox);

        assertThat(locate(Optional.empty()).notice().orElseThrow())
                .contains("shuts down at 2026-03-01T12:07:00Z", "or on its SandboxClaim");
    }

    @Test
    void aShutdownThatIsFarAwayIsNotWorthASentence() throws Exception {
        sandboxes.give(sandboxes.sandbox(name, "shutdownTime: \"2026-03-01T13:00:00Z\""), pod("-pod"));

        assertThat(locate(Optional.empty()).notice()).isEmpty();
    }

    @Test
    void aClusterWithoutSandboxesIsSaidToHaveNone() throws Exception {
        try (EmbeddedCluster bare = EmbeddedCluster.in(Files.createDirectory(directory.resolve("bare")))
                .start()) {
            PodLocator bareLocator =
                    new PodLocator(bare.client(), "sessionpublish.dev/sandbox=true", Clock.systemUTC());
            RefusedException failure = catchThrowableOfType(
                    RefusedException.class,
                    () -> bareLocator.locate("default", new Source(null, name, null, null, null), Optional.empty()));
            assertThat(failure.reason()).isEqualTo(SandboxReason.SANDBOX_NOT_READY);
            assertThat(failure.getMessage()).contains("Install agent-sandbox");
        }
    }
}
