package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Access;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.embedded.GitHubToken;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a project tells of its repository and credential, and what becomes of that when the forge changes. */
class ProjectIT extends OperatorScenario {

    @Test
    void aProjectInOrderTellsAllThatWasFound() throws Exception {
        Scene scene = scene().ready();

        SessionProjectStatus status = scene.storedProject().orElseThrow().getStatus();
        assertThat(ready(scene)).isEqualTo("True Ready");
        assertThat(status.repository()).isEqualTo(world().git().url(scene.repository()));
        assertThat(status.defaultBranch()).isEqualTo("main");
        assertThat(status.permissions().push()).isTrue();
        assertThat(status.rateLimit().limit()).isEqualTo(5000);
        assertThat(status.rateLimit().remaining()).isPositive();
        assertThat(status.rateLimit().resetAt()).isEqualTo("2100-01-01T00:00:00Z");
        assertThat(status.nextCheckAt()).isNull();
    }

    @Test
    void aDefaultBranchThatIsRenamedAtTheForgeIsFollowed() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        scene.remote().run("branch", "-m", "main", "trunk");

        scene.publish("");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).as("%s", end).isEqualTo(Phase.PullRequestCreated);
        assertThat(end.baseBranch()).isEqualTo("trunk");
        assertThat(scene.tip()).contains(checkout.head());
        assertThat(scene.pulls()).extracting(pull -> pull.baseBranch()).containsExactly("trunk");
        scene.awaitProject(project -> "trunk".equals(project.getStatus().defaultBranch()));
    }

    @Test
    void theNewDefaultBranchIsNoHeadEither() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        scene.remote().run("branch", "-m", "main", "trunk");

        scene.publish("  headBranch: trunk");

        assertThat(scene.end().reason()).isEqualTo("protected-branch");
    }

    @Test
    void anotherTokenIsAnotherLookAtTheDefaultBranch() throws Exception {
        Scene scene = scene().ready();
        var git = scene.remote();
        git.run("branch", "develop", "main");
        git.run("symbolic-ref", "HEAD", "refs/heads/develop");
        scene.renewToken();

        scene.awaitProject(project -> "develop".equals(project.getStatus().defaultBranch()));
    }

    /** The API does not accept the token, so only git can say which branch is the default. */
    @Test
    void theDefaultBranchIsNoHeadAlthoughTheProjectDoesNotKnowIt() throws Exception {
        Scene scene = scene();
        var git = scene.remote();
        git.run("branch", "develop", "main");
        git.run("symbolic-ref", "HEAD", "refs/heads/develop");
        String before = git.run("rev-parse", "develop");
        scene.secret(Map.of("push-token", scene.token(), "pull-request-token", "ghp_wrong-" + scene.name()))
                .project("");
        SandboxCheckout checkout = scene.clonedSandbox().commit("Work", "a.txt", "a");

        scene.publish("  createPullRequest: false");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).as(end.message()).isEqualTo(Phase.Pushed);
        assertThat(end.headBranch()).startsWith("session/");
        assertThat(scene.tip(end.headBranch())).contains(checkout.head());
        assertThat(git.run("rev-parse", "develop")).isEqualTo(before);
    }

    @Test
    void aTokenThatIsWrongForApiAndGitIsAuthAlsoWhereTheBaseIsGiven() throws Exception {
        Scene scene = scene();
        scene.secret(Map.of("token", "ghp_wrong-" + scene.name())).project("");
        scene.sandbox();

        scene.publish("  baseBranch: main");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).as(end.message()).isEqualTo(Phase.Failed);
        assertThat(end.reason()).isEqualTo("auth");
    }

    @Test
    void anEmptyRepositoryHasNoDefaultBranchAndTakesAPush() throws Exception {
        Scene scene = scene();
        SandboxCheckout checkout = scene.sandbox();
        var git = scene.remote();
        for (String ref : git.run("for-each-ref", "--format=%(refname)").lines().toList()) {
            git.run("update-ref", "-d", ref);
        }
        scene.secret(Map.of("push-token", scene.token())).project("");

        scene.publish("  createPullRequest: false");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).as(end.message()).isEqualTo(Phase.Pushed);
        assertThat(scene.tip()).contains(checkout.head());
    }

    @Test
    void aRepositoryThatIsMadeLaterIsFoundByWhoPublishesToIt() throws Exception {
        Scene scene = scene();
        world().gitHub()
                .next(GitHubFault.answer("GET", "/repos/" + scene.repository(), GitHubReply.error(404, "Not Found"))
                        .times(1_000));
        scene.registered();
        scene.awaitProject(project -> ready(scene).equals("False NotFound"));
        scene.sandbox();
        world().gitHub().clearFaults();

        scene.publish("");

        assertThat(scene.awaitPhase(Phase.PullRequestCreated).baseBranch()).isEqualTo("main");
        assertThat(ready(scene)).isEqualTo("True Ready");
    }

    @Test
    void aTokenThatMayOnlyReadIsSaidByTheProjectAndByThePublish() throws Exception {
        Scene scene = scene();
        String reader = "ghp_reader-" + scene.name();
        world().git().access().token(reader, "reader", Map.of(scene.repository(), Access.Permission.READ));
        world().gitHub().token(reader, "reader").may(GitHubToken.Access.READ, scene.repository());
        scene.secret(Map.of("token", reader)).project("");
        scene.sandbox();

        scene.publish("");

        assertThat(scene.end().reason()).isEqualTo("forbidden");
        scene.awaitProject(project -> ready(scene).equals("False Forbidden"));
        SessionProjectStatus status = scene.storedProject().orElseThrow().getStatus();
        assertThat(status.defaultBranch()).isEqualTo("main");
        assertThat(status.permissions().push()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true, false, False Archived, Unarchive it", "false, true, False ReadOnly, GitHub has disabled"})
    void aRepositoryThatTakesNoPushesIsNotReady(boolean archived, boolean disabled, String ready, String said)
            throws Exception {
        Scene scene = scene();
        world().gitHub().repository(scene.repository()).archived(archived).disabled(disabled);

        scene.registered();

        scene.awaitProject(project -> ready(scene).equals(ready));
        SessionProjectStatus status = scene.storedProject().orElseThrow().getStatus();
        assertThat(status.conditions())
                .filteredOn(each -> each.getType().equals("Ready"))
                .singleElement()
                .satisfies(condition -> assertThat(condition.getMessage()).contains(said));
        assertThat(status.defaultBranch()).isEqualTo("main");
        assertThat(status.permissions().push()).isFalse();

        world().gitHub().repository(scene.repository()).archived(false).disabled(false);
        scene.awaitProject(project -> ready(scene).equals("True Ready"));
    }

    @Test
    void aTokenOfItsOwnForPushingIsTriedToo() throws Exception {
        Scene scene = scene();
        scene.secret(Map.of("push-token", "ghp_wrong-" + scene.name(), "pull-request-token", scene.token()))
                .project("");

        scene.awaitProject(project -> ready(scene).equals("False Auth"));
        assertThat(scene.storedProject().orElseThrow().getStatus().permissions().push())
                .isFalse();

        scene.secret(Map.of("push-token", scene.token(), "pull-request-token", scene.token()));
        scene.awaitProject(project -> ready(scene).equals("True Ready"));
    }

    @Test
    void withoutATokenForPullRequestsThatIsSaid() throws Exception {
        Scene scene = scene();
        scene.secret(Map.of("push-token", scene.token())).project("");

        scene.awaitProject(project -> ready(scene).equals("True Ready"));

        SessionProjectStatus status = scene.storedProject().orElseThrow().getStatus();
        assertThat(status.defaultBranch()).isEqualTo("main");
        assertThat(status.permissions().push()).isTrue();
        assertThat(status.permissions().pullRequests()).isFalse();
    }

    @Test
    void aLimitThatIsResetAtNoTimeBreaksNothing() throws Exception {
        Scene scene = scene();
        world().gitHub().token(scene.token(), "agent-bot").rateLimit(10, 5000, Long.MAX_VALUE, 403);

        scene.registered();

        scene.awaitProject(project -> ready(scene).equals("True Ready"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"refs/heads/main", "a b", ""})
    void aDefaultBranchThatNoBranchCanBeIsSaid(String name) throws Exception {
        Scene scene = scene();
        world().gitHub()
                .next(GitHubFault.answer(
                                "GET",
                                "/repos/" + scene.repository(),
                                new GitHubReply(
                                        200,
                                        Map.of(),
                                        new com.fasterxml.jackson.databind.ObjectMapper()
                                                .valueToTree(Map.of(
                                                        "full_name", scene.repository(), "default_branch", name))))
                        .times(1_000));

        scene.registered();

        scene.awaitProject(project -> ready(scene).equals("False InvalidBranch"));
        world().gitHub().clearFaults();
    }

    private static String ready(Scene scene) {
        return scene.storedProject()
                .map(SessionProject::getStatus)
                .filter(status -> status.conditions() != null)
                .map(status -> Scene.condition(status.conditions(), "Ready"))
                .orElse("absent");
    }
}
