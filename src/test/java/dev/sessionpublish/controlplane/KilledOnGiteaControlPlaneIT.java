package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.LoggedRequest;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * As {@link KilledOperatorControlPlaneIT}, with a real Gitea as the forge: a push of ordinary objects and of an LFS
 * object, and a pull request with a label.
 */
@Tag("control-plane")
@Tag("forge")
@Tag("whole")
class KilledOnGiteaControlPlaneIT {
    @TempDir
    private static Path directory;

    private static GiteaWorld world;
    private static PackagedOperator running;

    @BeforeAll
    static void start() throws Exception {
        world = GiteaWorld.start(directory);
        running = world.startOperator(Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        running.close();
        world.close();
    }

    /** Whatever the test before has left. */
    @BeforeEach
    void runs() throws Exception {
        if (!running.isAlive()) {
            running = world.startOperator(Map.of());
        }
    }

    private enum KilledAt {
        BEFORE_THE_JOURNAL((team, gate) -> Moment.of(gate.beforeStatus("Pushing"))),
        BEFORE_THE_EVENT_OF_THE_PUSH((team, gate) -> Moment.of(gate.beforeEvent("git.push.started"))),
        BEFORE_THE_LFS_OBJECT((team, gate) -> before("PUT", "")),
        AFTER_THE_LFS_OBJECT_BEFORE_ITS_ANSWER((team, gate) -> after("PUT", "")),
        BEFORE_THE_PUSH((team, gate) -> before("POST", receivePack(team))),
        WITHIN_THE_PUSH((team, gate) ->
                Moment.of(fault(Fault.on("POST", receivePack(team)).stallingAfterRequestBytes(100_000)))),
        AFTER_THE_PUSH_BEFORE_ITS_ANSWER((team, gate) -> after("POST", receivePack(team))),
        BEFORE_THE_EVENT_OF_THE_PUSHS_SUCCESS((team, gate) -> Moment.of(gate.beforeEvent("git.push.succeeded"))),
        BEFORE_THE_STATUS_SAYS_PUSHED((team, gate) -> Moment.of(gate.beforeStatus("OpeningPullRequest"))),
        BEFORE_THE_EVENT_OF_THE_PULL_REQUEST((team, gate) -> Moment.of(gate.beforeEvent("git.pr.started"))),
        BEFORE_THE_PULL_REQUEST((team, gate) -> before("POST", pulls(team))),
        AFTER_THE_PULL_REQUEST_BEFORE_ITS_ANSWER((team, gate) -> after("POST", pulls(team))),
        BEFORE_THE_EVENT_OF_THE_PULL_REQUESTS_SUCCESS((team, gate) -> Moment.of(gate.beforeEvent("git.pr.succeeded"))),
        BEFORE_THE_LAST_STATUS((team, gate) -> Moment.of(gate.beforeStatus("PullRequestCreated")));

        private final BiFunction<GiteaTeam, AdmissionGate, Moment> arm;

        KilledAt(BiFunction<GiteaTeam, AdmissionGate, Moment> arm) {
            this.arm = arm;
        }

        private static String receivePack(GiteaTeam team) {
            return "/" + team.repository() + ".git/git-receive-pack";
        }

        private static String pulls(GiteaTeam team) {
            return "/repos/" + team.repository() + "/pulls";
        }

        private static Fault fault(Fault fault) {
            return world.proxy().fault(fault);
        }

        /** Never goes on: what the killed operator wanted is not done. */
        private static Moment before(String method, String path) {
            return Moment.forGood(fault(Fault.on(method, path).stalling()));
        }

        private static Moment after(String method, String path) {
            return Moment.of(fault(Fault.on(method, path).holdingTheAnswer()));
        }
    }

    @ParameterizedTest
    @EnumSource(KilledAt.class)
    void eachEffectHappensOnce(KilledAt when) throws Exception {
        GiteaTeam team = world.teamBehindProxy("killed");
        try (AdmissionGate gate = AdmissionGate.of(team.team())) {
            team.registerProject();
            byte[] picture = (when + noise(1000)).getBytes(StandardCharsets.ISO_8859_1);
            SandboxCheckout checkout = team.checkout()
                    .branch("agent/fix")
                    .lfsFile("picture.bin", picture)
                    .commit("Fix", "noise.txt", noise(300_000));
            team.team().startPod();
            Moment moment = when.arm.apply(team, gate);
            team.team().publish("fix", "");
            moment.awaitReached();
            restart(moment);

            team.assertPublishedOnce("fix", checkout.head());
            assertThat(world.gitea().lfsObject(SandboxCheckout.sha256(picture))).hasBinaryContent(picture);
            assertThat(world.proxy().requests().stream()
                            .filter(each -> each.method().equals("PUT")
                                    && each.path().contains(team.repository())
                                    && each.status() != 0)
                            .map(LoggedRequest::status))
                    .as("uploads that ended")
                    .hasSizeLessThanOrEqualTo(1);
            assertThat(running.isAlive()).isTrue();
        }
    }

    @Test
    void aPullRequestIsClosedOnceAlsoWhenTheOperatorDiesOverIt() throws Exception {
        GiteaTeam team = world.teamBehindProxy("closing");
        team.registerProject();
        SandboxCheckout checkout = team.workInAPod();
        team.team().publish("fix", "  deletionPolicy: ClosePullRequest");
        team.assertPublishedOnce("fix", checkout.head());
        Moment closed = Moment.of(world.proxy()
                .fault(Fault.on("PATCH", "/repos/" + team.repository() + "/pulls/1")
                        .holdingTheAnswer()));

        team.team().kubectl(0, "delete", "spub", "fix", "-n", team.namespace(), "--wait=false");
        closed.awaitReached();
        restart(closed);
        team.team().kubectl(0, "wait", "--for=delete", "spub/fix", "-n", team.namespace(), "--timeout=60s");

        assertThat(team.gitea().pulls())
                .singleElement()
                .satisfies(pull -> assertThat(pull.at("/state").asText()).isEqualTo("closed"));
        assertThat(team.team().events("fix")).containsOnlyOnce("git.pr.closed");
    }

    /** Labels are set by a request of their own, after the pull request is there. */
    @Test
    void aPullRequestThatWasLeftWithoutItsLabelGetsIt() throws Exception {
        GiteaTeam team = world.teamBehindProxy("label");
        team.registerProject();
        team.gitea().createLabel("agent");
        SandboxCheckout checkout = team.workInAPod();
        Moment label = Moment.forGood(world.proxy()
                .fault(Fault.on("POST", "/repos/" + team.repository() + "/issues/1/labels")
                        .stalling()));

        team.team().publish("fix", "  labels: [agent]");
        label.awaitReached();
        restart(label);

        team.assertPublishedOnce("fix", checkout.head());
        JsonNode pull = team.gitea().pulls().get(0);
        assertThat(pull.at("/labels").findValuesAsText("name")).containsExactly("agent");
    }

    /** {@code kill -9} of the operator at a moment, and another one in its place. */
    private static void restart(Moment moment) throws Exception {
        running.kill();
        moment.release();
        running = world.startOperator(Map.of());
    }

    /** Text that a pack can't make small. */
    private static String noise(int length) {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append((char) (33 + random.nextInt(94)));
        }
        return text.toString();
    }
}
