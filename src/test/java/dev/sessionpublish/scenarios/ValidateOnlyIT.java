package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.OperatorInProcess;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An operator that is set to validate only, and then to publish. */
class ValidateOnlyIT extends WorldScenario {
    private Scene scene;

    @BeforeEach
    void freshRepository() throws IOException {
        scene = scene();
    }

    /** Does something while an operator runs. */
    private void under(boolean publishing, Runnable body) throws IOException {
        Map<String, String> environment =
                world.environment(Map.of("SESSION_PUBLISH_PUBLISHING_ENABLED", String.valueOf(publishing)));
        OperatorInProcess operator = OperatorInProcess.start(world.cluster().config(), environment);
        try {
            body.run();
        } finally {
            operator.close();
        }
    }

    @Test
    void everythingIsValidatedNothingPushedAndItGoesOnWhenPublishingIsSwitchedOn() throws Exception {
        SandboxCheckout checkout = scene.sandbox();
        under(false, () -> {
            scene.publish("  commit: \"" + "0".repeat(40) + "\"");
            assertThat(scene.awaitReason("project-not-found").phase()).isEqualTo(Phase.Failed);
            scene.ready();
            assertThat(scene.awaitReason("commit-moved").phase()).isEqualTo(Phase.Failed);
            scene.publish("");

            SessionPublishStatus validated = scene.awaitReason("publishing-disabled");

            assertThat(validated.phase()).isEqualTo(Phase.Failed);
            assertThat(validated.message()).contains("publishing is disabled on this operator", scene.branch());
            assertThat(validated.headBranch()).isEqualTo(scene.branch());
            assertThat(validated.workspace().head()).isEqualTo(checkout.head());
            assertThat(validated.push()).isNull();
        });
        assertThat(scene.tip()).isEmpty();
        assertThat(scene.pushes()).isEmpty();
        assertThat(scene.posts()).isZero();
        under(true, () -> {
            assertThat(scene.awaitPhase(Phase.PullRequestCreated).reason()).isNull();
        });
        assertThat(scene.tip()).contains(checkout.head());
        assertThat(scene.branchUpdates()).isEqualTo(1);
        assertThat(scene.pulls()).hasSize(1);
    }

    @Test
    void workThatIsPushedGetsItsPullRequestWhenPublishingIsSwitchedOn() throws Exception {
        scene.project("  defaultBranch: main").secret(Map.of("push-token", scene.token()));
        scene.sandbox();
        under(true, () -> {
            scene.publish("");
            scene.awaitReason("missing-credentials");
        });
        under(false, () -> {
            scene.secret(Map.of("token", scene.token()));

            SessionPublishStatus waiting = scene.awaitReason("publishing-disabled");

            assertThat(waiting.phase()).isEqualTo(Phase.ManualPullRequestRequired);
            assertThat(waiting.manualPullRequest().reason()).isEqualTo("publishing-disabled");
        });
        assertThat(scene.posts()).isZero();
        under(true, () -> {
            scene.awaitPhase(Phase.PullRequestCreated);
        });
        assertThat(scene.branchUpdates()).isEqualTo(1);
        assertThat(scene.pulls()).hasSize(1);
    }

    @Test
    void anOpenPullRequestIsChangedWithItsSpecOnlyWhenPublishingIsSwitchedOn() throws Exception {
        scene.sandbox();
        under(true, () -> {
            scene.ready();
            scene.publish("  title: A page");
            scene.awaitPhase(Phase.PullRequestCreated);
        });
        under(false, () -> {
            scene.patchSpec("{\"title\": \"Another page\"}");

            SessionPublishStatus waiting = scene.awaitReason("publishing-disabled");

            assertThat(waiting.phase()).isEqualTo(Phase.PullRequestCreated);
            assertThat(waiting.message()).contains("The pull request was left unchanged", "is changed automatically");
            assertThat(waiting.nextAttemptAt()).isNull();
        });
        assertThat(scene.pulls().get(0).title()).isEqualTo("A page");
        under(true, () -> {
            assertThat(scene.await(status -> status.reason() == null).message()).contains("Changed: title.");
        });
        assertThat(scene.pulls().get(0).title()).isEqualTo("Another page");
    }
}
