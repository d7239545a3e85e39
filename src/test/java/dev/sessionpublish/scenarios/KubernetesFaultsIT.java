package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the API server and the namespace do to a publish that is under way. */
class KubernetesFaultsIT extends OperatorScenario {
    private static final List<String> STEPS =
            List.of("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded");

    @AfterEach
    void mend() {
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

        assertPublishedOnce(scene, checkout);
    }

    @Test
    void watchesThatBreakAndCannotGoOnFromWhereTheyWereLoseNothing() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault held = world().git()
                .fault(Fault.on("POST", scene.repository() + ".git/git-receive-pack")
                        .holdingTheAnswer());
        scene.publish("");
        assertThat(held.awaitReached(Duration.ofSeconds(60))).isTrue();

        world().cluster().compact();
        world().cluster().dropWatches();
        Scene next = scene().registered();
        SandboxCheckout second = next.sandbox();
        next.publish("");
        held.release();

        assertPublishedOnce(scene, checkout);
        assertPublishedOnce(next, second);
    }

    @Test
    void aSecretThatIsDeletedAfterThePushLeavesALinkUntilItIsBack() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        Fault held = holdThePush(scene);
        scene.publish("");
        assertThat(held.awaitReached(Duration.ofSeconds(60))).isTrue();

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
        Fault held = holdThePush(scene);
        scene.publish("");
        assertThat(held.awaitReached(Duration.ofSeconds(60))).isTrue();

        String renewed = "ghp_renewed-" + scene.name();
        scene.grant(renewed);
        scene.secret(Map.of("token", renewed));
        held.release();

        assertPublishedOnce(scene, checkout);
    }

    @Test
    void aProjectThatIsDeletedWithinThePushTakesNothingBack() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault held = holdThePush(scene);
        scene.publish("");
        assertThat(held.awaitReached(Duration.ofSeconds(60))).isTrue();

        world().client().resource(scene.storedProject().orElseThrow()).delete();
        held.release();

        SessionPublishStatus end = scene.end();
        assertThat(end.commit()).isEqualTo(checkout.head());
        assertThat(end.phase().isTerminal()).isTrue();
        assertThat(scene.tip()).contains(checkout.head());
    }

    private static Fault holdThePush(Scene scene) {
        return world().git()
                .fault(Fault.on("POST", scene.repository() + ".git/git-receive-pack")
                        .holdingTheAnswer());
    }

    private static void assertPublishedOnce(Scene scene, SandboxCheckout checkout) {
        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).as("%s", end).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.tip()).contains(checkout.head());
        assertThat(scene.branchUpdates()).isEqualTo(1);
        assertThat(scene.pulls()).hasSize(1);
        assertThat(Scene.types(end)).isEqualTo(STEPS);
        assertThat(scene.eventActions()).isEqualTo(STEPS);
    }
}
