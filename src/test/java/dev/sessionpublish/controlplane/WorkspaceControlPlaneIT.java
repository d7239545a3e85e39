package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Containers as a careful cluster runs them: users without rights, file systems that can't be written, no shell. */
class WorkspaceControlPlaneIT extends ControlPlaneOperatorScenario {
    private static final String SLEEP = "command: [sleep, infinity]";
    private static final String COMMIT = "  uncommittedChanges: Commit";

    /**
     * The pod s7 of a user without rights, on a root that can't be written.
     *
     * @param container more of the container, as YAML
     */
    private static void startPod(Team team, List<String> notWritable, String container) throws IOException {
        StringBuilder mounts = new StringBuilder();
        for (String path : notWritable) {
            mounts.append(", {name: empty, mountPath: ").append(path).append(", readOnly: true}");
        }
        team.startPod("""
                containers:
                  - name: agent
                    image: none
                    volumeMounts: [{name: workspace, mountPath: /workspace}%s]
                    securityContext: {runAsUser: 1000, runAsGroup: 1000, readOnlyRootFilesystem: true}
                %s
                volumes:
                  - {name: workspace, hostPath: {path: "%s"}}
                  - {name: empty, emptyDir: {}}
                """.formatted(mounts, container.indent(4).stripTrailing(), team.workspace()));
    }

    private static void published(Team team, SessionPublish publish) throws IOException {
        assertThat(publish.getStatus().phase())
                .as(String.valueOf(publish.getStatus()))
                .isEqualTo(Phase.PullRequestCreated);
        assertThat(team.tip(publish.getStatus().headBranch()))
                .contains(publish.getStatus().commit());
    }

    /** The checkout is root's, the container's user another: git alone would call it dubious. */
    @Test
    void aUserWithoutRightsOrHomePublishesWhatAnotherOwns() throws Exception {
        Team team = team("user");
        SandboxCheckout checkout = team.checkout()
                .branch("agent/user")
                .commit("Work", "user.txt", "1")
                .dirty("user.txt", "2");
        startPod(team, List.of(), SLEEP + "\nenv: [{name: HOME, value: ''}]");

        team.publish("user", COMMIT);

        SessionPublish publish = team.awaitEnd("user");
        published(team, publish);
        assertThat(world.git()
                        .git(team.repository())
                        .run("log", "-1", "--format=%P", publish.getStatus().commit()))
                .isEqualTo(checkout.head());
    }

    @Test
    void aNativeSidecarMayHaveTheCheckout() throws Exception {
        Team team = team("sidecar");
        SandboxCheckout checkout = team.checkout().branch("agent/sidecar").commit("Work", "a.txt", "1");
        team.startPod("""
                initContainers:
                  - {name: setup, image: none, command: ["true"]}
                  - name: workspace
                    image: none
                    restartPolicy: Always
                    command: [sleep, infinity]
                    volumeMounts: [{name: workspace, mountPath: /workspace}]
                containers:
                  - {name: agent, image: none, command: [sleep, infinity]}
                volumes:
                  - {name: workspace, hostPath: {path: "%s"}}
                """.formatted(team.workspace()));

        team.apply(team.publishYaml("sidecar", "").replace("podName: s7", "podName: s7, container: workspace"));

        SessionPublish publish = team.awaitEnd("sidecar");
        published(team, publish);
        assertThat(publish.getStatus().commit()).isEqualTo(checkout.head());
        assertThat(publish.getStatus().source().container()).isEqualTo("workspace");
    }

    @Test
    void withoutAPlaceForTemporaryFilesOnlyWhatNeedsOneIsRefused() throws Exception {
        Team team = team("read-only");
        SandboxCheckout checkout = team.checkout()
                .branch("agent/read-only")
                .commit("Work", "read-only.txt", "1")
                .dirty("read-only.txt", "2");
        startPod(team, List.of("/tmp", "/dev/shm"), SLEEP);

        team.publish("committing", COMMIT);
        SessionPublish waiting = team.awaitReason("committing", "exec-failed");
        assertThat(waiting.getStatus().phase()).isEqualTo(Phase.Waiting);
        assertThat(waiting.getStatus().message()).contains("Mount an emptyDir at /tmp");
        assertThat(team.tip("agent/read-only")).isEmpty();
        world.admin().resource(waiting).delete();

        team.publish("plain", "");
        SessionPublish publish = team.awaitEnd("plain");
        published(team, publish);
        assertThat(publish.getStatus().commit()).isEqualTo(checkout.head());
        assertThat(publish.getStatus().workspace().uncommittedFiles()).isEqualTo(1);
    }

    @Test
    void aContainerWithoutAShellIsToldSo() throws Exception {
        Team team = team("no-shell");
        team.checkout().branch("agent/no-shell").commit("Work", "a.txt", "1");
        Path sleep = team.workspace().resolve("sleep");
        Files.copy(Path.of("/usr/bin/sleep").toRealPath(), sleep, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(sleep, PosixFilePermissions.fromString("rwxr-xr-x"));
        startPod(team, List.of("/usr/bin"), "command: [/workspace/sleep, infinity]");

        team.publish("no-shell", "");

        SessionPublish publish = team.awaitEnd("no-shell");
        assertThat(publish.getStatus().reason()).as("%s", publish.getStatus()).isEqualTo("git-missing");
        assertThat(publish.getStatus().message()).contains("no POSIX shell");
    }

    @Test
    void aCheckoutThatTheUserMayNotReadIsTold() throws Exception {
        Team team = team("unreadable");
        team.checkout().branch("agent/unreadable").commit("Work", "a.txt", "1");
        Files.setPosixFilePermissions(
                team.workspace().resolve("repo/.git/objects"), PosixFilePermissions.fromString("rwx------"));
        startPod(team, List.of(), SLEEP);

        team.publish("unreadable", "");

        SessionPublish publish = team.awaitEnd("unreadable");
        assertThat(publish.getStatus().reason()).as("%s", publish.getStatus()).isEqualTo("not-a-repository");
    }

    @Test
    void settingsThatIncludeWhatTheUserMayNotReadAreTold() throws Exception {
        Team team = team("include");
        Files.createDirectories(team.workspace());
        Path secret = Files.writeString(team.workspace().resolve("secret"), "the-line-nobody-may-see\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        team.checkout()
                .branch("agent/include")
                .commit("Work", "a.txt", "1")
                .config("include.path", "/workspace/secret");
        startPod(team, List.of(), SLEEP);

        team.publish("include", "");

        SessionPublish publish = team.awaitEnd("include");
        assertThat(publish.getStatus().reason()).as("%s", publish.getStatus()).isEqualTo("not-a-repository");
        assertThat(publish.getStatus().toString()).doesNotContain("the-line-nobody-may-see");
        System.out.println(publish.getStatus().message());
    }
}
