package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.Main;
import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.embedded.cluster.Held;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SIGTERM while publishes are under way, with time limits that are all longer than any of this may take. */
@Timeout(180)
class ShutdownIT extends WorldScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern PORT = Pattern.compile("probes on port (\\d+) and metrics on port (\\d+)");

    private Path log;
    private PackagedOperator operator;

    @BeforeEach
    void startOperator() throws IOException {
        log = Files.createTempFile(directory, "operator", ".log");
        launch();
    }

    private void launch() throws IOException {
        operator = PackagedOperator.launch(
                log,
                world.environment(Map.of(
                        "SESSION_PUBLISH_CHECKOUT_TIMEOUT", "PT1H",
                        "SESSION_PUBLISH_SANDBOX_TIMEOUT", "PT1H",
                        "SESSION_PUBLISH_EXEC_TIMEOUT", "PT1H",
                        "SESSION_PUBLISH_FORGE_TIMEOUT", "PT1H",
                        "SESSION_PUBLISH_SHUTDOWN_GRACE", "PT1H")),
                Main.class);
    }

    @AfterEach
    void stopOperator() {
        operator.close();
    }

    private void terminateAndExpectTheEnd() throws Exception {
        operator.terminate();
        assertThat(operator.awaitExit()).isZero();
    }

    @Test
    void aPublishWhoseHeaderStallsIsAbandonedAtOnceAndGoesOnInTheNextProcess() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Path config = checkout.directory().resolve(".git/config");
        String whole = Files.readString(config);
        scene.pipe(".git/config");
        scene.publish("");
        Awaitility.await().atMost(PATIENCE).until(() -> scene.execs() == 1);

        terminateAndExpectTheEnd();

        assertThat(operator.log())
                .contains("Abandoned, because the operator stops")
                .doesNotContain("ERROR");
        assertThat(scene.statusWrites()).isZero();
        assertThat(scene.history()).isEmpty();
        Files.delete(config);
        Files.writeString(config, whole);
        launch();
        scene.assertPublishedOnce(checkout);
    }

    @Test
    void aPublishThatIsJournaledAndWhoseCommitsStallIsAbandonedToo() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.checkout();
        scene.remote().run("update-ref", "refs/heads/" + scene.branch(), "main");
        Path stalls = Files.createFile(scene.root().resolve("stalls"));
        scene.beforeGit("--ancestry-path", "while [ -e '" + stalls + "' ]; do sleep 0.1; done");
        scene.startPod();
        scene.publish("  headBranch: " + scene.branch());
        scene.awaitPhase(Phase.Pushing);

        terminateAndExpectTheEnd();

        Files.delete(stalls);
        assertThat(scene.get().getStatus().phase()).isEqualTo(Phase.Pushing);
        launch();
        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.tip()).contains(checkout.head());
        assertThat(scene.history()).isEqualTo(Scene.STEPS);
        assertThat(scene.eventActions()).isEqualTo(Scene.STEPS);
    }

    @Test
    void aPublishWhosePackStallsBeforeTheForgeGotAnyOfItIsAbandonedToo() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.checkout();
        Path stalls = Files.createFile(scene.root().resolve("stalls"));
        scene.beforeGit("pack-objects", "while [ -e '" + stalls + "' ]; do sleep 0.1; done");
        scene.startPod();
        scene.publish("");
        scene.awaitPhase(Phase.Pushing);

        terminateAndExpectTheEnd();

        Files.delete(stalls);
        assertThat(scene.pushes()).isEmpty();
        launch();
        scene.assertPublishedOnce(checkout);
    }

    /** The operator's wait for the forge can't be interrupted. */
    @Test
    void aPublishWhoseForgeDoesNotAnswerIsAbandonedToo() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault stalled = scene.faultOfAdvertisement(Fault.Match::stalling);
        scene.publish("");
        assertThat(stalled.awaitReached(PATIENCE)).isTrue();

        terminateAndExpectTheEnd();

        stalled.release();
        launch();
        scene.assertPublishedOnce(checkout);
    }

    @Test
    void aProjectWhoseForgeDoesNotAnswerIsAbandonedToo() throws Exception {
        int port = Integer.parseInt(operator.awaitLine(PORT).group(2));
        Scene scene = scene();
        world.gitHub().next(GitHubFault.of(GitHubFault.Kind.STALL, "GET", "/repos/" + scene.repository()));
        scene.registered();
        Awaitility.await().atMost(PATIENCE).until(() -> Scrape.of(port).sum("session_publish_threads_busy") == 1);

        terminateAndExpectTheEnd();

        assertThat(scene.storedProject().orElseThrow().getStatus().conditions()).isNull();
    }

    @Test
    void aPublishThatIsBeingSentEndsWhileProbesAndMetricsAreServed() throws Exception {
        MatchResult ports = operator.awaitLine(PORT);
        int port = Integer.parseInt(ports.group(1));
        int metrics = Integer.parseInt(ports.group(2));
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault held = scene.publishAndHold(Fault.Match::holdingTheAnswer);

        operator.terminate();

        Awaitility.await().atMost(PATIENCE).until(() -> status(port, "/readyz") == 503);
        assertThat(status(port, "/livez")).isEqualTo(200);
        assertThat(status(metrics, "/metrics")).isEqualTo(200);
        assertThat(operator.isAlive()).isTrue();
        held.release();
        assertThat(operator.awaitExit()).isZero();
        scene.assertPublishedOnce(checkout);
    }

    @Test
    void aPullRequestThatIsBeingChangedIsWaitedFor() throws Exception {
        Scene stalled = scene().ready();
        stalled.sandbox();
        stalled.pipe(".git/config");
        stalled.publish("");
        Awaitility.await().atMost(PATIENCE).until(() -> stalled.execs() == 1);
        Scene scene = scene().ready();
        scene.sandbox();
        scene.publish("  title: A page").end();
        Held held = world.cluster().faults().holdNext(request -> request.path()
                .endsWith("/sessionpublishes/" + scene.name() + "/status"));
        scene.patchSpec("{\"title\": \"Another page\"}");
        assertThat(held.awaitReached(PATIENCE)).isTrue();

        operator.terminate();

        Awaitility.await().atMost(PATIENCE).until(() -> operator.log().contains("Abandoned"));
        held.release();
        assertThat(operator.awaitExit()).isZero();
        assertThat(operator.log()).containsOnlyOnce("Abandoned");
        assertThat(scene.get().getStatus().message()).contains("Changed: title.");
        world.client().resource(stalled.get()).delete();
    }

    private static int status(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }
}
