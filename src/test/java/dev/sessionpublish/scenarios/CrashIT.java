package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.embedded.cluster.ApiRequest;
import dev.sessionpublish.embedded.cluster.Held;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The packaged operator killed between each two effects and started again: one branch update, one pull request, each
 * step told once, nothing lost.
 */
@Timeout(180)
class CrashIT extends WorldScenario {
    private PackagedOperator operator;

    @BeforeEach
    void startOperator() throws IOException {
        operator = PackagedOperator.launch(directory.resolve("operator.log"), world.environment());
    }

    @AfterEach
    void stopOperator() {
        operator.close();
        world.cluster().faults().clear();
    }

    /** An effect on the API server, and whether the operator dies before it or when it is done. */
    enum Moment {
        BEFORE_THE_JOURNAL(Moment::isStatusWrite, 1, false),
        AFTER_THE_JOURNAL(Moment::isStatusWrite, 1, true),
        AFTER_PUSH_STARTED_IS_TOLD(event("git.push.started"), 1, true),
        BEFORE_PUSH_SUCCEEDED_IS_TOLD(event("git.push.succeeded"), 1, false),
        AFTER_PUSH_SUCCEEDED_IS_TOLD(event("git.push.succeeded"), 1, true),
        AFTER_THE_PUSH_IS_WRITTEN(Moment::isStatusWrite, 2, true),
        AFTER_PR_STARTED_IS_TOLD(event("git.pr.started"), 1, true),
        BEFORE_PR_SUCCEEDED_IS_TOLD(event("git.pr.succeeded"), 1, false),
        AFTER_PR_SUCCEEDED_IS_TOLD(event("git.pr.succeeded"), 1, true),
        AFTER_THE_END_IS_WRITTEN(Moment::isStatusWrite, 3, true);

        private final Predicate<ApiRequest> effect;
        private final int occurrence;
        private final boolean done;

        Moment(Predicate<ApiRequest> effect, int occurrence, boolean done) {
            this.effect = effect;
            this.occurrence = occurrence;
            this.done = done;
        }

        private static boolean isStatusWrite(ApiRequest request) {
            return request.method().equals("PATCH")
                    && request.path().contains("/sessionpublishes/")
                    && request.path().endsWith("/status");
        }

        private static Predicate<ApiRequest> event(String action) {
            return request -> request.method().equals("POST")
                    && request.path().endsWith("/events")
                    && request.body().contains("\"" + action + "\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKillBetweenTwoEffectsLosesAndRepeatsNothing(Moment moment) throws Exception {
        Scene scene = ready();
        SandboxCheckout checkout = scene.sandbox();
        CountDownLatch reached = new CountDownLatch(1);
        AtomicInteger seen = new AtomicInteger();
        if (moment.done) {
            // What comes after the effect finds no operator any more: its answer is lost, and then it is killed.
            world.cluster()
                    .faults()
                    .loseAnswerOfNext(request -> moment.effect.test(request)
                            && seen.incrementAndGet() == moment.occurrence
                            && countDown(reached));
        } else {
            world.cluster()
                    .faults()
                    .failNextAfter(
                            request -> moment.effect.test(request) && seen.incrementAndGet() == moment.occurrence,
                            () -> killNow(reached),
                            503);
        }

        scene.publish("");
        if (!reached.await(60, TimeUnit.SECONDS)) {
            fail("the moment never came: " + scene.get().getStatus() + operator.log());
        }
        operator.kill();
        world.cluster().faults().clear();
        operator = PackagedOperator.launch(directory.resolve("operator.log"), world.environment());

        scene.assertPublishedOnce(checkout);
    }

    private static boolean countDown(CountDownLatch latch) {
        latch.countDown();
        return true;
    }

    private void killNow(CountDownLatch reached) {
        operator.kill();
        reached.countDown();
    }

    @Test
    void aKillBeforeTheForgeTakesThePushRepeatsItAndTheLateOneChangesNothing() throws Exception {
        Scene scene = ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault hold = scene.publishAndHold(Fault.Match::stalling);
        restart();

        scene.assertPublishedOnce(checkout);
        hold.release();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> scene.pushes().stream()
                .allMatch(push -> push.status() != 0 || push.bytesIn() == 0));
        scene.assertPublishedOnce(checkout);
    }

    @Test
    void aKillWhileTheForgeAnswersThePushIsSettledByALook() throws Exception {
        Scene scene = ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault hold = scene.publishAndHold(Fault.Match::holdingTheAnswer);
        restart();
        hold.release();

        scene.assertPublishedOnce(checkout);
        assertThat(scene.pushes()).hasSize(1);
        assertThat(scene.execs()).isEqualTo(1);
    }

    @Test
    void aKillBeforeThePullRequestIsAskedForOpensOne() throws Exception {
        Scene scene = ready();
        SandboxCheckout checkout = scene.sandbox();
        world.gitHub().next(GitHubFault.of(GitHubFault.Kind.STALL, "POST", "/repos/" + scene.repository() + "/pulls"));

        scene.publish("");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> scene.posts() == 1);
        restart();

        scene.assertPublishedOnce(checkout);
        assertThat(scene.posts()).isEqualTo(2);
    }

    @Test
    void aKillBetweenTheJournalAndThePushRepeatsNothing() throws Exception {
        Scene scene = ready();
        SandboxCheckout checkout = scene.sandbox();
        world.gitHub().next(GitHubFault.of(GitHubFault.Kind.STALL, "GET", "/repos/" + scene.repository() + "/pulls"));

        scene.publish("");
        scene.awaitPhase(Phase.Pushing);
        assertThat(scene.pushes()).isEmpty();
        assertThat(scene.eventActions()).isEmpty();
        restart();

        scene.assertPublishedOnce(checkout);
        assertThat(scene.pushes()).hasSize(1);
    }

    /** A record that is in flight while the next step runs. */
    enum InFlight {
        PUSH_STARTED(Moment.event("git.push.started"), 1),
        PUSH_SUCCEEDED(Moment.event("git.push.succeeded"), 1),
        PUSHED(Moment::isStatusWrite, 2),
        PR_STARTED(Moment.event("git.pr.started"), 1);

        private final Predicate<ApiRequest> record;
        private final int occurrence;

        InFlight(Predicate<ApiRequest> record, int occurrence) {
            this.record = record;
            this.occurrence = occurrence;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKillWhileARecordIsInFlightAndThePullRequestIsOpenRepeatsNothing(InFlight inFlight) throws Exception {
        Scene scene = ready();
        SandboxCheckout checkout = scene.sandbox();
        AtomicInteger seen = new AtomicInteger();
        Held held = world.cluster()
                .faults()
                .holdNext(request -> inFlight.record.test(request) && seen.incrementAndGet() == inFlight.occurrence);

        scene.publish("  labels: [agent]");
        assertThat(held.awaitReached(Duration.ofSeconds(60))).isTrue();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> scene.pulls().size() == 1);
        restart();

        scene.assertPublishedOnce(checkout);
        held.release();
        scene.assertPublishedOnce(checkout);
        assertThat(scene.pushes()).hasSize(1);
        assertThat(scene.posts()).isEqualTo(1);
        assertThat(scene.pulls().get(0).labels()).containsExactly("agent");
    }

    @Test
    void aSigtermLetsARunningPushEnd() throws Exception {
        Scene scene = ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault hold = scene.publishAndHold(Fault.Match::stalling);
        operator.terminate();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> operator.log()
                .contains("Stopping"));
        hold.release();

        assertThat(operator.awaitExit()).isZero();
        scene.assertPublishedOnce(checkout);
        assertThat(scene.execs()).isEqualTo(1);
    }

    private void restart() throws Exception {
        operator.kill();
        operator = PackagedOperator.launch(directory.resolve("operator.log"), world.environment());
    }

    private static Scene ready() throws IOException {
        return scene().ready();
    }
}
