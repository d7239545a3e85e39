package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubPull;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.embedded.GitHubRepository;
import dev.sessionpublish.outcome.SharedReason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A changed spec changes the open pull request: what the spec changed, and nothing that a person did. */
class UpdateIT extends OperatorScenario {

    private GitHubRepository atGitHub(Scene scene) {
        return world().gitHub().repository(scene.repository());
    }

    private Scene published(String more) throws Exception {
        Scene scene = scene().ready();
        atGitHub(scene).collaborators("grace", "ada");
        scene.sandbox();
        assertThat(scene.publish(more).end().phase()).isEqualTo(Phase.PullRequestCreated);
        return scene;
    }

    /** A merge patch of the spec; answers the status of the run that it starts. */
    private SessionPublishStatus edit(Scene scene, String spec) {
        long before = scene.get().getStatus().observedGeneration();
        scene.patchSpec(spec);
        return scene.await(status -> status.observedGeneration() > before && status.finishedAt() != null);
    }

    private GitHubPull pull(Scene scene) {
        return scene.pulls().get(0);
    }

    @Test
    void aChangedTitleIsSentAndNothingIsPushed() throws Exception {
        Scene scene = published("  title: A page\n  body: For the menu.");
        String finished = scene.get().getStatus().finishedAt();

        SessionPublishStatus end = edit(scene, "{\"title\": \"Another page\"}");

        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.message()).contains("Updated pull request #1", "Changed: title.");
        assertThat(end.finishedAt()).as("it has not started again").isEqualTo(finished);
        assertThat(pull(scene).title()).isEqualTo("Another page");
        assertThat(pull(scene).body()).isEqualTo("For the menu.");
        assertThat(end.history()).extracting(each -> each.type()).endsWith("git.pr.updated");
        assertThat(scene.execs()).isEqualTo(1);
        assertThat(scene.pushes()).hasSize(1);
        assertThat(scene.pulls()).hasSize(1);
    }

    @Test
    void whatAPersonEditedStaysUnlessTheSpecChangesItToo() throws Exception {
        Scene scene = published("  title: A page\n  body: For the menu.\n  labels: [agent]");
        atGitHub(scene).rewrite(1, "By hand", "By hand");
        atGitHub(scene).label(1, "urgent");

        edit(scene, "{\"body\": \"For the list.\", \"labels\": [\"docs\"]}");

        assertThat(pull(scene).title()).isEqualTo("By hand");
        assertThat(pull(scene).body()).isEqualTo("For the list.");
        assertThat(pull(scene).labels()).containsExactlyInAnyOrder("urgent", "docs");
    }

    @Test
    void whoHasReviewedIsNotAskedAgainAndWhoIsNoLongerNamedIsRemoved() throws Exception {
        Scene scene = published("  reviewers: [grace]\n  assignees: [grace]");
        atGitHub(scene).review(1, "grace");
        atGitHub(scene).review(1, "ada");

        edit(scene, "{\"reviewers\": [\"grace\", \"ada\"], \"assignees\": [\"ada\"]}");

        assertThat(pull(scene).reviewers()).isEmpty();
        assertThat(pull(scene).assignees()).containsExactly("ada");
    }

    @Test
    void aDraftBecomesReadyAndADraftAgain() throws Exception {
        Scene scene = published("  draft: true");

        assertThat(edit(scene, "{\"draft\": false}").message()).contains("Changed: ready for review.");
        assertThat(pull(scene).draft()).isFalse();
        assertThat(edit(scene, "{\"draft\": true}").message()).contains("Changed: draft.");
        assertThat(pull(scene).draft()).isTrue();
    }

    @Test
    void aChangeThatThePullRequestDoesNotShowAsksTheForgeNothing() throws Exception {
        Scene scene = published("");
        int asked = world().gitHub().exchanges().size();

        edit(scene, "{\"ttlSecondsAfterFinished\": 3600}");

        assertThat(world().gitHub().exchanges().stream().skip(asked).filter(each -> each.path()
                        .contains(scene.repository())))
                .isEmpty();
    }

    @Test
    void aForgeThatFailsForNowIsAskedAgainAndThePullRequestStaysShown() throws Exception {
        Scene scene = published("  title: A page");
        world().gitHub()
                .next(GitHubFault.answer(
                                "PATCH",
                                "/repos/" + scene.repository() + "/pulls/1",
                                GitHubReply.error(502, "Bad Gateway"))
                        .times(2));

        SessionPublishStatus failed = edit(scene, "{\"title\": \"Another page\"}");
        assertThat(failed.phase()).isEqualTo(Phase.PullRequestCreated);
        SessionPublishStatus end = scene.await(status -> status.reason() == null);

        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.nextAttemptAt()).isNull();
        assertThat(pull(scene).title()).isEqualTo("Another page");
        assertThat(end.history().stream().filter(each -> each.type().equals("git.pr.updated")))
                .hasSize(1);
    }

    @Test
    void aRefusalSaysWhatToDoAndTheNextChangeTriesAll() throws Exception {
        Scene scene = published("  title: A page");
        world().gitHub()
                .next(GitHubFault.answer(
                        "PATCH",
                        "/repos/" + scene.repository() + "/pulls/1",
                        GitHubReply.error(403, "Resource not accessible by personal access token")));

        SessionPublishStatus failed = edit(scene, "{\"title\": \"Another page\"}");

        assertThat(failed.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(failed.reason()).isEqualTo(SharedReason.FORBIDDEN.code());
        assertThat(failed.message()).contains("The pull request was left unchanged", "Grant");
        assertThat(edit(scene, "{\"draft\": true}").reason()).isNull();
        assertThat(pull(scene).title()).isEqualTo("Another page");
        assertThat(pull(scene).draft()).isTrue();
    }

    @Test
    void aProjectThatSwitchedPullRequestsOffKeepsThePullRequestAsItIs() throws Exception {
        Scene scene = published("  title: A page");
        scene.project("  pullRequests: {enabled: false}");

        SessionPublishStatus refused = edit(scene, "{\"title\": \"Another page\"}");

        assertThat(refused.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(refused.reason()).isEqualTo("pull-requests-disabled");
        assertThat(refused.message())
                .contains("The pull request was left unchanged", "spec.pullRequests.enabled: false");
        assertThat(pull(scene).title()).isEqualTo("A page");
        scene.project("  pullRequests: {enabled: true}");
        scene.await(status -> status.reason() == null);
        assertThat(pull(scene).title()).isEqualTo("Another page");
    }

    @Test
    void aPullRequestThatAPersonClosedIsFollowedByANewOneWithTheChangedSpec() throws Exception {
        Scene scene = published("  title: A page");
        atGitHub(scene).end(1, false);

        SessionPublishStatus end = edit(scene, "{\"title\": \"Another page\"}");

        assertThat(end.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.message()).contains("#2", "Pull request #1 was closed without merging by grace.");
        assertThat(scene.pulls()).extracting(GitHubPull::title).containsExactly("Another page", "A page");
    }

    @Test
    void anAdoptedPullRequestKeepsItsTextUntilTheSpecChangesIt() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        scene.publish("  createPullRequest: false").end();
        scene.byAPerson().open(scene.pullRequest("By hand"));
        world().client().resource(scene.get()).delete();
        assertThat(scene.publish("  title: A page").end().message()).contains("Adopted pull request #1");
        assertThat(pull(scene).title()).isEqualTo("By hand");

        edit(scene, "{\"body\": \"For the menu.\"}");

        assertThat(pull(scene).title()).isEqualTo("By hand");
        assertThat(pull(scene).body()).isEqualTo("For the menu.");
    }

    @Test
    void aLabelThatIsRefusedIsANoteAndTheRetryAnnotationTriesAgain() throws Exception {
        Scene scene = published("");
        world().gitHub()
                .next(GitHubFault.answer(
                        "POST",
                        "/repos/" + scene.repository() + "/issues/1/labels",
                        GitHubReply.error(403, "Resource not accessible by personal access token")));

        assertThat(edit(scene, "{\"labels\": [\"agent\"]}").message()).contains("The labels agent could not be added.");
        assertThat(pull(scene).labels()).isEmpty();
        scene.again("1");

        assertThat(pull(scene).labels()).isEqualTo(List.of("agent"));
    }
}
