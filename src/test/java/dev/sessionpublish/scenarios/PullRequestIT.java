package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubPull;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.lifecycle.StartedBy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBindingBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which pull request a publish ends with, and what it says. */
class PullRequestIT extends OperatorScenario {

    @Test
    void onePullRequestIsOpenedWithTheWordsOfTheWork() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();

        scene.publish("");

        SessionPublishStatus end = scene.end();
        GitHubPull pull = scene.pulls().get(0);
        assertThat(end.pullRequest().number()).isEqualTo(pull.number());
        assertThat(end.pullRequest().url()).isEqualTo(world().git().url(scene.repository()) + "/pull/" + pull.number());
        assertThat(end.pullRequest().state()).isEqualTo("open");
        assertThat(end.pullRequest().adopted()).isFalse();
        assertThat(end.commit()).isEqualTo(checkout.head());
        assertThat(pull.title()).isEqualTo("Fix the login form");
        assertThat(pull.body())
                .contains(checkout.head().substring(0, 7), "Fix the login form", "agents/" + scene.name());
        assertThat(pull.draft()).isFalse();
        assertThat(pull.headCommit()).isEqualTo(checkout.head());
        assertThat(scene.events().get(3).getRegarding().getName()).isEqualTo(scene.name());
        assertThat(scene.events().get(3).getNote()).contains(end.pullRequest().url());
        assertThat(Scene.condition(end, "PullRequestReady")).isEqualTo("True PullRequestCreated");
    }

    @Test
    void whoAskedIsToldInStatusInEveryEventAndBelowThePullRequest() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();

        scene.publish("  requestedBy: alice@example.com");

        SessionPublishStatus end = scene.end();
        assertThat(end.requestedBy()).isEqualTo("alice@example.com");
        assertThat(end.history()).hasSize(4).allSatisfy(entry -> assertThat(entry.data())
                .containsEntry("by", "alice@example.com"));
        assertThat(scene.events()).hasSize(4).allSatisfy(event -> assertThat(
                        event.getMetadata().getAnnotations())
                .containsEntry("sessionpublish.dev/by", "alice@example.com"));
        assertThat(scene.pulls().get(0).body()).contains(", requested by alice@&ZeroWidthSpace;example.com, as");
    }

    /** The embedded API server has no admission policies, as those before Kubernetes 1.36. */
    @Test
    void aRunThatSomebodyElseMayHaveStartedNamesNobody() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        scene.publish("  requestedBy: alice\n  suspend: true");
        scene.awaitPhase(Phase.Suspended);
        scene.annotate(StartedBy.ANNOTATION, "alice");

        scene.publish("  requestedBy: alice\n  suspend: false");

        SessionPublishStatus end = scene.end();
        assertThat(end.requestedBy()).isEqualTo("alice");
        assertThat(end.startedBy()).isNull();
        assertThat(end.history()).hasSize(4).allSatisfy(entry -> assertThat(entry.data())
                .containsEntry("by", ""));
        assertThat(scene.pulls().get(0).body()).doesNotContain("requested by");
    }

    @Test
    void whoStartedARunIsNamedWhereAPolicyVerifiesItAndAutomaticRetriesKeepTheName() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        ValidatingAdmissionPolicyBinding verified = new ValidatingAdmissionPolicyBindingBuilder()
                .withNewMetadata()
                .withName("started-by.sessionpublish.dev")
                .endMetadata()
                .build();
        world().client().resource(verified).create();
        try {
            scene.publish("  requestedBy: alice\n  suspend: true");
            scene.awaitPhase(Phase.Suspended);
            scene.annotate(StartedBy.ANNOTATION, "bob");
            scene.faultOfAdvertisement(match -> match.answering(503, Map.of(), "down"));

            scene.publish("  requestedBy: alice\n  suspend: false");

            SessionPublishStatus end = scene.end();
            assertThat(end.requestedBy()).isEqualTo("alice");
            assertThat(end.startedBy()).isEqualTo("bob");
            assertThat(end.history()).hasSize(4).allSatisfy(entry -> assertThat(entry.data())
                    .containsEntry("by", "bob"));
            assertThat(scene.pulls().get(0).body()).contains(", requested by bob, as");
        } finally {
            world().client().resource(verified).delete();
        }
    }

    @Test
    void titleBodyDraftLabelsAndPeopleAreThoseOfTheSpecAndTheProject() throws Exception {
        Scene scene = scene().ready();
        scene.project("  pullRequests: {draft: true, labels: [agent]}");
        world().gitHub().repository(scene.repository()).collaborators("rita", "asa");
        scene.sandbox();

        scene.publish("""
                  title: My title
                  body: My body
                  labels: [urgent]
                  reviewers: [rita]
                  assignees: [asa]
                """);

        scene.end();
        GitHubPull pull = scene.pulls().get(0);
        assertThat(pull.title()).isEqualTo("My title");
        assertThat(pull.body()).startsWith("My body");
        assertThat(pull.draft()).isTrue();
        assertThat(pull.labels()).containsExactlyInAnyOrder("agent", "urgent");
        assertThat(pull.reviewers()).containsExactly("rita");
        assertThat(pull.assignees()).containsExactly("asa");
    }

    @Test
    void aRefusedReviewerIsANoteAndNotAFailure() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();

        scene.publish("  reviewers: [nobody-here]");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.reason()).isNull();
        assertThat(end.message()).contains("eviewer");
        assertThat(scene.pulls()).hasSize(1);
    }

    @Test
    void labelsThatTheForgeRefusedAreAddedWhenAUserRetries() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        world().gitHub()
                .next(GitHubFault.answer(
                        "POST",
                        "/repos/" + scene.repository() + "/issues/1/labels",
                        GitHubReply.error(403, "Resource not accessible by personal access token")));
        scene.publish("  labels: [agent]");
        assertThat(scene.end().message()).contains("The labels agent could not be added");

        scene.annotate("sessionpublish.dev/retry-at", "1");

        SessionPublishStatus end =
                scene.await(status -> "1".equals(status.observedRetryAt()) && status.finishedAt() != null);
        assertThat(end.message()).startsWith("Updated pull request #1").doesNotContain("could not be added");
        assertThat(scene.pulls().get(0).labels()).containsExactly("agent");
    }

    @Test
    void aRetryOfAPullRequestThatAPersonOpenedAddsNoLabels() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        scene.remote().run("fetch", "-q", checkout.directory().toString(), "HEAD");
        scene.remote().run("update-ref", "refs/heads/" + scene.branch(), checkout.head());
        scene.byAPerson().open(scene.pullRequest("Mine"));
        scene.publish("  headBranch: " + scene.branch() + "\n  labels: [agent]");
        assertThat(scene.end().pullRequest().adopted()).isTrue();

        scene.annotate("sessionpublish.dev/retry-at", "1");

        scene.await(status -> "1".equals(status.observedRetryAt()) && status.finishedAt() != null);
        assertThat(scene.pulls().get(0).labels()).isEmpty();
    }

    @Test
    void anOpenPullRequestOfTheBranchIsAdopted() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        branchIsAtMain(scene);
        scene.remote().run("fetch", "-q", checkout.directory().toString(), "HEAD");
        scene.remote().run("update-ref", "refs/heads/" + scene.branch(), checkout.head());
        scene.byAPerson().open(scene.pullRequest("Mine"));
        checkout.commit("More", "more.txt", "x\n");

        scene.publish("  headBranch: " + scene.branch());

        SessionPublishStatus end = scene.end();
        assertThat(end.pullRequest().adopted()).isTrue();
        assertThat(scene.pulls()).extracting(GitHubPull::title).containsExactly("Mine");
        assertThat(scene.pulls().get(0).headCommit()).isEqualTo(checkout.head());
        assertThat(scene.posts()).isEqualTo(1);
    }

    @Test
    void onePullRequestThatIsOpenedMeanwhileIsAdopted() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        // The answer to the first request is lost, so that the second one meets what the first one made.
        world().gitHub()
                .next(GitHubFault.of(
                        GitHubFault.Kind.RESET_AFTER_EFFECT, "POST", "/repos/" + scene.repository() + "/pulls"));

        scene.publish("");

        SessionPublishStatus end = scene.await(status -> status.phase() == Phase.PullRequestCreated);
        assertThat(end.pullRequest().state()).isEqualTo("open");
        assertThat(scene.pulls()).hasSize(1);
        assertThat(Scene.types(end)).containsOnlyOnce("git.pr.started", "git.pr.succeeded");
    }

    @Test
    void aMergedPullRequestOfTheSameCommitIsTheAnswer() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        scene.publish("").end();
        world().gitHub().repository(scene.repository()).end(1, true);

        scene.retry("1");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.Merged);
        assertThat(scene.pulls()).hasSize(1);
        assertThat(scene.tip()).contains(checkout.head());
    }

    @Test
    void newCommitsAfterAMergeGetANewPullRequest() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        scene.publish("").end();
        world().gitHub().repository(scene.repository()).end(1, true);
        checkout.commit("More", "more.txt", "x\n");

        scene.retry("1");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.pullRequest().number()).isEqualTo(2);
        assertThat(end.pullRequest().adopted()).isFalse();
        assertThat(scene.pulls()).hasSize(2);
    }

    @Test
    void aPullRequestThatWasClosedUnmergedIsFollowedByANewOne() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        scene.publish("").end();
        world().gitHub().repository(scene.repository()).end(1, false);

        scene.retry("1");

        SessionPublishStatus end = scene.end();
        assertThat(end.pullRequest().number()).isEqualTo(2);
        assertThat(scene.pulls()).hasSize(2);
    }

    @Test
    void newCommitsGoToTheSameBranchAndTheSamePullRequest() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        scene.publish("").end();
        checkout.commit("More", "more.txt", "x\n");

        scene.retry("again");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.pullRequest().number()).isEqualTo(1);
        assertThat(end.pullRequest().adopted()).isFalse();
        assertThat(scene.tip()).contains(checkout.head());
        assertThat(scene.pulls()).hasSize(1);
        assertThat(scene.branchUpdates()).isEqualTo(2);
        List<String> once = List.of("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded");
        assertThat(Scene.types(end).subList(0, 4)).isEqualTo(once);
        assertThat(Scene.types(end).subList(4, 8)).isEqualTo(once);
        assertThat(scene.events()).hasSize(8);
    }

    @Test
    void aRetryOfUnchangedWorkPushesNothing() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        scene.publish("").end();

        scene.retry("again");

        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.pushes()).hasSize(1);
        assertThat(scene.pulls()).hasSize(1);
    }

    private static void branchIsAtMain(Scene scene) {
        scene.remote().run("branch", scene.branch(), "main");
    }
}
