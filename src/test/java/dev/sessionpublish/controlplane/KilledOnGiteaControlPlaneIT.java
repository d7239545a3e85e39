package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.LoggedRequest;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * As {@link KilledOperatorControlPlaneIT}, with a real Gitea as the forge: a push of ordinary objects and of an LFS
 * object, and a pull request with a label.
 */
class KilledOnGiteaControlPlaneIT extends GiteaScenario {
    private enum KilledAt {
        BEFORE_THE_JOURNAL((team, gate) -> gate.beforeStatus("Pushing")),
        BEFORE_THE_EVENT_OF_THE_PUSH((team, gate) -> gate.beforeEvent("git.push.started")),
        BEFORE_THE_LFS_OBJECT((team, gate) -> before("PUT", "")),
        AFTER_THE_LFS_OBJECT_BEFORE_ITS_ANSWER((team, gate) -> after("PUT", "")),
        BEFORE_THE_PUSH((team, gate) -> before("POST", receivePack(team))),
        WITHIN_THE_PUSH((team, gate) ->
                HeldRequest.of(fault(Fault.on("POST", receivePack(team)).stallingAfterRequestBytes(100_000)))),
        AFTER_THE_PUSH_BEFORE_ITS_ANSWER((team, gate) -> after("POST", receivePack(team))),
        BEFORE_THE_EVENT_OF_THE_PUSHS_SUCCESS((team, gate) -> gate.beforeEvent("git.push.succeeded")),
        BEFORE_THE_STATUS_SAYS_PUSHED((team, gate) -> gate.beforeStatus("OpeningPullRequest")),
        BEFORE_THE_EVENT_OF_THE_PULL_REQUEST((team, gate) -> gate.beforeEvent("git.pr.started")),
        BEFORE_THE_PULL_REQUEST((team, gate) -> before("POST", pulls(team))),
        AFTER_THE_PULL_REQUEST_BEFORE_ITS_ANSWER((team, gate) -> after("POST", pulls(team))),
        BEFORE_THE_EVENT_OF_THE_PULL_REQUESTS_SUCCESS((team, gate) -> gate.beforeEvent("git.pr.succeeded")),
        BEFORE_THE_LAST_STATUS((team, gate) -> gate.beforeStatus("PullRequestCreated"));

        private final BiFunction<GiteaTeam, AdmissionGate, HeldRequest> arm;

        KilledAt(BiFunction<GiteaTeam, AdmissionGate, HeldRequest> arm) {
            this.arm = arm;
        }

        private static String receivePack(GiteaTeam team) {
            return "/" + team.repository() + ".git/git-receive-pack";
        }

        private static String pulls(GiteaTeam team) {
            return "/repos/" + team.repository() + "/pulls";
        }

        private static Fault fault(Fault fault) {
            return gitea.proxy().fault(fault);
        }

        /** Never goes on: what the killed operator wanted is not done. */
        private static HeldRequest before(String method, String path) {
            return HeldRequest.forGood(fault(Fault.on(method, path).stalling()));
        }

        private static HeldRequest after(String method, String path) {
            return HeldRequest.of(fault(Fault.on(method, path).holdingTheAnswer()));
        }
    }

    @ParameterizedTest
    @EnumSource(KilledAt.class)
    void eachEffectHappensOnce(KilledAt when) throws Exception {
        GiteaTeam team = teamBehindProxy("killed");
        try (AdmissionGate gate = AdmissionGate.of(team)) {
            byte[] picture = (when + Team.noise(1000)).getBytes(StandardCharsets.ISO_8859_1);
            SandboxCheckout checkout = team.checkout()
                    .branch("agent/fix")
                    .lfsFile("picture.bin", picture)
                    .commit("Fix", "noise.txt", Team.noise(300_000));
            team.startPod();
            HeldRequest held = when.arm.apply(team, gate);
            team.publish("fix", "");
            held.awaitReached();
            killDuring(held);

            team.assertPublishedOnce("fix", checkout.head());
            assertThat(gitea.server().lfsObject(SandboxCheckout.sha256(picture)))
                    .hasBinaryContent(picture);
            assertThat(gitea.proxy().requests().stream()
                            .filter(each -> each.method().equals("PUT")
                                    && each.path().contains(team.repository())
                                    && each.status() != 0)
                            .map(LoggedRequest::status))
                    .as("uploads that ended")
                    .hasSizeLessThanOrEqualTo(1);
            assertThat(operator.isAlive()).isTrue();
        }
    }

    @Test
    void aPullRequestIsClosedOnceAlsoWhenTheOperatorDiesOverIt() throws Exception {
        GiteaTeam team = teamBehindProxy("closing");
        SandboxCheckout checkout = team.work();
        team.publish("fix", "  deletionPolicy: ClosePullRequest");
        team.assertPublishedOnce("fix", checkout.head());
        HeldRequest closed = HeldRequest.of(gitea.proxy()
                .fault(Fault.on("PATCH", "/repos/" + team.repository() + "/pulls/1")
                        .holdingTheAnswer()));

        team.kubectl(0, "delete", "spub", "fix", "--wait=false");
        closed.awaitReached();
        killDuring(closed);
        team.kubectl(0, "wait", "--for=delete", "spub/fix", "--timeout=60s");

        assertThat(team.pulls())
                .singleElement()
                .satisfies(pull -> assertThat(pull.at("/state").asText()).isEqualTo("closed"));
        assertThat(team.events("fix")).containsOnlyOnce("git.pr.closed");
    }

    /** Labels are set by a request of their own, after the pull request is there. */
    @Test
    void aPullRequestThatWasLeftWithoutItsLabelGetsIt() throws Exception {
        GiteaTeam team = teamBehindProxy("label");
        team.atForge().createLabel("agent");
        SandboxCheckout checkout = team.work();
        HeldRequest label = HeldRequest.forGood(gitea.proxy()
                .fault(Fault.on("POST", "/repos/" + team.repository() + "/issues/1/labels")
                        .stalling()));

        team.publish("fix", "  labels: [agent]");
        label.awaitReached();
        killDuring(label);

        team.assertPublishedOnce("fix", checkout.head());
        JsonNode pull = team.pulls().get(0);
        assertThat(pull.at("/labels").findValuesAsText("name")).containsExactly("agent");
    }
}
