package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.HistoryEntry;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.git.PushReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Others push at the same time, answers get lost, branches come and go: nobody's commit is lost, nothing happens twice. */
class RacesIT extends OperatorScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Scene scene;

    @BeforeEach
    void freshRepository() throws Exception {
        scene = scene().registered();
    }

    @Test
    void aHumansCommitOnTheNamedBranchSurvivesAPublishWithoutForce() {
        scene.clonedSandbox().branch("mine").commit("Work", "a.txt", "a");
        String human = scene.humanCommits("team/topic", "main");

        scene.push("headBranch: team/topic");

        SessionPublish publish = scene.refused(PushReason.NON_FAST_FORWARD);
        assertThat(publish.getStatus().message()).contains("team/topic was left unchanged", human.substring(0, 10));
        assertThat(scene.tip("team/topic")).contains(human);
        assertThat(scene.pushes()).isEmpty();
    }

    @Test
    void aHumansCommitOnTheCheckoutsBranchSurvivesAPublishWithoutForce() {
        scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        scene.push();
        String ours = scene.pushed().getStatus().commit();
        String human = scene.humanCommits("agent/fix", ours);
        SandboxCheckout.at(scene.repo()).commit("More work", "b.txt", "b");

        scene.refused(scene.again("1"), PushReason.NON_FAST_FORWARD);

        assertThat(scene.tip("agent/fix")).contains(human);
    }

    @Test
    void aHumansCommitOnAGeneratedBranchSurvivesAPublishWithoutForce() {
        SandboxCheckout checkout = scene.clonedSandbox().detach().commit("Work", "a.txt", "a");
        scene.push();
        SessionPublish first = scene.pushed();
        String branch = first.getStatus().headBranch();
        assertThat(branch).startsWith("session/");
        String human = scene.humanCommits(branch, checkout.head());
        checkout.amend("Work, said better");

        scene.refused(scene.again("1"), PushReason.NON_FAST_FORWARD);

        assertThat(scene.tip(branch)).contains(human);
    }

    /** Publishes, and brings the sandbox onto what a human then put on the branch; returns the generated branch. */
    private String onAHumansCommit(SandboxCheckout checkout) {
        scene.push();
        String branch = scene.pushed().getStatus().headBranch();
        String human = scene.humanCommits(branch, checkout.head());
        scene.fetch(checkout, branch);
        checkout.git("reset", "--quiet", "--hard", human);
        return branch;
    }

    /** The sandbox has fetched the human's commit: a publish then finds the branch up to date, and may not call it its own. */
    @Test
    void aHumansCommitThatThePublishFoundUpToDateSurvivesTheNextOne() {
        SandboxCheckout checkout = scene.clonedSandbox().detach().commit("Work", "a.txt", "a");
        String work = checkout.head();
        String branch = onAHumansCommit(checkout);
        String human = checkout.head();
        Scene.inPhase(scene.again("1"), Phase.Pushed);
        checkout.git("reset", "--quiet", "--hard", work);
        checkout.amend("Work, said better");

        scene.refused(scene.again("2"), PushReason.NON_FAST_FORWARD);

        assertThat(scene.tip(branch)).contains(human);
    }

    @Test
    void aHumansCommitThatThePublishBuiltOnSurvivesTheNextOne() {
        SandboxCheckout checkout = scene.clonedSandbox().detach().commit("Work", "a.txt", "a");
        String work = checkout.head();
        String branch = onAHumansCommit(checkout);
        checkout.commit("More work", "b.txt", "b");
        String built = checkout.head();
        Scene.inPhase(scene.again("1"), Phase.Pushed);
        assertThat(scene.tip(branch)).contains(built);
        checkout.git("reset", "--quiet", "--hard", work);
        checkout.amend("Work, said better");

        scene.refused(scene.again("2"), PushReason.NON_FAST_FORWARD);

        assertThat(scene.tip(branch)).contains(built);
    }

    @Test
    void aGeneratedBranchIsReplacedWhileItsTipIsOurOwnPush() {
        SandboxCheckout checkout = scene.clonedSandbox().detach().commit("Work", "a.txt", "a");
        scene.push();
        SessionPublish first = scene.pushed();
        checkout.amend("Work, said better");

        SessionPublish second = Scene.inPhase(scene.again("1"), Phase.Pushed);

        assertThat(second.getStatus().headBranch()).isEqualTo(first.getStatus().headBranch());
        assertThat(scene.tip(second.getStatus().headBranch())).contains(checkout.head());
        assertThat(second.getStatus().push().forced()).isTrue();
        assertThat(second.getStatus().push().previousCommit())
                .isEqualTo(first.getStatus().commit());
    }

    @Test
    void aGeneratedBranchIsOursWhateverTheTitleIsByNow() {
        SandboxCheckout checkout = scene.clonedSandbox().detach().commit("Work", "a.txt", "a");
        scene.push("title: Mend the header");
        String branch = scene.pushed().getStatus().headBranch();
        scene.push("title: Mend the footer");
        checkout.amend("Work, said better");

        SessionPublish second = Scene.inPhase(scene.again("1"), Phase.Pushed);

        assertThat(second.getStatus().headBranch()).isEqualTo(branch);
        assertThat(scene.tip(branch)).contains(checkout.head());
    }

    @Test
    void aGeneratedBranchIsOursAlthoughItsPodHasBeenReplaced() {
        SandboxCheckout checkout = scene.clonedSandbox().detach().commit("Work", "a.txt", "a");
        scene.push();
        SessionPublish first = scene.pushed();
        String branch = first.getStatus().headBranch();
        world.cluster().replacePod(EmbeddedWorld.NAMESPACE, first.getMetadata().getName(), scene.root());
        checkout.amend("Work, said better");

        SessionPublish second = Scene.inPhase(scene.again("1"), Phase.Pushed);

        assertThat(second.getStatus().source().podUid())
                .isNotEqualTo(first.getStatus().source().podUid());
        assertThat(scene.tip(branch)).contains(checkout.head());
    }

    @Test
    void aBranchOfTheCheckoutThatWasRewrittenIsNotReplacedWithoutForce() {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        scene.push();
        String ours = scene.pushed().getStatus().commit();
        checkout.amend("Work, said better");

        scene.refused(scene.again("1"), PushReason.NON_FAST_FORWARD);

        assertThat(scene.tip("agent/fix")).contains(ours);
    }

    @Test
    void forceReplacesWhatWasAdvertised() {
        SandboxCheckout checkout = scene.clonedSandbox().branch("mine").commit("Work", "a.txt", "a");
        String human = scene.humanCommits("team/topic", "main");

        scene.push("headBranch: team/topic", "force: true");

        SessionPublish publish = scene.pushed();
        assertThat(scene.tip("team/topic")).contains(checkout.head());
        assertThat(publish.getStatus().push().forced()).isTrue();
        assertThat(publish.getStatus().push().previousCommit()).isEqualTo(human);
    }

    @Test
    void withForceAHumansCommitSurvivesThatArrivedAfterTheAdvertisedTip() throws Exception {
        SandboxCheckout checkout = scene.clonedSandbox().branch("mine").commit("Work", "a.txt", "a");
        String advertised = scene.humanCommits("team/topic", "main");
        Fault held = scene.faultOfPush(Fault.Match::stalling);

        scene.push("headBranch: team/topic", "force: true");
        assertThat(held.awaitReached(PATIENCE)).isTrue();
        String human = scene.humanCommits("team/topic", advertised);
        held.release();

        SessionPublish publish = scene.refused(PushReason.LEASE_STALE);
        assertThat(publish.getStatus().message()).contains(human.substring(0, 10), "retry-at");
        assertThat(scene.tip("team/topic")).contains(human);
        assertThat(scene.pushes()).hasSize(1);

        // A person has looked, and asks for it again.
        Scene.inPhase(scene.again("1"), Phase.Pushed);
        assertThat(scene.tip("team/topic")).contains(checkout.head());
    }

    @Test
    void withForceAHumansCommitSurvivesThatArrivedBetweenTwoAttempts() {
        scene.clonedSandbox().branch("mine").commit("Work", "a.txt", "a");
        String advertised = scene.humanCommits("team/topic", "main");
        scene.faultOfPush(match -> match.answering(503, Map.of("Retry-After", "2"), "busy"));

        scene.push("headBranch: team/topic", "force: true");
        scene.awaitPhase(Phase.Waiting);
        String human = scene.humanCommits("team/topic", advertised);

        scene.refused(PushReason.LEASE_STALE);
        assertThat(scene.tip("team/topic")).contains(human);
    }

    @Test
    void withoutForceACommitThatArrivedAfterTheAdvertisedTipIsSeenTheSecondTime() throws Exception {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        Fault held = scene.faultOfPush(Fault.Match::stalling);

        scene.push();
        assertThat(held.awaitReached(PATIENCE)).isTrue();
        String human = scene.humanCommits("agent/fix", "main");
        held.release();

        scene.refused(PushReason.NON_FAST_FORWARD);
        assertThat(scene.tip("agent/fix")).contains(human).isNotEqualTo(checkout.head());
        assertThat(scene.pushes()).hasSize(1);
    }

    @Test
    void aLeaseThatWasStaleOnceRecovers() throws Exception {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        Fault held = scene.faultOfPush(Fault.Match::stalling);

        scene.push();
        assertThat(held.awaitReached(PATIENCE)).isTrue();
        scene.remote().run("update-ref", "refs/heads/agent/fix", "main");
        held.release();

        SessionPublish publish = scene.pushed();
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
        assertThat(publish.getStatus().history())
                .extracting(HistoryEntry::type)
                .containsExactly("git.push.started", "git.push.failed", "git.push.started", "git.push.succeeded");
        assertThat(publish.getStatus().history().get(1).data()).containsEntry("reason", "lease-stale");
        assertThat(scene.pushes()).hasSize(2);
    }

    @Test
    void ofTwoPublishesToOneBranchOneWinsAndTheOtherSaysSo() throws Exception {
        String one = scene.clonedSandbox()
                .branch("shared")
                .commit("Work of a", "a.txt", "a")
                .head();
        Scene rival = scene.another();
        String other = rival.clonedSandbox()
                .branch("shared")
                .commit("Work of b", "b.txt", "b")
                .head();
        Fault first = scene.faultOfPush(Fault.Match::stalling);
        Fault second = scene.faultOfPush(Fault.Match::stalling);

        scene.push();
        rival.push();
        assertThat(first.awaitReached(PATIENCE)).isTrue();
        assertThat(second.awaitReached(PATIENCE)).isTrue();
        first.release();
        second.release();

        List<SessionPublish> ends = List.of(scene.ended(), rival.ended());
        SessionPublish winner = ends.stream()
                .filter(each -> each.getStatus().phase() == Phase.Pushed)
                .findFirst()
                .orElseThrow();
        SessionPublish loser =
                ends.stream().filter(each -> each != winner).findFirst().orElseThrow();
        scene.refused(loser, PushReason.NON_FAST_FORWARD);
        assertThat(scene.tip("shared"))
                .contains(winner.getStatus().commit())
                .get()
                .isIn(one, other);
    }

    @Test
    void aBranchThatIsDeletedWhileItIsPushedToIsMadeAgain() throws Exception {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        scene.push();
        scene.pushed();
        checkout.commit("More", "b.txt", "b");
        Fault held = scene.faultOfPush(Fault.Match::stalling);
        Thread deleting = new Thread(() -> {
            try {
                if (held.awaitReached(PATIENCE)) {
                    scene.remote().run("update-ref", "-d", "refs/heads/agent/fix");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                held.release();
            }
        });
        deleting.start();

        Scene.inPhase(scene.again("1"), Phase.Pushed);

        deleting.join();
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
        assertThat(scene.pushes()).hasSize(3);
    }

    @Test
    void aBranchThatWasOursAndIsGoneIsMadeAgain() {
        SandboxCheckout checkout = scene.clonedSandbox().detach().commit("Work", "a.txt", "a");
        scene.push();
        String branch = scene.pushed().getStatus().headBranch();
        scene.remote().run("update-ref", "-d", "refs/heads/" + branch);

        Scene.inPhase(scene.again("1"), Phase.Pushed);

        assertThat(scene.tip(branch)).contains(checkout.head());
    }

    @ParameterizedTest
    @ValueSource(strings = {"topic", "topic/a/b"})
    void aBranchThatCantStandBesideAnotherIsRefusedBeforeThePush(String existing) {
        scene.remote().run("update-ref", "refs/heads/" + existing, "main");
        scene.clonedSandbox().branch("mine").commit("Work", "a.txt", "a");

        scene.push("headBranch: topic/a");

        assertThat(scene.refused(PushReason.BRANCH_CONFLICT).getStatus().message())
                .contains("existing branch " + existing + ":");
        assertThat(scene.tip("topic/a")).isEmpty();
        assertThat(scene.pushes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"topic", "topic/a/b"})
    void aBranchThatCantStandBesideOneThatCameMeanwhileIsToldAsThat(String arriving) throws Exception {
        scene.clonedSandbox().branch("mine").commit("Work", "a.txt", "a");
        Fault held = scene.faultOfPush(Fault.Match::stalling);

        scene.push("headBranch: topic/a");
        assertThat(held.awaitReached(PATIENCE)).isTrue();
        scene.remote().run("update-ref", "refs/heads/" + arriving, "main");
        held.release();

        assertThat(scene.refused(PushReason.BRANCH_CONFLICT).getStatus().message())
                .contains("existing branch " + arriving + ":");
        assertThat(scene.tip("topic/a")).isEmpty();
    }

    @Test
    void aTagOfTheSameNameIsNotTouched() {
        scene.remote().run("tag", "v1", "main");
        String tagged = scene.remote().run("rev-parse", "refs/tags/v1");
        SandboxCheckout checkout = scene.clonedSandbox().branch("mine").commit("Work", "a.txt", "a");

        scene.push("headBranch: v1");

        scene.pushed();
        assertThat(scene.tip("v1")).contains(checkout.head());
        assertThat(scene.remote().run("rev-parse", "refs/tags/v1")).isEqualTo(tagged);
    }

    @Test
    void anAnswerThatIsLostAfterThePushHappenedIsSettledByLookingAtTheBranch() {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        scene.faultOfPush(Fault.Match::resettingAfterProcessing);

        scene.publish("");

        SessionPublish publish = Scene.inPhase(scene.ended(), Phase.PullRequestCreated);
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
        assertThat(scene.pushes()).hasSize(1);
        assertThat(scene.remote().run("reflog", "show", "refs/heads/agent/fix").lines())
                .hasSize(1);
        assertThat(publish.getStatus().history())
                .extracting(HistoryEntry::type)
                .containsExactly("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded");
        assertThat(scene.pulls()).hasSize(1);
    }

    @Test
    void anAnswerThatIsLostAndABranchThatCantBeLookedAtAreSettledTheNextTime() throws Exception {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        Path reached = scene.root().resolve("reached");
        Path go = scene.root().resolve("go");
        scene.holdInHook(reached, go);
        scene.faultOfPush(Fault.Match::resettingAfterProcessing);

        scene.push();
        Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(reached));
        scene.faultOfAdvertisement(match -> match.answering(502, Map.of(), "bad gateway"));
        Files.createFile(go);

        SessionPublish publish = scene.pushed();
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
        assertThat(scene.pushes()).hasSize(1);
        assertThat(scene.remote().run("reflog", "show", "refs/heads/agent/fix").lines())
                .hasSize(1);
        assertThat(publish.getStatus().commit()).isEqualTo(checkout.head());
        assertThat(publish.getStatus().history())
                .extracting(HistoryEntry::type)
                .startsWith("git.push.started")
                .endsWith("git.push.succeeded");
    }

    @Test
    void aConnectionThatBreaksWithinThePackIsTriedAgain() {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        scene.faultOfPush(match -> match.resettingAfterRequestBytes(180));

        scene.push();

        SessionPublish publish = scene.pushed();
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
        assertThat(publish.getStatus().history().get(1).data()).containsEntry("reason", "network");
    }

    @Test
    void aBranchThatIsWhereItShallBeIsNotPushedAgain() {
        scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        scene.push();
        scene.pushed();

        Scene.inPhase(scene.again("1"), Phase.Pushed);

        assertThat(scene.pushes()).hasSize(1);
    }

    @Test
    void whatNeedsNoPushReplacesNothingEvenWithForce() {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        checkout.git("push", "--quiet", scene.remote().directory().toString(), "HEAD:refs/heads/agent/fix");

        scene.push("force: true");

        SessionPublish publish = scene.pushed();
        assertThat(publish.getStatus().commit()).isEqualTo(checkout.head());
        assertThat(publish.getStatus().push().forced()).isFalse();
        assertThat(scene.pushes()).isEmpty();
    }

    @Test
    void aPushThatIsFoundToHaveHappenedIsToldThoughItsSandboxIsGone() throws Exception {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        Path reached = scene.root().resolve("reached");
        Path go = scene.root().resolve("go");
        scene.holdInHook(reached, go);
        scene.faultOfPush(Fault.Match::resettingAfterProcessing);
        scene.publish("");
        Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(reached));
        scene.faultOfAdvertisement(match -> match.answering(502, Map.of("Retry-After", "600"), "bad gateway"));
        Files.createFile(go);
        scene.await(status -> status.nextAttemptAt() != null);
        world.client()
                .pods()
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(scene.name())
                .delete();

        SessionPublish publish = Scene.inPhase(scene.again("1"), Phase.PullRequestCreated);

        assertThat(publish.getStatus().commit()).isEqualTo(checkout.head());
        assertThat(publish.getStatus().history())
                .extracting(HistoryEntry::type)
                .containsSubsequence("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fix/$(touch$IFS/x)`;&|'\"!<>{}#%,=+",
                "функция/日本語-é",
                "funktion/e\u0301",
                "@@/--force",
                "x/refs/heads/y",
                "$HOME/$IFS"
            })
    void aBranchsNameIsTakenLiterally(String branch) {

        SandboxCheckout checkout = scene.clonedSandbox().branch("mine").commit("Work", "a.txt", "a");

        scene.push("headBranch: '" + branch.replace("'", "''") + "'");

        assertThat(scene.pushed().getStatus().headBranch()).isEqualTo(branch);
        assertThat(scene.remote()
                        .run("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads")
                        .lines())
                .containsExactlyInAnyOrder(
                        "refs/heads/" + branch + " " + checkout.head(),
                        "refs/heads/main " + scene.tip("main").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent/$(id)`;&|'\"!<>{}#%,=+", "агент/日本語"})
    void aBranchOfTheCheckoutIsTakenLiterally(String branch) {
        SandboxCheckout checkout = scene.clonedSandbox().branch(branch).commit("Work", "a.txt", "a");

        scene.push();

        assertThat(scene.pushed().getStatus().headBranch()).isEqualTo(branch);
        assertThat(scene.tip(branch)).contains(checkout.head());
    }

    @Test
    void aPackStaysSmallAlthoughTheBaseHasMovedOnSinceTheClone() {
        byte[] noise = new byte[300_000];
        new Random(7).nextBytes(noise);
        String blob = scene.remote().runWith(noise, "hash-object", "-w", "--stdin");
        String tree = scene.remote().runWith(("100644 blob " + blob + "\tbig.bin\n").getBytes(), "mktree");
        scene.remote()
                .run(
                        "update-ref",
                        "refs/heads/main",
                        scene.remote().run("commit-tree", "-p", "main", "-m", "Big", tree));
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        scene.humanCommits("main", "main");

        scene.push();

        scene.pushed();
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
        assertThat(scene.pushes()).hasSize(1);
        assertThat(scene.pushes().get(0).bytesIn()).isLessThan(10_000);
    }

    @Test
    void whenTheForgeLacksWhatTheCheckoutBelievedItHadEverythingIsSent() {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix").commit("Only here", "a.txt", "a");
        checkout.git("update-ref", "refs/remotes/origin/ghost", checkout.head());
        checkout.commit("On top", Map.of("b.txt", "b"));
        scene.humanCommits("main", "main");

        scene.push();

        scene.pushed();
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
        assertThat(scene.remote().run("log", "--format=%s", "agent/fix").lines())
                .containsExactly("On top", "Only here", "Initial commit");
        assertThat(scene.pushes()).hasSize(2);
    }
}
