package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.OperatorInProcess;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.embedded.SandboxCheckout;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator whose clock isn't the API server's and the forge's: nothing is waited for longer, nor done sooner. */
class ClockSkewIT extends WorldScenario {
    private static final String LEASE_NAMESPACE = "operators";

    @ParameterizedTest(name = "the operator''s clock is {0} off")
    @ValueSource(strings = {"-PT3H", "-PT10M", "PT10M", "PT3H"})
    void aWholePublishIsTheSame(Duration off) throws Exception {
        try (OperatorInProcess operator = operator(off, Map.of())) {
            assertThat(operator).isNotNull();
            Scene scene = scene().ready();
            SandboxCheckout checkout = scene.sandbox();
            checkout.dirty("notes.txt", "not committed\n");

            scene.publish("  uncommittedChanges: Commit");

            SessionPublishStatus end = scene.end();
            assertThat(end.phase()).as("%s", end).isEqualTo(Phase.PullRequestCreated);
            assertThat(Scene.types(end))
                    .isEqualTo(List.of("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded"));
            assertThat(scene.eventActions()).isEqualTo(Scene.types(end));
            assertThat(scene.statusWrites()).isEqualTo(3);
        }
    }

    @ParameterizedTest(name = "the operator''s clock is {0} off")
    @ValueSource(strings = {"-PT10M", "PT10M"})
    void whatIsWaitedForIsWaitedForAsLong(Duration off) throws Exception {
        try (OperatorInProcess operator = operator(off, Map.of())) {
            assertThat(operator).isNotNull();
            Scene scene = scene().ready();
            scene.sandbox();
            world.git()
                    .fault(Fault.on("GET", scene.name() + ".git/info/refs")
                            .answering(429, Map.of("Retry-After", "3"), "slow down"));
            long reset = Instant.now().getEpochSecond() + 8;
            world.gitHub()
                    .next(GitHubFault.answer(
                            "POST",
                            "/repos/" + scene.repository() + "/pulls",
                            GitHubReply.error(403, "API rate limit exceeded for user ID 1.")
                                    .with("X-RateLimit-Remaining", "0")
                                    .with("X-RateLimit-Reset", String.valueOf(reset))));
            Instant begin = Instant.now();

            scene.publish("");

            SessionPublishStatus limited = scene.await(
                    status -> "rate-limited".equals(status.reason()) && status.phase() == Phase.OpeningPullRequest);
            assertThat(Instant.parse(limited.nextAttemptAt()))
                    .isBefore(begin.plus(off).plusSeconds(60));
            assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
            assertThat(Instant.now()).isAfter(begin.plusSeconds(3)).isAfter(Instant.ofEpochSecond(reset));
        }
    }

    @ParameterizedTest(name = "the operator''s clock is {0} off")
    @ValueSource(strings = {"-PT10M", "PT10M"})
    void whatHasEndedIsDeletedInItsTime(Duration off) throws Exception {
        try (OperatorInProcess operator = operator(off, Map.of())) {
            assertThat(operator).isNotNull();
            Scene scene = scene().ready();
            scene.sandbox();
            // One whose pull request is open is kept until that has ended.
            scene.publish("  createPullRequest: false\n  ttlSecondsAfterFinished: 3");
            scene.end();
            Instant end = Instant.now();

            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> scene.get() == null);
            assertThat(Instant.now()).isAfter(end.plusSeconds(1));
            assertThat(scene.pushes()).hasSize(1);
        }
    }

    /** As between two replicas, the first with a clock that is ahead. */
    @Test
    void whatAnotherClockHasPlannedIsWokenAndEndsWell() throws Exception {
        Scene scene = scene();
        SandboxCheckout checkout = scene.checkout();
        try (OperatorInProcess ahead = operator(Duration.ofMinutes(10), Map.of())) {
            assertThat(ahead).isNotNull();
            scene.registered().publish("");
            scene.awaitReason("sandbox-not-ready");
        }
        assertThat(Instant.parse(scene.get().getStatus().nextAttemptAt()))
                .isAfter(Instant.now().plus(Duration.ofMinutes(9)));

        try (OperatorInProcess right = operator(Duration.ZERO, Map.of())) {
            assertThat(right).isNotNull();
            scene.startPod();

            assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
            assertThat(scene.tip()).contains(checkout.head());
        }
    }

    /** The library compares a Lease's time with its own clock: a holder whose clock is far behind seems to be gone. */
    @Test
    void aLeaderWhoseClockIsBehindIsReplaced() throws Exception {
        world.client()
                .resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withNamespace(LEASE_NAMESPACE)
                        .withName("session-publish-operator")
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity("another-replica")
                        .withLeaseDurationSeconds(15)
                        .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC).minusMinutes(5))
                        .withAcquireTime(ZonedDateTime.now(ZoneOffset.UTC).minusMinutes(50))
                        .withLeaseTransitions(1)
                        .endSpec()
                        .build())
                .create();
        Map<String, String> electing = Map.of(
                "SESSION_PUBLISH_LEADER_ELECTION",
                "true",
                "SESSION_PUBLISH_LEADER_ELECTION_NAMESPACE",
                LEASE_NAMESPACE);

        try (OperatorInProcess operator = operator(Duration.ZERO, electing)) {
            assertThat(operator).isNotNull();
            Scene scene = scene().ready();
            scene.sandbox();
            scene.publish("");

            assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        }
    }

    private static OperatorInProcess operator(Duration off, Map<String, String> settings) throws IOException {
        return OperatorInProcess.start(
                world.cluster().config(), world.environment(settings), Clock.offset(Clock.systemUTC(), off));
    }
}
