package dev.sessionpublish.publish.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectSpec;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackLimitTest {
    private static final long OPERATOR = 2L << 30;

    private static PackLimit limit(String push) throws RefusedException {
        SessionProject resource = new SessionProject();
        resource.setMetadata(new ObjectMetaBuilder()
                .withNamespace("team")
                .withName("web")
                .withUid("u")
                .withGeneration(1L)
                .build());
        resource.setSpec(Serialization.unmarshal(
                "repository: https://github.com/acme/web\npush: {" + push + "}", SessionProjectSpec.class));
        return PackLimit.of(Project.of(resource, ForgeHosts.DEFAULT), OPERATOR);
    }

    @ParameterizedTest
    @CsvSource({"1Ki, 1024", "50Mi, 52428800", "1Gi, 1073741824", "2Gi, 2147483648", "999999999Gi, 2147483648"})
    void theSmallerOfBothCounts(String size, long bytes) throws Exception {
        assertThat(limit("maxPackSize: " + size).bytes()).isEqualTo(bytes);
    }

    @Test
    void theRefusalNamesWhoseLimitItIs() throws Exception {
        RefusedException ofTheProject = limit("maxPackSize: 50Mi").exceededBy("The pack is");
        assertThat(ofTheProject.reason()).isEqualTo(PushReason.PACK_TOO_LARGE);
        assertThat(ofTheProject.getMessage())
                .startsWith("The pack is larger than the limit of 50Mi of the project web (spec.push.maxPackSize)")
                .contains("ask the project's owner to raise")
                .doesNotContain("SESSION_PUBLISH_MAX_PACK");
        for (String push : new String[] {"", "maxPackSize: 3Gi"}) {
            assertThat(limit(push).exceededBy("The pack is").getMessage())
                    .startsWith("The pack is larger than the operator's limit of 2048 MiB")
                    .contains("SESSION_PUBLISH_MAX_PACK")
                    .doesNotContain("maxPackSize");
        }
    }
}
