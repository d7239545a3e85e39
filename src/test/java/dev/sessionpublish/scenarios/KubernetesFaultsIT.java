package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.embedded.cluster.ApiRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server and the namespace do to a publish that is under way. */
class KubernetesFaultsIT extends OperatorScenario {
    @AfterEach
    void endFaults() {
        world().cluster().faults().clear();
    }

    static Stream<Arguments> eachWriteAndCode() {
        return Stream.of(1, 2, 3).flatMap(write -> Stream.of(409, 429, 503).map(code -> Arguments.of(write, code)));
    }

    @ParameterizedTest(name = "status write {0} is answered {1}")
    @MethodSource("eachWriteAndCode")
    void aStatusThatIsNotTakenIsWrittenAgainAndNothingIsDoneTwice(int write, int code) throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        AtomicInteger writes = new AtomicInteger();
        world().cluster()
                .faults()
                .failNext(
                        request -> request.method().equals("PATCH")
                                && request.path().endsWith("/sessionpublishes/" + scene.name() + "/status")
                                && writes.incrementAndGet() == write,
                        code);

        scene.publish("");

        scene.assertPublishedOnce(checkout);
    }

    /** What the operator asks of the API server for one publish, besides its status writes. */
    enum Asked {
        THE_PUBLISH("GET", "/sessionpublishes/%s"),
        THE_PROJECT("GET", "/sessionprojects/%s"),
        THE_SECRET("GET", "/secrets/%s"),
        THE_LABELLED_PODS("GET", "/pods"),
        THE_POD("GET", "/pods/%s"),
        AN_EXEC("GET", "/pods/%s/exec"),
        AN_EVENT("POST", "/events");

        private final String method;
        private final String path;

        Asked(String method, String path) {
            this.method = method;
            this.path = path;
        }

        boolean is(ApiRequest request, String name) {
            return request.method().equals(method)
                    && !request.verb().equals("watch")
                    && request.path().endsWith(path.formatted(name))
                    && (path.contains("%s") || (request.body() + request.query()).contains(name));
        }
    }

    static Stream<Arguments> eachRequestAndCode() {
        return Stream.of(Asked.values())
                .flatMap(asked -> Stream.of(401, 429, 500, 503).map(code -> Arguments.of(asked, code)));
    }

    @ParameterizedTest(name = "{0} is answered {1}, twice")
    @MethodSource("eachRequestAndCode")
    void whatIsNotAnsweredIsAskedAgainAndNothingIsDoneTwice(Asked asked, int code) throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        world().cluster().faults().fail(request -> asked.is(request, scene.name()), code, 2);

        scene.publish("");

        scene.assertPublishedOnce(checkout);
    }

    @ParameterizedTest(name = "the answer to {0} is lost")
    @EnumSource
    void anAnswerThatIsLostIsAskedForAgainAndNothingIsDoneTwice(Asked asked) throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        world().cluster().faults().loseAnswerOfNext(request -> asked.is(request, scene.name()));

        scene.publish("");

        scene.assertPublishedOnce(checkout);
    }

    @ParameterizedTest(name = "the answer to status write {0} is lost")
    @ValueSource(ints = {1, 2, 3})
    void aStatusWriteWhoseAnswerIsLostIsNotRepeatedInEffect(int write) throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        AtomicInteger writes = new AtomicInteger();
        world().cluster()
                .faults()
                .loseAnswerOfNext(request -> request.method().equals("PATCH")
                        && request.path().endsWith("/sessionpublishes/" + scene.name() + "/status")
                        && writes.incrementAndGet() == write);

        scene.publish("");

        scene.assertPublishedOnce(checkout);
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 422})
    void eventsThatAreRefusedAreInTheHistoryAllTheSame(int code) throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        world().cluster().faults().fail(request -> Asked.AN_EVENT.is(request, scene.name()), code, 100);

        scene.publish("");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(Scene.types(end)).isEqualTo(Scene.STEPS);
        assertThat(scene.tip()).contains(checkout.head());
    }

    @ParameterizedTest
    @EnumSource(names = {"THE_SECRET", "THE_LABELLED_PODS", "THE_POD", "AN_EXEC"})
    void aRightThatIsMissingIsSaidAndThePublishGoesOnWhenItIsThere(Asked asked) throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        AtomicInteger refused = new AtomicInteger();
        world().cluster()
                .faults()
                .fail(
                        request -> asked.is(request, scene.name()) && refused.incrementAndGet() > 0,
                        403,
                        Integer.MAX_VALUE);

        scene.publish("");

        SessionPublishStatus waiting = scene.awaitPhase(Phase.Waiting);
        assertThat(waiting.reason()).isIn("project-not-ready", "sandbox-not-ready", "exec-failed");
        assertThat(waiting.nextAttemptAt()).isNotNull();
        assertThat(waiting.message())
                .containsPattern(
                        switch (asked) {
                            case AN_EXEC -> "failed to start";
                            // The library may ask for the pod before it starts the exec.
                            case THE_POD -> "failed to start|has no permission to read";
                            default -> "has no permission to read";
                        })
                .doesNotContain("https://");
        world().cluster().faults().clear();
        scene.assertPublishedOnce(checkout);
    }

    @Test
    void anObjectThatIsDeletedWithinThePushEndsWithoutAnError() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault held = scene.publishAndHold(Fault.Match::holdingTheAnswer);

        world().client().resource(scene.get()).delete();
        held.release();

        Scene next = scene().ready();
        SandboxCheckout second = next.sandbox();
        next.publish("");
        next.assertPublishedOnce(second);
        assertThat(scene.get()).isNull();
        assertThat(scene.tip()).contains(checkout.head());
        assertThat(scene.branchUpdates()).isEqualTo(1);
    }

    @Test
    void aSecretsWatchThatIsAnsweredWithAnErrorGoesOn() throws Exception {
        Scene scene = scene().ready();
        AtomicInteger refused = new AtomicInteger();
        world().cluster()
                .faults()
                .fail(
                        request -> request.path().endsWith("/secrets")
                                && request.query().contains(scene.name())
                                && refused.incrementAndGet() > 0,
                        403,
                        3);
        world().cluster().compact();
        world().cluster().dropWatches();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> refused.get() >= 3);
        String renewed = "ghp_renewed-" + scene.name();
        String before = scene.storedProject().orElseThrow().getStatus().credentialsVersion();
        scene.grant(renewed);

        scene.secret(Map.of("token", renewed));

        scene.awaitProject(project -> !before.equals(project.getStatus().credentialsVersion()));
    }

    @Test
    void watchesThatBreakAndCannotGoOnFromWhereTheyWereLoseNothing() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault held = scene.publishAndHold(Fault.Match::holdingTheAnswer);

        world().cluster().compact();
        world().cluster().dropWatches();
        Scene next = scene().registered();
        SandboxCheckout second = next.sandbox();
        next.publish("");
        held.release();

        scene.assertPublishedOnce(checkout);
        next.assertPublishedOnce(second);
    }

    @Test
    void aSecretThatIsDeletedAfterThePushLeavesALinkUntilItIsBack() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        Fault held = scene.publishAndHold(Fault.Match::holdingTheAnswer);

        world().client()
                .secrets()
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(scene.name())
                .delete();
        held.release();

        SessionPublishStatus end = scene.end();
        assertThat(end.commit()).isNotNull();
        assertThat(end.phase()).isIn(Phase.ManualPullRequestRequired, Phase.PullRequestCreated);
        scene.secret(Map.of("token", scene.token()));
        assertThat(scene.awaitPhase(Phase.PullRequestCreated).pullRequest()).isNotNull();
        assertThat(scene.pulls()).hasSize(1);
        assertThat(scene.branchUpdates()).isEqualTo(1);
    }

    @Test
    void aTokenThatIsRotatedWithinThePushDisturbsNothing() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault held = scene.publishAndHold(Fault.Match::holdingTheAnswer);

        scene.renewToken();
        held.release();

        scene.assertPublishedOnce(checkout);
    }

    @Test
    void aProjectThatIsDeletedWithinThePushTakesNothingBack() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault held = scene.publishAndHold(Fault.Match::holdingTheAnswer);

        world().client().resource(scene.storedProject().orElseThrow()).delete();
        held.release();

        SessionPublishStatus end = scene.end();
        assertThat(end.commit()).isEqualTo(checkout.head());
        assertThat(end.phase().isTerminal()).isTrue();
        assertThat(scene.tip()).contains(checkout.head());
    }
}
