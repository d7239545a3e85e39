package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Access;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubPull;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.embedded.GitHubRepository;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.forge.PullRequestReason;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The pull request in the status counts, in whatever order pushes, failures and people's changes come. */
class RecordedPullRequestIT extends OperatorScenario {

    private GitHubRepository atGitHub(Scene scene) {
        return world().gitHub().repository(scene.repository());
    }

    private Scene published() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        assertThat(scene.publish("").end().phase()).isEqualTo(Phase.PullRequestCreated);
        return scene;
    }

    private static SandboxCheckout more(Scene scene) throws Exception {
        return SandboxCheckout.at(scene.repo()).commit("More", "more.txt", "x\n");
    }

    private void fail(Scene scene, String method, String path, int status, int times) {
        world().gitHub()
                .next(GitHubFault.answer(
                                method, "/repos/" + scene.repository() + path, GitHubReply.error(status, "A failure"))
                        .times(times));
    }

    @Test
    void whatWasFoundMergedStaysMergedWhenItIsRetried() throws Exception {
        Scene scene = published();
        atGitHub(scene).squashAndDelete(1);
        world().client().resource(scene.get()).delete();
        assertThat(scene.publish("").end().phase()).isEqualTo(Phase.Merged);

        scene.retry("1");

        assertThat(scene.end().phase()).isEqualTo(Phase.Merged);
        assertThat(scene.tip()).isEmpty();
        assertThat(scene.pulls()).hasSize(1);
    }

    @Test
    void aFailureToReadARetargetedPullRequestOpensNoOther() throws Exception {
        Scene scene = published();
        scene.remote().run("branch", "next", "main");
        atGitHub(scene).retarget(1, "next");
        more(scene);
        fail(scene, "GET", "/pulls/1", 502, 1);

        scene.retry("1");

        SessionPublishStatus end = scene.end();
        assertThat(end.pullRequest().number()).isEqualTo(1);
        assertThat(end.baseBranch()).isEqualTo("next");
        assertThat(scene.pulls()).extracting(GitHubPull::baseBranch).containsExactly("next");
    }

    @Test
    void anOpenPullRequestThatCanNotBeReadIsNoReasonForALink() throws Exception {
        Scene scene = published();
        SandboxCheckout checkout = more(scene);
        Fault held = scene.faultOfPush(Fault.Match::stalling);
        scene.retry("1");
        assertThat(held.awaitReached(Duration.ofSeconds(60))).isTrue();
        fail(scene, "GET", "/pulls/1", 403, 1);
        held.release();

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.reason()).isEqualTo("forbidden");
        assertThat(end.manualPullRequest()).isNull();
        assertThat(scene.tip()).contains(checkout.head());
    }

    @Test
    void aPushWhoseAnswerWasLostIsDoneAlsoWhenAPersonBuiltOnIt() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        world().git()
                .hook(
                        scene.repository(),
                        "post-receive",
                        "export GIT_AUTHOR_NAME=p GIT_AUTHOR_EMAIL=p GIT_COMMITTER_NAME=p GIT_COMMITTER_EMAIL=p\n"
                                + "read old new ref; git update-ref $ref $(git commit-tree -m More -p $new $new^{tree})");
        scene.faultOfPush(Fault.Match::resettingAfterProcessing);

        scene.publish("");

        SessionPublishStatus end = scene.await(status -> status.finishedAt() != null);
        assertThat(end.phase()).as(String.valueOf(end)).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.commit()).isEqualTo(checkout.head());
        assertThat(scene.pushes()).hasSize(1);
    }

    @Test
    void aBranchThatIsGoneWhenItsPullRequestIsRefusedIsPushedAgain() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        world().git().hook(scene.repository(), "post-receive", "read old new ref; git update-ref -d $ref");

        scene.publish("");

        SessionPublishStatus waiting = scene.awaitReason("server-error");
        assertThat(waiting.commit()).isNull();
        assertThat(waiting.phase()).isEqualTo(Phase.Waiting);
        assertThat(Scene.types(waiting)).contains("git.push.failed");
        scene.await(status -> status.phase() == Phase.Waiting && status.attempts() >= 2);
        world().git().hook(scene.repository(), "post-receive", "exit 0");
        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.tip()).contains(checkout.head());
    }

    @Test
    void newWorkAfterAMergeKeepsItsReasonWhenTheTokenIsGone() throws Exception {
        Scene scene = published();
        atGitHub(scene).end(1, true);
        more(scene);
        fail(scene, "POST", "/pulls", 502, 1);
        scene.retry("1");
        scene.await(status -> status.phase() == Phase.OpeningPullRequest && status.nextAttemptAt() != null);
        scene.secret(Map.of("push-token", scene.token()));

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.ManualPullRequestRequired);
        assertThat(end.manualPullRequest().url()).contains(scene.branch());
    }

    @Test
    void workWhosePullRequestWasNeverOpenedGetsItAlthoughTheCheckoutWasReset() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        fail(scene, "POST", "/pulls", 502, 1);
        scene.publish("");
        scene.await(status -> status.phase() == Phase.OpeningPullRequest && status.nextAttemptAt() != null);
        String published = checkout.head();
        checkout.git("reset", "--quiet", "--hard", "origin/main");

        scene.retry("1");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.tip()).contains(published);
    }

    @Test
    void aGeneratedBranchStaysOursWhenThePodIsReplacedTwice() throws Exception {
        Scene scene = scene().registered();
        SandboxCheckout checkout = scene.clonedSandbox().detach().commit("Work", "a.txt", "a");
        scene.push();
        String branch = scene.pushed().getStatus().headBranch();
        for (int i = 1; i <= 2; i++) {
            world().client()
                    .pods()
                    .inNamespace(scene.get().getMetadata().getNamespace())
                    .withName(scene.name())
                    .delete();
            scene.startPod();
            checkout.amend("Work, said better " + i);
            Scene.inPhase(scene.again(String.valueOf(i)), Phase.Pushed);
        }

        assertThat(scene.tip(branch)).contains(checkout.head());
    }

    @Test
    void aPullRequestThatAPersonClosedIsNotFollowedAutomatically() throws Exception {
        Scene scene = published();
        more(scene);
        scene.grant(Access.Permission.READ);
        scene.retry("1");
        scene.await(status -> status.phase() == Phase.Failed);
        atGitHub(scene).end(1, false);

        scene.renewToken();

        SessionPublishStatus end = scene.await(status -> status.phase() == Phase.ManualPullRequestRequired);
        assertThat(end.reason()).isEqualTo(PullRequestReason.PULL_REQUEST_CLOSED.code());
        assertThat(scene.pulls()).hasSize(1);
        scene.retry("2");
        assertThat(scene.end().pullRequest().number()).isEqualTo(2);
    }
}
