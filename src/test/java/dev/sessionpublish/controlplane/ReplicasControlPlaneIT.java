package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.SandboxCheckout;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Replicas that come and go: what runs is let finish, what was left is taken up, and nothing is done twice. */
class ReplicasControlPlaneIT extends ControlPlaneScenario {
    private static final Duration LEASE = Duration.ofSeconds(15);

    @Test
    void sigtermLetsARunningPushEndAndTheNextStartRepeatsNothing() throws Exception {
        Team team = team("sigterm");
        SandboxCheckout checkout = team.work(Team.noise(300_000));
        Map<String, String> settings = Map.of("SESSION_PUBLISH_NAMESPACES", team.namespace());
        try (PackagedOperator operator = world.startOperator(settings)) {
            Fault held = team.publishAndHold(match -> match.stallingAfterRequestBytes(100_000));
            operator.terminate();
            operator.awaitLine(Pattern.compile("Stopping"));
            held.release();
            assertThat(operator.awaitExit()).as("%s", operator.log()).isZero();
        }

        team.assertPublishedOnce("fix", checkout.head());
        int requests = world.git().requests().size();
        int calls = world.gitHub().exchanges().size();
        Team other = team("sigterm-next");
        other.checkout().branch("agent/fix").commit("Fix", "fix.txt", "fixed");
        other.startPod();
        other.publish("fix", "  createPullRequest: false");
        try (PackagedOperator again =
                world.startOperator(Map.of("SESSION_PUBLISH_NAMESPACES", team.namespace() + "," + other.namespace()))) {
            other.awaitEnd("fix");
            assertThat(again.isAlive()).isTrue();
        }
        assertThat(world.git().requests().stream().skip(requests)).isNotEmpty().allMatch(request -> request.path()
                .startsWith("/" + other.repository()));
        assertThat(world.gitHub().exchanges().stream().skip(calls))
                .allMatch(call -> call.path().startsWith("/repos/" + other.repository()));
    }

    @Test
    void anotherReplicaTakesUpThePushInWhichTheLeaderIsKilled() throws Exception {
        Team team = team("leader");
        SandboxCheckout checkout = team.work(Team.noise(300_000));
        Pattern leads = Pattern.compile("This replica is the leader");
        try (PackagedOperator first = replica(team, "operator-a")) {
            first.awaitLine(leads);
            try (PackagedOperator second = replica(team, "operator-b")) {
                Fault held = team.publishAndHold(match -> match.stallingAfterRequestBytes(100_000));
                assertThat(second.log()).doesNotContainPattern(leads);

                first.kill();
                held.release();

                second.awaitLine(leads);
                team.assertPublishedOnce("fix", checkout.head());
                assertThat(team.reporters("fix")).containsExactly("operator-a", "operator-b");
                assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("operator-b");
            }
        }
    }

    @Test
    void aLeaderThatIsToldToStopKeepsTheLeadUntilItsPushHasEnded() throws Exception {
        Team team = team("draining");
        SandboxCheckout checkout = team.work(Team.noise(300_000));
        Pattern leads = Pattern.compile("This replica is the leader");
        try (PackagedOperator first = replica(team, "operator-a")) {
            first.awaitLine(leads);
            try (PackagedOperator second = replica(team, "operator-b")) {
                Fault held = team.publishAndHold(match -> match.stallingAfterRequestBytes(100_000));

                first.terminate();
                first.awaitLine(Pattern.compile("Stopping"));
                ZonedDateTime ranOut = ZonedDateTime.now().plus(LEASE);
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> lease().getSpec().getRenewTime().isAfter(ranOut));
                assertThat(second.log()).doesNotContainPattern(leads);
                held.release();

                assertThat(first.awaitExit()).as("%s", first.log()).isZero();
                second.awaitLine(leads);
                team.assertPublishedOnce("fix", checkout.head());
                assertThat(team.reporters("fix")).containsExactly("operator-a");
                assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("operator-b");
            }
        }
    }

    @Test
    void aLeaderThatIsToldToStopHandsTheLeaseOver() throws Exception {
        Team team = team("handover");
        Pattern leads = Pattern.compile("This replica is the leader");
        try (PackagedOperator first = replica(team, "operator-a")) {
            first.awaitLine(leads);

            first.terminate();

            assertThat(first.awaitExit()).as("%s", first.log()).isZero();
            assertThat(lease().getSpec().getHolderIdentity()).isNull();
        }
        try (PackagedOperator second = replica(team, "operator-b")) {
            second.awaitLine(leads);
            assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("operator-b");
        }
    }

    private static Lease lease() {
        return world.admin()
                .leases()
                .inNamespace(ControlPlaneWorld.OPERATOR_NAMESPACE)
                .withName("session-publish-operator")
                .get();
    }

    private static PackagedOperator replica(Team team, String name) throws Exception {
        return world.startOperator(Map.of(
                "HOSTNAME",
                name,
                "SESSION_PUBLISH_NAMESPACES",
                team.namespace(),
                "SESSION_PUBLISH_LEADER_ELECTION",
                "true",
                "SESSION_PUBLISH_LEADER_ELECTION_NAMESPACE",
                ControlPlaneWorld.OPERATOR_NAMESPACE));
    }
}
