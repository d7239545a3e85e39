package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.embedded.cluster.ApiRequest;
import dev.sessionpublish.embedded.cluster.Held;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a publish does at the same time: one request is held, and another is made all the same. */
@Timeout(180)
class OverlapIT extends OperatorScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    Map<String, String> settings() {
        // Longer than any test, so that nothing goes on because a limit has passed.
        return Map.of("SESSION_PUBLISH_FORGE_TIMEOUT", "PT10M");
    }

    @AfterEach
    void clearFaults() {
        world().cluster().faults().clear();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(PATIENCE).until(condition);
    }

    private static Held hold(Predicate<ApiRequest> matches) {
        return world().cluster().faults().holdNext(matches);
    }

    private static Held holdStatusWrite(Scene scene, int number) {
        AtomicInteger writes = new AtomicInteger();
        return hold(request -> request.method().equals("PATCH")
                && request.path().endsWith("/sessionpublishes/" + scene.name() + "/status")
                && writes.incrementAndGet() == number);
    }

    private static Held holdEvent(Scene scene, String action) {
        return hold(request -> request.method().equals("POST")
                && request.path().endsWith("/events")
                && request.body().contains("\"" + action + "\"")
                && request.body().contains(scene.name()));
    }

    @Test
    void theProjectIsReadWhileThePublishIs() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        int before = scene.audit().size();
        Held held = hold(request ->
                request.verb().equals("get") && request.path().endsWith("/sessionpublishes/" + scene.name()));
        scene.publish("");
        assertThat(held.awaitReached(PATIENCE)).isTrue();

        await(() -> scene.audit().subList(before, scene.audit().size()).stream()
                .anyMatch(entry ->
                        entry.verb().equals("get") && entry.path().endsWith("/sessionprojects/" + scene.name())));

        held.release();
        scene.assertPublishedOnce(checkout);
    }

    @Test
    void theSandboxIsLocatedWhileTheSecretIsRead() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        int before = scene.audit().size();
        Held held =
                hold(request -> request.verb().equals("get") && request.path().endsWith("/secrets/" + scene.name()));
        scene.publish("");
        assertThat(held.awaitReached(PATIENCE)).isTrue();

        await(() -> scene.audit().subList(before, scene.audit().size()).stream()
                .anyMatch(entry -> entry.verb().equals("get")
                        && entry.path().endsWith("/pods")
                        && entry.request().query().contains(scene.name())));

        held.release();
        scene.assertPublishedOnce(checkout);
    }

    @Test
    void theExecStartsWhileTheForgeIsAskedForItsRefs() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault held = scene.faultOfAdvertisement(Fault.Match::stalling);
        scene.publish("");
        assertThat(held.awaitReached(PATIENCE)).isTrue();

        await(() -> scene.execs() == 1);

        held.release();
        scene.assertPublishedOnce(checkout);
        assertThat(scene.execs()).isEqualTo(1);
    }

    @Test
    void thePodIsReadAgainWhileTheJournalIsWritten() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Held held =
                hold(request -> request.verb().equals("get") && request.path().endsWith("/pods/" + scene.name()));
        scene.publish("");
        assertThat(held.awaitReached(PATIENCE)).isTrue();

        scene.awaitPhase(Phase.Pushing);

        assertThat(scene.pushes()).isEmpty();
        assertThat(scene.eventActions()).isEmpty();
        held.release();
        scene.assertPublishedOnce(checkout);
    }

    @Test
    void aPodThatWasReplacedMeanwhileGetsNothingPushedAndTheJournalIsWithdrawn() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        Held held =
                hold(request -> request.verb().equals("get") && request.path().endsWith("/pods/" + scene.name()));
        scene.publish("");
        assertThat(held.awaitReached(PATIENCE)).isTrue();
        scene.awaitPhase(Phase.Pushing);

        world().client()
                .pods()
                .inNamespace(scene.get().getMetadata().getNamespace())
                .withName(scene.name())
                .delete();
        held.release();

        SessionPublishStatus end = scene.end();
        assertThat(end.reason()).isEqualTo("wrong-pod");
        assertThat(end.push()).isNull();
        assertThat(Scene.types(end)).containsExactly("git.push.failed");
        assertThat(scene.eventActions()).containsExactly("git.push.failed");
        assertThat(scene.pushes()).isEmpty();
    }

    @Test
    void thePushDoesNotWaitForItsEventAndTheEndDoes() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Held held = holdEvent(scene, "git.push.started");
        scene.publish("");
        assertThat(held.awaitReached(PATIENCE)).isTrue();

        await(() -> scene.pulls().size() == 1);

        assertThat(scene.get().getStatus().phase()).isEqualTo(Phase.Pushing);
        held.release();
        scene.assertPublishedOnce(checkout);
    }

    @Test
    void thePullRequestDoesNotWaitForTheStatusThatSaysPushedAndTheEndDoes() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Held held = holdStatusWrite(scene, 2);
        scene.publish("");
        assertThat(held.awaitReached(PATIENCE)).isTrue();

        await(() -> scene.pulls().size() == 1);

        assertThat(scene.get().getStatus().phase()).isEqualTo(Phase.Pushing);
        assertThat(scene.eventActions()).contains("git.push.started", "git.push.succeeded");
        held.release();
        scene.assertPublishedOnce(checkout);
        assertThat(scene.statusWrites()).isEqualTo(3);
    }

    @Test
    void anEventOfTheEndExistsBeforeTheLastStatus() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        Held held = holdStatusWrite(scene, 3);
        scene.publish("");
        assertThat(held.awaitReached(PATIENCE)).isTrue();

        assertThat(scene.eventActions()).isEqualTo(Scene.STEPS);
        assertThat(scene.get().getStatus().phase()).isEqualTo(Phase.OpeningPullRequest);
        held.release();
        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
    }
}
