package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.GitHubPull;
import dev.sessionpublish.embedded.GitHubRepository;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.forge.PullRequestReason;
import org.junit.jupiter.api.Test;

/** What was merged, closed, moved or undone at the forge is neither repeated nor hidden by the next publish of it. */
class MergedWorkIT extends OperatorScenario {

    private GitHubRepository atGitHub(Scene scene) {
        return world().gitHub().repository(scene.repository());
    }

    private Scene published() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        assertThat(scene.publish("").end().phase()).isEqualTo(Phase.PullRequestCreated);
        return scene;
    }

    @Test
    void aBranchThatTheForgeDeletedWithTheMergeStaysDeleted() throws Exception {
        Scene scene = published();
        atGitHub(scene).squashAndDelete(1);

        scene.retry("1");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.Merged);
        assertThat(end.pullRequest().state()).isEqualTo("merged");
        assertThat(end.message()).contains("#1", "is merged");
        assertThat(Scene.condition(end, "Ready")).isEqualTo("True Merged");
        assertThat(Scene.condition(end, "PullRequestReady")).isEqualTo("True Merged");
        assertThat(scene.tip()).isEmpty();
        assertThat(scene.pushes()).hasSize(1);
        assertThat(scene.pulls()).hasSize(1);
    }

    @Test
    void anObjectThatIsDeletedAndAppliedAgainFindsItsMergedPullRequest() throws Exception {
        Scene scene = published();
        atGitHub(scene).squashAndDelete(1);
        world().client().resource(scene.get()).delete();

        scene.publish("");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.Merged);
        assertThat(end.pullRequest().number()).isEqualTo(1);
        // The journal that was written while the pull requests were listed is withdrawn.
        assertThat(Scene.types(end)).containsExactly("git.pr.succeeded");
        assertThat(scene.eventActions()).containsExactly("git.pr.succeeded");
        assertThat(end.push()).isNull();
        assertThat(scene.pushes()).hasSize(1);
        assertThat(scene.tip()).isEmpty();
        assertThat(scene.pulls()).hasSize(1);
    }

    @Test
    void anObjectThatIsDeletedAndAppliedAgainContinuesOnItsBranch() throws Exception {
        Scene scene = published();
        world().client().resource(scene.get()).delete();
        SandboxCheckout checkout = SandboxCheckout.at(scene.repo()).commit("More", "more.txt", "x\n");

        scene.publish("");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.headBranch()).isEqualTo(scene.branch());
        assertThat(end.pullRequest().number()).isEqualTo(1);
        assertThat(scene.tip()).contains(checkout.head());
        assertThat(scene.pulls()).hasSize(1);
    }

    @Test
    void newCommitsAfterTheBranchWasDeletedGetANewPullRequest() throws Exception {
        Scene scene = published();
        atGitHub(scene).squashAndDelete(1);
        SandboxCheckout checkout = SandboxCheckout.at(scene.repo()).commit("More", "more.txt", "x\n");

        scene.retry("1");

        SessionPublishStatus end = scene.end();
        assertThat(end.pullRequest().number()).isEqualTo(2);
        assertThat(end.message()).contains("Opened pull request #2", "#1 was merged before");
        assertThat(scene.tip()).contains(checkout.head());
    }

    @Test
    void aPullRequestThatAPersonRetargetedIsStillTheOneOfThePublish() throws Exception {
        Scene scene = published();
        scene.remote().run("branch", "next", "main");
        atGitHub(scene).retarget(1, "next");
        SandboxCheckout checkout = SandboxCheckout.at(scene.repo()).commit("More", "more.txt", "x\n");

        scene.retry("1");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.pullRequest().number()).isEqualTo(1);
        assertThat(end.baseBranch()).isEqualTo("next");
        assertThat(scene.tip()).contains(checkout.head());
        assertThat(scene.pulls()).extracting(GitHubPull::baseBranch).containsExactly("next");
    }

    @Test
    void aNewPullRequestSaysThatTheOldOneWasClosed() throws Exception {
        Scene scene = published();
        atGitHub(scene).end(1, false);

        scene.retry("1");

        assertThat(scene.end().message()).contains("Opened pull request #2", "#1 was closed without merging");
    }

    @Test
    void aRevertIsPushedLikeAnyOtherCommit() throws Exception {
        Scene scene = published();
        SandboxCheckout checkout = SandboxCheckout.at(scene.repo());
        checkout.git("revert", "--no-edit", "HEAD");

        scene.retry("1");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.pullRequest().number()).isEqualTo(1);
        assertThat(scene.tip()).contains(checkout.head());
    }

    @Test
    void workThatWasResetToTheBaseStaysPublishedAndTheMessageSaysSo() throws Exception {
        Scene scene = published();
        SandboxCheckout checkout = SandboxCheckout.at(scene.repo());
        String published = checkout.head();
        checkout.git("reset", "--quiet", "--hard", "origin/main");

        scene.retry("1");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.reason()).isEqualTo(PullRequestReason.NO_CHANGES.code());
        assertThat(end.message())
                .contains(scene.branch() + " still holds " + published.substring(0, 10), "pull request #1");
        assertThat(scene.tip()).contains(published);
        assertThat(scene.pushes()).hasSize(1);
    }

    @Test
    void aCommitThatOnlyTheCheckoutsOriginHasIsPublished() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        // As in a clone of a fork whose main has the work already.
        checkout.git("update-ref", "refs/remotes/origin/main", "HEAD");
        scene.humanCommits("main", "main");

        assertThat(scene.publish("").end().phase()).isEqualTo(Phase.PullRequestCreated);

        assertThat(scene.tip()).contains(checkout.head());
    }

    @Test
    void workOnAMainThatWasRewoundAtTheForgeIsPublished() throws Exception {
        Scene scene = scene().ready();
        String before = scene.tip("main").orElseThrow();
        scene.humanCommits("main", before);
        SandboxCheckout checkout = scene.clonedSandbox();
        scene.remote().run("update-ref", "refs/heads/main", before);

        SessionPublishStatus end = scene.publish("").end();

        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.tip(end.headBranch())).contains(checkout.head());
    }

    @Test
    void anOutdatedCloneWithoutWorkHasNothingToPublish() throws Exception {
        Scene scene = scene().ready();
        scene.clonedSandbox();
        scene.humanCommits("main", "main");

        SessionPublishStatus end = scene.publish("").end();

        assertThat(end.phase()).isEqualTo(Phase.NothingToPublish);
        assertThat(scene.pushes()).isEmpty();
    }

    /** As GitOps tools replace an object: the new one must not be forgotten, although the old one is still being worked on. */
    @Test
    void anObjectThatIsReplacedDuringItsRunIsPublished() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        Fault held = scene.publishAndHold(Fault.Match::stalling);
        world().client().resource(scene.get()).delete();
        scene.publish("  title: Another title");
        held.release();

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.pulls()).hasSize(1);
    }
}
