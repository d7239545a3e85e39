package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import org.junit.jupiter.api.Test;

/** What is known before pushing is refused before pushing: nothing has reached the forge. */
class RefusalIT extends OperatorScenario {

    @Test
    void aSourceOfALaterVersionIsRefusedByName() throws Exception {
        Scene scene = scene();
        scene.publishFrom("sessionName: " + scene.name(), "");

        SessionPublishStatus end = scene.end();

        assertThat(end.phase()).isEqualTo(Phase.Failed);
        assertThat(end.reason()).isEqualTo("unsupported-source");
        assertThat(end.message()).startsWith("spec.source.sessionName");
        assertThat(scene.eventActions()).containsExactly("git.push.failed");
    }

    @Test
    void aProtectedBranchIsRefusedInAnyLetterCase() throws Exception {
        Scene scene = scene().ready().project("  protectedBranches: [\"Release/*\"]");
        scene.sandbox();

        scene.publish("  headBranch: rELEASE/1.0\n  force: true");

        SessionPublishStatus end = scene.end();
        assertThat(end.reason()).isEqualTo("protected-branch");
        assertThat(scene.gitRequests()).isEmpty();
        assertThat(scene.execs()).isZero();
    }

    @Test
    void theBaseIsNeverTheHead() throws Exception {
        Scene scene = scene().ready().project("  protectedBranches: []");
        scene.sandbox();

        scene.publish("  headBranch: MAIN");

        assertThat(scene.end().reason()).isEqualTo("protected-branch");
        assertThat(scene.gitRequests()).isEmpty();
    }

    @Test
    void aHostThatTheAdminDidNotListIsNotAsked() throws Exception {
        Scene scene = scene();
        scene.sandbox();
        world().cluster().applyYaml("""
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionProject
                metadata: {namespace: %s, name: %s}
                spec: {repository: "https://evil.invalid/acme/web", credentialsSecret: {name: web}}
                """.formatted(EmbeddedWorld.NAMESPACE, scene.name()));

        scene.publish("");

        SessionPublishStatus end = scene.end();
        assertThat(end.reason()).isEqualTo("unsupported-host");
        assertThat(end.message()).contains("evil.invalid");
        assertThat(scene.execs()).isZero();
    }

    @Test
    void aBranchNameThatGitRefusesIsRefusedBeforeThePod() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();

        scene.publish("  headBranch: \"a..b\"");

        assertThat(scene.end().reason()).isEqualTo("invalid-branch");
        assertThat(scene.execs()).isZero();
    }

    @Test
    void aMissingBaseIsRefusedBeforeThePod() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();

        scene.publish("  baseBranch: develop");

        assertThat(scene.end().reason()).isEqualTo("base-missing");
        assertThat(scene.execs()).isZero();
    }

    @Test
    void workThatAddsNothingEndsWell() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox().checkout("main");

        scene.publish("");

        SessionPublishStatus end = scene.end();
        assertThat(end.phase()).isEqualTo(Phase.NothingToPublish);
        assertThat(end.reason()).isEqualTo("no-changes");
        assertThat(Scene.condition(end, "Ready")).isEqualTo("True NoChanges");
        assertThat(scene.pushes()).isEmpty();
        assertThat(scene.events()).isEmpty();
    }
}
