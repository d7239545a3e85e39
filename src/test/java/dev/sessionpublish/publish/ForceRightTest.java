package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectSpec;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForceRightTest {
    private static final boolean FIRST = false;
    private static final boolean PUSHED = true;

    private static Project project(String force) throws RefusedException {
        SessionProject resource = new SessionProject();
        resource.setMetadata(new ObjectMetaBuilder()
                .withNamespace("team")
                .withName("web")
                .withUid("u")
                .withGeneration(1L)
                .build());
        resource.setSpec(Serialization.unmarshal(
                "repository: https://github.com/acme/web\npush: {force: " + force + "}", SessionProjectSpec.class));
        return Project.of(resource, ForgeHosts.DEFAULT);
    }

    private static SessionPublish publish(boolean force, String approvedFor) {
        SessionPublish publish = new StoredPublish().spec("force", force).publish();
        publish.getMetadata().setAnnotations(approvedFor.isEmpty() ? null : Map.of(ForceRight.ANNOTATION, approvedFor));
        return publish;
    }

    private static String refusal(SessionPublish publish, String force, boolean verified, boolean pushed) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> new ForceRight(
                        name -> verified && name.equals("may-force.sessionpublish.dev"))
                .require(publish, project(force), pushed));
        assertThat(refused.reason()).isEqualTo(PublishReason.FORCE_FORBIDDEN);
        return refused.getMessage();
    }

    @ParameterizedTest
    @CsvSource({"true, Allowed", "true, null", "false, Restricted", "false, Forbidden"})
    void nobodyIsAskedWhereItDoesNotMatter(boolean force, String rule) {
        ForceRight right = new ForceRight(name -> {
            throw new AssertionError("asked for " + name);
        });

        assertThatCode(() -> right.require(publish(force, ""), project(rule), FIRST))
                .doesNotThrowAnyException();
    }

    @Test
    void whatAPolicyHasApprovedMayForceWhereItIsRestricted() {
        assertThatCode(() -> new ForceRight(name -> true).require(publish(true, "web"), project("Restricted"), FIRST))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "other"})
    void withoutAnApprovalForThisProjectItIsRefused(String approvedFor) {
        assertThat(refusal(publish(true, approvedFor.replace("'", "")), "Restricted", true, FIRST))
                .startsWith("spec.force is true, and the project web has spec.push.force Restricted")
                .contains("the verb force-push", "Set spec.force to false", "retry-at");
    }

    @Test
    void anApprovalThatNothingVerifiesIsNone() {
        assertThat(refusal(publish(true, "web"), "Restricted", false, FIRST))
                .contains("may-force.sessionpublish.dev", "was not found", "admission.install");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Forbidden", "OfALaterVersion"})
    void whereItIsForbiddenNoApprovalHelps(String rule) {
        assertThat(refusal(publish(true, "web"), rule, true, FIRST))
                .startsWith("spec.force is true, and the project web has spec.push.force Forbidden")
                .contains("Set spec.force to false");
    }

    @Test
    void onceItHasPushedAnotherPublishIsNeeded() {
        for (String rule : new String[] {"Forbidden", "Restricted"}) {
            assertThat(refusal(publish(true, ""), rule, true, PUSHED))
                    .contains("Create a SessionPublish without spec.force")
                    .doesNotContain("Set spec.force to false");
        }
    }
}
