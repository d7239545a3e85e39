package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.publish.PublishReason;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBindingBuilder;
import java.nio.file.Files;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the owner of a project limits for every publish to it. */
class GuardrailsIT extends OperatorScenario {
    private static final String BRANCH = "team/topic";

    private static Scene rewriting(String rules) throws Exception {
        Scene scene = scene().registered().project("  push: {" + rules + "}");
        SandboxCheckout checkout = scene.clonedSandbox().branch(BRANCH);
        checkout.commit("Work", "a.txt", "1");
        scene.humanCommits(BRANCH, "main");
        return scene;
    }

    @Test
    void whereForceIsForbiddenNothingIsAskedAndItStartsOnceItIsAllowed() throws Exception {
        Scene scene = rewriting("force: Forbidden");
        String humans = scene.tip(BRANCH).orElseThrow();

        scene.push("headBranch: " + BRANCH, "force: true");

        SessionPublish publish = scene.refused(PublishReason.FORCE_FORBIDDEN);
        assertThat(publish.getStatus().message())
                .contains("spec.force is true", "spec.push.force Forbidden", "Set spec.force to false");
        assertThat(scene.tip(BRANCH)).contains(humans);
        assertThat(scene.execs()).isZero();
        assertThat(scene.pushes()).isEmpty();

        scene.project("  push: {force: Allowed}");
        scene.awaitPhase(Phase.Pushed);
        assertThat(scene.tip(BRANCH)).contains(SandboxCheckout.at(scene.repo()).head());
    }

    @Test
    void whereForceIsRestrictedTheApprovalOfAPolicyIsNeeded() throws Exception {
        Scene scene = rewriting("force: Restricted");
        String humans = scene.tip(BRANCH).orElseThrow();
        scene.push("headBranch: " + BRANCH, "force: true");
        assertThat(scene.refused(PublishReason.FORCE_FORBIDDEN).getStatus().message())
                .contains("no admission policy has recorded");

        scene.annotate("sessionpublish.dev/may-force", scene.name());
        assertThat(scene.refused(scene.again("1"), PublishReason.FORCE_FORBIDDEN)
                        .getStatus()
                        .message())
                .contains("may-force.sessionpublish.dev", "was not found");
        assertThat(scene.tip(BRANCH)).contains(humans);

        ValidatingAdmissionPolicyBinding verified = new ValidatingAdmissionPolicyBindingBuilder()
                .withNewMetadata()
                .withName("may-force.sessionpublish.dev")
                .endMetadata()
                .build();
        world().client().resource(verified).create();
        try {
            scene.retry("2");
            scene.awaitPhase(Phase.Pushed);
            assertThat(scene.tip(BRANCH))
                    .contains(SandboxCheckout.at(scene.repo()).head());
        } finally {
            world().client().resource(verified).delete();
        }
    }

    @Test
    void morePublishedFilesThanAllowedArePushedOnceTheOwnerRaisesTheLimit() throws Exception {
        Scene scene = scene().registered().project("  push: {maxChangedFiles: 2}");
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix");
        checkout.commit("Work", Map.of("a.txt", "1", "b.txt", "1", "c.txt", "1"));

        scene.push();

        SessionPublish publish = scene.refused(PublishReason.TOO_MANY_FILES);
        assertThat(publish.getStatus().message())
                .startsWith("The work changes 3 files, and the project " + scene.name() + " allows 2"
                        + " (spec.push.maxChangedFiles)");
        assertThat(scene.pushes()).isEmpty();
        assertThat(scene.tip("agent/fix")).isEmpty();

        scene.project("  push: {maxChangedFiles: 3}");
        scene.awaitPhase(Phase.Pushed);
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
    }

    @Test
    void aPackAboveTheProjectsLimitIsRefusedAndNothingIsMoved() throws Exception {
        Scene scene = scene().registered().project("  push: {maxPackSize: 1Mi}");
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix");
        byte[] noise = new byte[2 << 20];
        new Random(11).nextBytes(noise);
        Files.write(checkout.directory().resolve("noise.bin"), noise);
        checkout.git("add", "noise.bin");
        checkout.commit("Noise", Map.of());

        scene.push();

        SessionPublish publish = scene.refused(PushReason.PACK_TOO_LARGE);
        assertThat(publish.getStatus().message())
                .contains("the limit of 1Mi of the project " + scene.name() + " (spec.push.maxPackSize)", "retry");
        assertThat(scene.tip("agent/fix")).isEmpty();

        scene.project("  push: {maxPackSize: 3Mi}");
        scene.retry("1");
        scene.awaitPhase(Phase.Pushed);
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
    }
}
