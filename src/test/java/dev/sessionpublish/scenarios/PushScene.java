package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.HistoryEntry;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Access.Permission;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.GitHubToken;
import dev.sessionpublish.embedded.GitServer;
import dev.sessionpublish.embedded.LoggedRequest;
import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.lifecycle.RetryAnnotation;
import dev.sessionpublish.outcome.Reason;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One repository with its token and project, and the sandboxes that publish to it: a corner of a shared world in which the
 * hooks and faults of one test meet no other.
 */
final class PushScene {
    private final EmbeddedWorld world;
    private final Path directory;
    private final String name;
    private final String repository;
    private final String token;

    private PushScene(EmbeddedWorld world, Path directory, String name) {
        this.world = world;
        this.directory = directory;
        this.name = name;
        this.repository = "acme/" + name;
        this.token = "ghp_canary" + name.replace("-", "") + "Zq9xW3vRt5Yb8Nc1Md4K";
    }

    /** @param name of the repository, the project and the Secret; a prefix of pods and publishes */
    static PushScene in(EmbeddedWorld world, Path directory, String name, GitServer.Option... options)
            throws IOException {
        PushScene scene = new PushScene(world, directory.resolve(name), name);
        world.git().createRepository(scene.repository, options);
        scene.grant(Permission.WRITE);
        world.gitHub().token(scene.token, "agent-bot").may(GitHubToken.Access.WRITE, scene.repository);
        world.secret(name, Map.of("token", scene.token));
        world.cluster().applyYaml("""
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionProject
                metadata: {namespace: %s, name: %s}
                spec:
                  repository: %s
                  credentialsSecret: {name: %s}
                """.formatted(
                        EmbeddedWorld.NAMESPACE, name, world.git().url(scene.repository), name));
        return scene;
    }

    String repository() {
        return repository;
    }

    String token() {
        return token;
    }

    GitServer git() {
        return world.git();
    }

    /** Git in the bare repository, as another person. */
    RealGit remote() {
        return world.git().git(repository);
    }

    Optional<String> tip(String branch) {
        return world.git().tip(repository, branch);
    }

    void grant(Permission permission) {
        world.git().access().token(token, "agent-bot", Map.of(repository, permission));
    }

    Fault faultOfPush(Function<Fault.Match, Fault> what) {
        return world.git().fault(what.apply(Fault.on("POST", repository + ".git/git-receive-pack")));
    }

    Fault faultOfAdvertisement(Function<Fault.Match, Fault> what) {
        return world.git()
                .fault(what.apply(Fault.on("GET", repository + ".git/info/refs").query("service=git-receive-pack")));
    }

    List<LoggedRequest> pushes() {
        return world.git().requests("POST", repository + ".git/git-receive-pack");
    }

    /** A commit of another person on top of a revision, at a branch of the forge. */
    String humanCommits(String branch, String onTopOf) {
        String commit = humanCommit(onTopOf);
        remote().run("update-ref", "refs/heads/" + branch, commit);
        return commit;
    }

    /** The same, at no branch yet. */
    String humanCommit(String onTopOf) {
        String blob = remote().runWith("by hand\n".getBytes(), "hash-object", "-w", "--stdin");
        String tree = remote().runWith(("100644 blob " + blob + "\tHUMAN.md\n").getBytes(), "mktree");
        return remote().run("commit-tree", "-m", "By a person", "-p", onTopOf, tree);
    }

    /** A running sandbox with a clone of the repository. */
    SandboxCheckout sandbox(String suffix) {
        return attach(suffix, SandboxCheckout.cloneOf(world.git().repository(repository), workspace(suffix)));
    }

    Path workspace(String suffix) {
        return directory.resolve(suffix).resolve("workspace").resolve("repo");
    }

    /** Runs a pod around a checkout at {@link #workspace}. */
    SandboxCheckout attach(String suffix, SandboxCheckout checkout) {
        world.cluster()
                .startPod(
                        EmbeddedWorld.NAMESPACE,
                        name + "-" + suffix,
                        Map.of("sessionpublish.dev/sandbox", "true"),
                        List.of("agent"),
                        directory.resolve(suffix));
        return checkout;
    }

    /** Publishes from the sandbox of the same suffix; push only, unless told otherwise. */
    void publish(String suffix, String... specLines) {
        publishFrom(suffix, suffix, "createPullRequest: false", specLines);
    }

    void publishWithPullRequest(String suffix, String... specLines) {
        publishFrom(suffix, suffix, "createPullRequest: true", specLines);
    }

    private void publishFrom(String suffix, String pod, String first, String... specLines) {
        world.cluster().applyYaml("""
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionPublish
                metadata: {namespace: %s, name: %s}
                spec:
                  projectRef: {name: %s}
                  source: {podName: %s}
                  %s
                  %s
                """.formatted(
                        EmbeddedWorld.NAMESPACE,
                        name + "-" + suffix,
                        name,
                        name + "-" + pod,
                        first,
                        String.join("\n  ", specLines)));
    }

    SessionPublish end(String suffix) {
        return world.awaitEnd(name + "-" + suffix);
    }

    SessionPublish await(String suffix, Predicate<SessionPublish> condition) {
        return world.await(name + "-" + suffix, condition);
    }

    SessionPublish pushed(String suffix) {
        return inPhase(end(suffix), Phase.Pushed);
    }

    /** Starts the publish again, as a person does, and waits for its end. */
    SessionPublish again(String suffix, String value) {
        world.client()
                .resources(SessionPublish.class)
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(name + "-" + suffix)
                .edit(publish -> {
                    Map<String, String> annotations = new LinkedHashMap<>();
                    if (publish.getMetadata().getAnnotations() != null) {
                        annotations.putAll(publish.getMetadata().getAnnotations());
                    }
                    annotations.put(RetryAnnotation.NAME, value);
                    publish.getMetadata().setAnnotations(annotations);
                    return publish;
                });
        return await(
                suffix,
                publish -> value.equals(publish.getStatus().observedRetryAt())
                        && publish.getStatus().finishedAt() != null);
    }

    /** The end of a publish that was refused: told in status, history and Event, without the token. */
    SessionPublish refused(String suffix, Reason reason) {
        return refused(end(suffix), reason);
    }

    SessionPublish refused(SessionPublish publish, Reason reason) {
        inPhase(publish, Phase.Failed);
        assertThat(publish.getStatus().reason())
                .as(publish.getStatus().message())
                .isEqualTo(reason.code());
        HistoryEntry last =
                publish.getStatus().history().get(publish.getStatus().history().size() - 1);
        assertThat(last.type()).isEqualTo("git.push.failed");
        assertThat(last.data()).containsEntry("reason", reason.code());
        assertThat(events(publish)).anySatisfy(event -> {
            assertThat(event.getReason()).isEqualTo("GitPushFailed");
            assertThat(event.getType()).isEqualTo("Warning");
            assertThat(event.getNote()).doesNotContain(token);
        });
        assertThat(publish.getStatus().toString()).doesNotContain(token);
        return publish;
    }

    static SessionPublish inPhase(SessionPublish publish, Phase phase) {
        assertThat(publish.getStatus().phase())
                .as(publish.getStatus().reason() + ": " + publish.getStatus().message())
                .isEqualTo(phase);
        return publish;
    }

    private List<Event> events(SessionPublish publish) {
        return world.client().resources(Event.class).inNamespace(EmbeddedWorld.NAMESPACE).list().getItems().stream()
                .filter(event -> publish.getMetadata()
                        .getUid()
                        .equals(event.getRegarding().getUid()))
                .toList();
    }
}
