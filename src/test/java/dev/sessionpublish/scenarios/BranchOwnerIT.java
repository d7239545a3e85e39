package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.git.PushReason;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent can check out any branch; it can't choose by that which branch of the forge is moved. */
class BranchOwnerIT extends OperatorScenario {
    private Scene scene;

    @BeforeEach
    void freshRepository() throws Exception {
        scene = scene().registered();
    }

    /** The sandbox is on a branch that a person has pushed, and adds a commit. */
    private SandboxCheckout onAPersonsBranch(String branch) {
        String human = scene.humanCommits(branch, "main");
        SandboxCheckout checkout = scene.clonedSandbox();
        checkout.git("checkout", "--quiet", "-b", branch, human);
        return checkout.commit("Work", "a.txt", "a");
    }

    @Test
    void aPersonsBranchThatIsCheckedOutIsNotMoved() {
        SandboxCheckout checkout = onAPersonsBranch("team/topic");
        String human = scene.tip("team/topic").orElseThrow();

        scene.push();

        SessionPublishStatus status = scene.pushed().getStatus();
        assertThat(status.headBranch()).startsWith("session/");
        assertThat(scene.tip(status.headBranch())).contains(checkout.head());
        assertThat(scene.tip("team/topic")).contains(human);
    }

    @Test
    void norIsItReplacedWithForce() {
        onAPersonsBranch("team/topic").amend("Work, said better");
        String human = scene.tip("team/topic").orElseThrow();

        scene.push("force: true");

        assertThat(scene.pushed().getStatus().headBranch()).startsWith("session/");
        assertThat(scene.tip("team/topic")).contains(human);
    }

    @Test
    void aPersonMayNameTheBranch() {
        SandboxCheckout checkout = onAPersonsBranch("team/topic");

        scene.push("headBranch: team/topic");

        assertThat(scene.pushed().getStatus().headBranch()).isEqualTo("team/topic");
        assertThat(scene.tip("team/topic")).contains(checkout.head());
    }

    @Test
    void anotherPublishOfTheSamePodMovesItsBranchOn() throws Exception {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        scene.push();
        scene.pushed();
        checkout.commit("More", "b.txt", "b");

        world().publish(
                        scene.name() + "-two",
                        scene.name(),
                        "podName: " + scene.name(),
                        "  createPullRequest: false\n");

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            SessionPublishStatus status = world().get(scene.name() + "-two").getStatus();
            return status != null && status.phase() == Phase.Pushed;
        });
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
    }

    @Test
    void itsUncommittedChangesAreReplacedByTheNextOnes() throws Exception {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        checkout.dirty("b.txt", "first\n");
        scene.push("uncommittedChanges: Commit");
        String first = scene.pushed().getStatus().commit();
        checkout.dirty("b.txt", "second\n");

        SessionPublishStatus second =
                Scene.inPhase(scene.again("1"), Phase.Pushed).getStatus();

        assertThat(second.commit()).isNotEqualTo(first);
        assertThat(second.push().forced()).isTrue();
        assertThat(scene.tip("agent/fix")).contains(second.commit());
    }

    @Test
    void butNotAfterAPersonCommittedOnTop() throws Exception {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        checkout.dirty("b.txt", "first\n");
        scene.push("uncommittedChanges: Commit");
        String human =
                scene.humanCommits("agent/fix", scene.pushed().getStatus().commit());
        checkout.dirty("b.txt", "second\n");

        scene.refused(scene.again("1"), PushReason.NON_FAST_FORWARD);

        assertThat(scene.tip("agent/fix")).contains(human);
    }
}
