package dev.sessionpublish.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.sandbox.SandboxReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sandboxes that stop answering, or answer so slowly that they never end: each attempt ends at its time limit. */
@Timeout(180)
class StalledSandboxIT extends OperatorScenario {

    @Override
    Map<String, String> settings() {
        return Map.of(
                "SESSION_PUBLISH_CHECKOUT_TIMEOUT", "PT3S",
                "SESSION_PUBLISH_SANDBOX_TIMEOUT", "PT3S",
                "SESSION_PUBLISH_EXEC_TIMEOUT", "PT8S");
    }

    private static SessionPublishStatus waiting(Scene scene) {
        SessionPublishStatus status = scene.awaitAttempt();
        assertThat(status.reason()).as("%s", status).isEqualTo(SandboxReason.TIMEOUT.code());
        assertThat(status.phase()).isEqualTo(Phase.Waiting);
        return status;
    }

    @ParameterizedTest
    @ValueSource(strings = {".git/config", ".git/HEAD", ".git/index", ".git/packed-refs"})
    void aNamedPipeInTheRepositoryEndsTheAttemptAndIsNamedAsACause(String place) throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        scene.pipe(place);

        scene.publish("");

        assertThat(waiting(scene).message())
                .contains(
                        "did not describe the checkout within PT3S", "named pipe", "SESSION_PUBLISH_CHECKOUT_TIMEOUT");
    }

    @Test
    void aSandboxThatHasNotAnsweredAfterASecondShowsThatItIsWaitedFor() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.checkout();
        Path stalls = Files.createFile(scene.root().resolve("stalls"));
        scene.beforeGit("rev-parse", "while [ -e '" + stalls + "' ]; do sleep 0.1; done");
        scene.startPod();
        scene.publish("");

        SessionPublishStatus pending = scene.awaitPhase(Phase.Pending);

        assertThat(pending.message()).isEqualTo("Waiting for the sandbox to answer.");
        assertThat(pending.observedGeneration()).isEqualTo(1);
        assertThat(Scene.condition(pending, "Ready")).isEqualTo("False Pending");
        assertThat(Scene.condition(pending, "Reconciling")).isEqualTo("True Pending");
        Files.delete(stalls);
        scene.assertPublishedOnce(checkout);
    }

    @Test
    void aPublishThatIsStartedAgainNoLongerShowsItsOldEndWhileTheSandboxIsWaitedFor() throws Exception {
        Scene scene = scene().ready();
        scene.checkout();
        Path stalls = scene.root().resolve("stalls");
        scene.beforeGit("rev-parse", "while [ -e '" + stalls + "' ]; do sleep 0.1; done");
        scene.startPod();
        scene.publish("");
        scene.awaitPhase(Phase.PullRequestCreated);
        Files.createFile(stalls);

        scene.annotate("sessionpublish.dev/retry-at", "1");

        SessionPublishStatus pending = scene.awaitPhase(Phase.Pending);
        assertThat(pending.finishedAt()).isNull();
        assertThat(pending.observedRetryAt()).isEqualTo("1");
        assertThat(pending.pullRequest()).isNotNull();
        Files.delete(stalls);
        assertThat(scene.awaitPhase(Phase.PullRequestCreated).message()).contains("pull request #1");
    }

    @Test
    void aNamedPipeInTheWorkingTreeThatGitReadsEndsTheAttemptToo() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox()
                .commit("Attributes", ".gitattributes", "*.png binary\n")
                .commit("More", "more.txt", "1\n")
                .dirty("more.txt", "2\n");
        scene.pipe(".gitattributes");

        scene.publish("  uncommittedChanges: Commit");

        assertThat(waiting(scene).message()).contains("did not describe the checkout");
    }

    @Test
    void aNamedPipeThatGitDoesNotKnowIsNotRead() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        scene.pipe("pipe");

        scene.publish("  uncommittedChanges: Commit");

        scene.assertPublishedOnce(checkout);
    }

    @Test
    void aListOfCommitsThatTricklesInEndsAtTheLimitOfTheList() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.checkout();
        scene.beforeGit("--ancestry-path", "while sleep 0.2; do printf x; done");
        scene.remote().run("branch", scene.branch(), "main");
        scene.startPod();

        scene.publish("  headBranch: " + scene.branch());

        assertThat(waiting(scene).message())
                .contains("did not list the commits", "PT3S", "SESSION_PUBLISH_CHECKOUT_TIMEOUT");
        assertThat(scene.tip()).isPresent().isNotEqualTo(Optional.of(checkout.head()));
    }

    @Test
    void aPackThatDoesNotComeEndsAtTheLimitOfSilence() throws Exception {
        Scene scene = scene().ready();
        scene.checkout();
        scene.beforeGit("pack-objects", "printf PACK; exec sleep 3217");
        scene.startPod();

        scene.publish("");

        assertThat(waiting(scene).message()).contains("sent nothing for PT3S", "SESSION_PUBLISH_SANDBOX_TIMEOUT");
        assertThat(scene.tip()).isEmpty();
    }

    @Test
    void aPackThatTricklesInEndsAtTheLimitOfTheExec() throws Exception {
        Scene scene = scene().ready();
        scene.checkout();
        scene.beforeGit("pack-objects", "printf 'PACK\\0\\0\\0\\2\\0\\0\\0\\377'; while sleep 0.2; do printf x; done");
        scene.startPod();

        scene.publish("");

        assertThat(waiting(scene).message()).contains("did not end within PT8S", "SESSION_PUBLISH_EXEC_TIMEOUT");
        assertThat(scene.tip()).isEmpty();
    }

    @Test
    void anLfsObjectThatDoesNotComeEndsAtTheLimitOfSilence() throws Exception {
        Scene scene = scene().ready();
        scene.cloned().branch(scene.branch()).lfsFile("big.bin", "large".getBytes(UTF_8));
        scene.program("cat", "exec sleep 3217").startPod();

        scene.publish("");

        assertThat(waiting(scene).message()).contains("sent nothing for PT3S");
        assertThat(scene.tip()).isEmpty();
    }
}
