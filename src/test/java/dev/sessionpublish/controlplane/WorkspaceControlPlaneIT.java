package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.SandboxCheckout;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers as a careful cluster runs them: users without rights, file systems that can't be written, no shell. */
@Tag("control-plane")
class WorkspaceControlPlaneIT {
    private static final String COMMIT = "  uncommittedChanges: Commit";

    @TempDir
    static Path directory;

    private static ControlPlaneWorld world;
    private static PackagedOperator operator;

    @BeforeAll
    static void start() throws Exception {
        world = ControlPlaneWorld.start(directory);
        operator = PackagedOperator.start(world, Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        operator.close();
        world.close();
    }

    /** The pod s7 of a user without rights, on a root that can't be written. */
    private static void startPod(Team team, List<String> notWritable, UnaryOperator<ContainerBuilder> more) {
        team.awaitServiceAccount();
        List<Volume> volumes = new ArrayList<>();
        List<VolumeMount> mounts = new ArrayList<>();
        volumes.add(new VolumeBuilder()
                .withName("workspace")
                .withNewHostPath()
                .withPath(workspace(team).toString())
                .endHostPath()
                .build());
        mounts.add(new VolumeMountBuilder()
                .withName("workspace")
                .withMountPath("/workspace")
                .build());
        for (String path : notWritable) {
            String name = "empty-" + volumes.size();
            volumes.add(new VolumeBuilder()
                    .withName(name)
                    .withNewEmptyDir()
                    .endEmptyDir()
                    .build());
            mounts.add(new VolumeMountBuilder()
                    .withName(name)
                    .withMountPath(path)
                    .withReadOnly(true)
                    .build());
        }
        ContainerBuilder container = new ContainerBuilder()
                .withName("agent")
                .withImage("none")
                .withCommand("sleep", "infinity")
                .withVolumeMounts(mounts)
                .withNewSecurityContext()
                .withRunAsUser(1000L)
                .withRunAsGroup(1000L)
                .withReadOnlyRootFilesystem(true)
                .endSecurityContext();
        world.admin()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(team.namespace())
                        .withName("s7")
                        .addToLabels("sessionpublish.dev/sandbox", "true")
                        .endMetadata()
                        .withNewSpec()
                        .withTerminationGracePeriodSeconds(1L)
                        .withContainers(more.apply(container).build())
                        .withVolumes(volumes)
                        .endSpec()
                        .build())
                .create();
        team.awaitPod();
    }

    private static Path workspace(Team team) {
        return world.directory().resolve("sandboxes").resolve(team.namespace());
    }

    private static void published(Team team, SessionPublish publish) {
        assertThat(publish.getStatus().phase())
                .as(String.valueOf(publish.getStatus()))
                .isEqualTo(Phase.PullRequestCreated);
        assertThat(world.git().tip(team.repository(), publish.getStatus().headBranch()))
                .contains(publish.getStatus().commit());
    }

    /** The checkout is root's, the container's user another: git alone would call it dubious. */
    @Test
    void aUserWithoutRightsOrHomePublishesWhatAnotherOwns() throws Exception {
        Team team = world.team("user");
        team.registerProject();
        SandboxCheckout checkout = team.checkout()
                .branch("agent/user")
                .commit("Work", "user.txt", "1")
                .dirty("user.txt", "2");
        startPod(
                team,
                List.of(),
                container ->
                        container.addNewEnv().withName("HOME").withValue("").endEnv());

        team.publish("user", COMMIT);

        SessionPublish publish = team.awaitEnd("user");
        published(team, publish);
        assertThat(world.git()
                        .git(team.repository())
                        .run("log", "-1", "--format=%P", publish.getStatus().commit()))
                .isEqualTo(checkout.head());
    }

    @Test
    void withoutAPlaceForTemporaryFilesOnlyWhatNeedsOneIsRefused() throws Exception {
        Team team = world.team("read-only");
        team.registerProject();
        SandboxCheckout checkout = team.checkout()
                .branch("agent/read-only")
                .commit("Work", "read-only.txt", "1")
                .dirty("read-only.txt", "2");
        startPod(team, List.of("/tmp", "/dev/shm"), container -> container);

        team.publish("committing", COMMIT);
        SessionPublish waiting = team.awaitReason("committing", "exec-failed");
        assertThat(waiting.getStatus().phase()).isEqualTo(Phase.Waiting);
        assertThat(waiting.getStatus().message()).contains("Mount an emptyDir at /tmp");
        assertThat(world.git().tip(team.repository(), "agent/read-only")).isEmpty();
        world.admin().resource(waiting).delete();

        team.publish("plain", "");
        SessionPublish publish = team.awaitEnd("plain");
        published(team, publish);
        assertThat(publish.getStatus().commit()).isEqualTo(checkout.head());
        assertThat(publish.getStatus().workspace().uncommittedFiles()).isEqualTo(1);
    }

    @Test
    void aContainerWithoutAShellIsToldSo() throws Exception {
        Team team = world.team("no-shell");
        team.registerProject();
        team.checkout().branch("agent/no-shell").commit("Work", "a.txt", "1");
        Path sleep = workspace(team).resolve("sleep");
        Files.copy(Path.of("/usr/bin/sleep").toRealPath(), sleep, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(sleep, PosixFilePermissions.fromString("rwxr-xr-x"));
        startPod(team, List.of("/usr/bin"), container -> container.withCommand("/workspace/sleep", "infinity"));

        team.publish("no-shell", "");

        SessionPublish publish = team.awaitEnd("no-shell");
        assertThat(publish.getStatus().reason()).as("%s", publish.getStatus()).isEqualTo("git-missing");
        assertThat(publish.getStatus().message()).contains("no POSIX shell");
    }

    @Test
    void aCheckoutThatTheUserMayNotReadIsTold() throws Exception {
        Team team = world.team("unreadable");
        team.registerProject();
        team.checkout().branch("agent/unreadable").commit("Work", "a.txt", "1");
        Files.setPosixFilePermissions(
                workspace(team).resolve("repo/.git/objects"), PosixFilePermissions.fromString("rwx------"));
        startPod(team, List.of(), container -> container);

        team.publish("unreadable", "");

        SessionPublish publish = team.awaitEnd("unreadable");
        assertThat(publish.getStatus().reason()).as("%s", publish.getStatus()).isEqualTo("not-a-repository");
    }

    @Test
    void settingsThatIncludeWhatTheUserMayNotReadAreTold() throws Exception {
        Team team = world.team("include");
        team.registerProject();
        Files.createDirectories(workspace(team));
        Path secret = Files.writeString(workspace(team).resolve("secret"), "the-line-nobody-may-see\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        team.checkout()
                .branch("agent/include")
                .commit("Work", "a.txt", "1")
                .config("include.path", "/workspace/secret");
        startPod(team, List.of(), container -> container);

        team.publish("include", "");

        SessionPublish publish = team.awaitEnd("include");
        assertThat(publish.getStatus().reason()).as("%s", publish.getStatus()).isEqualTo("not-a-repository");
        assertThat(publish.getStatus().toString()).doesNotContain("the-line-nobody-may-see");
        System.out.println(publish.getStatus().message());
    }
}
