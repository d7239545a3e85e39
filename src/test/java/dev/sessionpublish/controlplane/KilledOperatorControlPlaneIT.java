package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The packaged operator, killed between any two effects and started again: each effect happens once. */
class KilledOperatorControlPlaneIT extends ControlPlaneOperatorScenario {
    private static final String RECEIVE = "/git-receive-pack";
    private static final String PULLS = "/repos/.*/pulls";

    private enum KilledAt {
        BEFORE_THE_JOURNAL(gate -> gate.beforeStatus("Pushing")),
        BEFORE_THE_EVENT_OF_THE_PUSH(gate -> gate.beforeEvent("git.push.started")),
        BEFORE_THE_PUSH(gate -> of(Fault.on("POST", RECEIVE).stalling())),
        WITHIN_THE_PUSH(gate -> of(Fault.on("POST", RECEIVE).stallingAfterRequestBytes(100_000))),
        AFTER_THE_PUSH_BEFORE_ITS_ANSWER(gate -> of(Fault.on("POST", RECEIVE).holdingTheAnswer())),
        BEFORE_THE_EVENT_OF_THE_PUSHS_SUCCESS(gate -> gate.beforeEvent("git.push.succeeded")),
        BEFORE_THE_STATUS_SAYS_PUSHED(gate -> gate.beforeStatus("OpeningPullRequest")),
        BEFORE_THE_EVENT_OF_THE_PULL_REQUEST(gate -> gate.beforeEvent("git.pr.started")),
        BEFORE_THE_PULL_REQUEST(gate -> of(GitHubFault.Kind.STALL)),
        AFTER_THE_PULL_REQUEST_BEFORE_ITS_ANSWER(gate -> of(GitHubFault.Kind.STALL_AFTER_EFFECT)),
        BEFORE_THE_EVENT_OF_THE_PULL_REQUESTS_SUCCESS(gate -> gate.beforeEvent("git.pr.succeeded")),
        BEFORE_THE_LAST_STATUS(gate -> gate.beforeStatus("PullRequestCreated"));

        private final Function<AdmissionGate, HeldRequest> arm;

        KilledAt(Function<AdmissionGate, HeldRequest> arm) {
            this.arm = arm;
        }

        private static HeldRequest of(Fault fault) {
            return HeldRequest.of(world.git().fault(fault));
        }

        private static HeldRequest of(GitHubFault.Kind kind) {
            world.gitHub().next(GitHubFault.of(kind, "POST", PULLS));
            long before = pullRequestsAskedFor();
            return new HeldRequest() {
                @Override
                public void awaitReached() {
                    await().atMost(Duration.ofSeconds(60)).until(() -> pullRequestsAskedFor() > before);
                }

                @Override
                public void release() {}
            };
        }
    }

    private static long pullRequestsAskedFor() {
        return world.gitHub().exchanges().stream()
                .filter(each -> each.method().equals("POST") && each.path().matches(PULLS))
                .count();
    }

    @ParameterizedTest
    @EnumSource(KilledAt.class)
    void eachEffectHappensOnce(KilledAt when) throws Exception {
        Team team = world.team("killed");
        try (AdmissionGate gate = AdmissionGate.of(team)) {
            team.registerProject();
            SandboxCheckout checkout = team.work(Team.noise(300_000));
            HeldRequest held = when.arm.apply(gate);
            team.publish("fix", "");
            held.awaitReached();
            killDuring(held);

            team.assertPublishedOnce("fix", checkout.head());
            assertThat(operator.isAlive()).isTrue();
        }
    }
}
