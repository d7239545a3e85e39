package dev.sessionpublish.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectSpec;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProjectTest {

    @Test
    void whatIsNotSaidIsTheDefault() throws Exception {
        Project project = Project.of(resource("repository: https://github.com/acme/web"), ForgeHosts.DEFAULT);

        assertThat(project.repository().web()).isEqualTo("https://github.com/acme/web");
        assertThat(project.secretName()).isEmpty();
        assertThat(project.defaultBranch()).isEmpty();
        assertThat(project.branchPrefix()).isEqualTo("session/");
        assertThat(project.pushEnabled()).isTrue();
        assertThat(project.pullRequests()).isEqualTo(new Project.PullRequests(true, false, List.of(), List.of()));
        for (String name : List.of("main", "master", "release/1.0", "RELEASE/x")) {
            assertThat(project.protectedBranches().firstMatch(BranchName.of(name)))
                    .as(name)
                    .isPresent();
        }
    }

    @Test
    void whatIsSaidHolds() throws Exception {
        Project project = Project.of(resource("""
                        repository: https://github.com/acme/web
                        forge: GitHub
                        credentialsSecret: {name: key}
                        defaultBranch: trunk
                        protectedBranches: []
                        branchPrefix: agent/
                        push: {enabled: false}
                        pullRequests: {enabled: false, draft: true, labels: [a], reviewers: [b]}
                        """), ForgeHosts.DEFAULT);

        assertThat(project.secretName()).contains("key");
        assertThat(project.defaultBranch()).contains("trunk");
        assertThat(project.protectedBranches().firstMatch(BranchName.of("main")))
                .isEmpty();
        assertThat(project.branchPrefix()).isEqualTo("agent/");
        assertThat(project.pushEnabled()).isFalse();
        assertThat(project.pullRequests()).isEqualTo(new Project.PullRequests(false, true, List.of("a"), List.of("b")));
    }

    @Test
    void theForgesDefaultBranchCountsUntilTheSpecNamesOne() throws Exception {
        SessionProject asked = resource("repository: https://github.com/acme/web");
        asked.setStatus(new SessionProjectStatus(1L, null, "develop", null, null, null, "5", null, null));
        assertThat(Project.of(asked, ForgeHosts.DEFAULT).defaultBranch()).contains("develop");
        SessionProject said = resource("repository: https://github.com/acme/web\ndefaultBranch: trunk");
        said.setStatus(asked.getStatus());
        assertThat(Project.of(said, ForgeHosts.DEFAULT).defaultBranch()).contains("trunk");
    }

    @Test
    void hostsAndForgesThatTheAdminDoesNotKnowAreRefused() {
        assertThat(refusal("repository: https://git.example.com/acme/web")).isEqualTo(SharedReason.UNSUPPORTED_HOST);
        assertThat(refusal("repository: https://github.com/acme/web\nforge: Gitea"))
                .isEqualTo(ProjectReason.UNSUPPORTED_PROVIDER);
        assertThat(refusal("repository: http://github.com/acme/web")).isEqualTo(SharedReason.INVALID_REPO_URL);
    }

    @Test
    void theForgeMustBeWhatTheAdminSaysOfTheHost() throws Exception {
        ForgeHosts hosts = ForgeHosts.parse(
                "- {host: git.example.com, kind: Gitea}\n- {host: code.example.com, kind: Forgejo}",
                Path.of("forges.yaml"));

        for (String said : List.of("", "\nforge: Gitea")) {
            assertThat(Project.of(resource("repository: https://git.example.com/acme/web" + said), hosts)
                            .host()
                            .kind())
                    .isEqualTo(ForgeKind.GITEA);
        }
        for (String said : List.of("", "\nforge: Forgejo")) {
            assertThat(Project.of(resource("repository: https://code.example.com/acme/web" + said), hosts)
                            .host()
                            .kind())
                    .isEqualTo(ForgeKind.FORGEJO);
        }
        assertThat(refusal("repository: https://git.example.com/acme/web\nforge: Forgejo", hosts))
                .isEqualTo(ProjectReason.UNSUPPORTED_PROVIDER);
        assertThat(refusal("repository: https://code.example.com/acme/web\nforge: GitHub", hosts))
                .isEqualTo(ProjectReason.UNSUPPORTED_PROVIDER);
    }

    @Test
    void itsRevisionChangesWithTheProjectAndItsCredential() {
        SessionProject project = resource("repository: https://github.com/acme/web");
        assertThat(Project.revision(Optional.empty())).isEqualTo("absent");
        assertThat(Project.revision(Optional.of(project))).isEqualTo("uid-p/2/none");
        project.setStatus(new SessionProjectStatus(1L, null, "develop", null, null, null, "5", null, null));
        assertThat(Project.revision(Optional.of(project))).isEqualTo("uid-p/2/5");
    }

    @Test
    void theRevisionWithCredentialsJustReadIsTheOneTheStatusWillTell() throws Exception {
        SessionProject resource = resource("repository: https://github.com/acme/web");
        Credentials read = new Credentials("9", Optional.empty(), Optional.empty());
        String before = Project.of(resource, ForgeHosts.DEFAULT).revisionWith(read);
        resource.setStatus(new SessionProjectStatus(1L, null, "develop", null, null, null, "9", null, null));
        assertThat(before).isEqualTo(Project.revision(Optional.of(resource)));
    }

    private static Reason refusal(String spec) {
        return refusal(spec, ForgeHosts.DEFAULT);
    }

    private static Reason refusal(String spec, ForgeHosts hosts) {
        return catchThrowableOfType(RefusedException.class, () -> Project.of(resource(spec), hosts))
                .reason();
    }

    private static SessionProject resource(String spec) {
        SessionProject project = new SessionProject();
        project.setMetadata(new ObjectMetaBuilder()
                .withNamespace("team")
                .withName("web")
                .withUid("uid-p")
                .withGeneration(2L)
                .build());
        project.setSpec(Serialization.unmarshal(spec, SessionProjectSpec.class));
        return project;
    }
}
