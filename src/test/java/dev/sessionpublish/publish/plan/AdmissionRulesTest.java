package dev.sessionpublish.publish.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectReason;
import dev.sessionpublish.publish.PublishReason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionRulesTest {
    private static final String WEB = "https://github.com/acme/web";

    private static Optional<SessionProject> resource(String yaml) {
        return Optional.of(TestProject.resource(yaml));
    }

    private static Project admitted(String source, Optional<SessionProject> resource, Optional<String> before)
            throws RefusedException {
        SessionPublishSpec spec =
                Serialization.unmarshal("projectRef: {name: web}\nsource: " + source, SessionPublishSpec.class);
        Project project = AdmissionRules.project(spec, resource, ForgeHosts.DEFAULT, before);
        AdmissionRules.requirePushEnabled(project);
        return project;
    }

    @Test
    void aProjectOfAListedHostIsAdmitted() throws Exception {
        assertThat(admitted("{podName: s7}", resource("repository: " + WEB), Optional.of(WEB))
                        .name())
                .isEqualTo("web");
    }

    private static Stream<Arguments> refusals() {
        Optional<SessionProject> web = resource("repository: " + WEB);
        return Stream.of(
                Arguments.of(
                        "{podName: s7}", Optional.empty(), null, ProjectReason.PROJECT_NOT_FOUND, "spec.projectRef"),
                Arguments.of(
                        "{podName: s7}",
                        resource("repository: https://git.example.com/acme/web"),
                        null,
                        SharedReason.UNSUPPORTED_HOST,
                        "git.example.com"),
                Arguments.of(
                        "{podName: s7}",
                        resource("repository: " + WEB + "\nforge: Gitea"),
                        null,
                        ProjectReason.UNSUPPORTED_PROVIDER,
                        "spec.forge"),
                Arguments.of(
                        "{podName: s7}",
                        web,
                        "https://github.com/acme/other",
                        ProjectReason.PROJECT_NOT_FOUND,
                        "https://github.com/acme/other"),
                Arguments.of(
                        "{podName: s7}",
                        resource("repository: " + WEB + "\npush: {enabled: false}"),
                        null,
                        PublishReason.PUSH_DISABLED,
                        "spec.push.enabled"));
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("refusals")
    void aRefusalNamesTheKey(
            String source, Optional<SessionProject> resource, String before, Reason reason, String names) {
        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> admitted(source, resource, Optional.ofNullable(before)));

        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.getMessage()).contains(names);
    }
}
