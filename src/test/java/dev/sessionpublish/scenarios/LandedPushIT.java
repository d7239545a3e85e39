package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.outcome.SharedReason;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forge reports a push as done: where the branch is then decides. */
class LandedPushIT extends OperatorScenario {
    @TempDir
    Path files;

    /** After each push, as long as a file exists, the remote sets the branch to what a command prints. */
    private Path afterPush(Scene scene, String command) throws Exception {
        Path active = Files.createFile(files.resolve(scene.name()));
        world().git()
                .hook(
                        scene.repository(),
                        "post-receive",
                        "[ -e " + active + " ] || exit 0\nexport GIT_AUTHOR_NAME=p GIT_AUTHOR_EMAIL=p"
                                + " GIT_COMMITTER_NAME=p GIT_COMMITTER_EMAIL=p\nread old new ref\n" + command);
        return active;
    }

    @Test
    void aBranchThatIsGoneAfterItsPushIsNotReportedAsPushed() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Path active = afterPush(scene, "git update-ref -d $ref");

        scene.push();

        SessionPublishStatus waiting = scene.awaitReason(SharedReason.SERVER_ERROR.code());
        assertThat(waiting.phase()).isEqualTo(Phase.Waiting);
        assertThat(waiting.message()).contains(scene.branch() + " as done", "doesn't exist");
        assertThat(waiting.commit()).isNull();
        Files.delete(active);
        assertThat(scene.end().phase()).isEqualTo(Phase.Pushed);
        assertThat(scene.tip()).contains(checkout.head());
    }

    @Test
    void aPullRequestThatShowsAnotherCommitIsLookedInto() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        scene.publish("").end();
        checkout.commit("More", "more.txt", "x\n");
        Path active = afterPush(scene, "git update-ref $ref $old");

        scene.retry("1");

        SessionPublishStatus waiting = scene.awaitReason(SharedReason.SERVER_ERROR.code());
        assertThat(waiting.message()).contains("is still at");
        assertThat(waiting.pullRequest().number()).isEqualTo(1);
        Files.delete(active);
        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.pullRequest().number()).isEqualTo(1);
        assertThat(scene.tip()).contains(checkout.head());
        assertThat(scene.pulls()).hasSize(1);
    }

    @Test
    void aPersonWhoBuildsOnThePushAtOnceDoesNotMakeItFail() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        afterPush(scene, "git update-ref $ref $(git commit-tree -m More -p $new $new^{tree})");

        scene.push();

        SessionPublishStatus end = scene.pushed().getStatus();
        assertThat(end.commit()).isEqualTo(checkout.head());
        assertThat(scene.tip()).isPresent().get().isNotEqualTo(checkout.head());
    }
}
