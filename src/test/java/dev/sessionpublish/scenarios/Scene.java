package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.HistoryEntry;
import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Access;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.GitHubExchange;
import dev.sessionpublish.embedded.GitHubPull;
import dev.sessionpublish.embedded.GitHubToken;
import dev.sessionpublish.embedded.GitServer;
import dev.sessionpublish.embedded.LoggedRequest;
import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.embedded.cluster.AuditEntry;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.forge.TestForges;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.lifecycle.RetryAnnotation;
import dev.sessionpublish.outcome.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * One publish and all that is its own in a world that many share: a repository, a token that may write there, a Secret,
 * a project, a pod and the SessionPublish, all of one name. Only the repository and the token exist from the start;
 * {@link #another} is a further pod and publish for the same repository and project.
 */
final class Scene {
    /** The lifecycle events of a publish with a pull request. */
    static final List<String> STEPS =
            List.of("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded");

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration GLANCE = Duration.ofMillis(40);

    private final EmbeddedWorld world;
    private final Path directory;
    private final String project;
    private final String name;
    private final String token;
    private final Map<String, String> variables = new TreeMap<>();

    private Scene(EmbeddedWorld world, Path directory, String project, String name) {
        this.world = world;
        this.directory = directory;
        this.project = project;
        this.name = name;
        this.token = "ghp_canary+7Zq/9x=W3vRt5Yb8Nc1Md4Kf6-" + project;
    }

    private Scene(EmbeddedWorld world, Path directory, String name) {
        this(world, directory, name, name);
    }

    Scene(EmbeddedWorld world, Path directory, GitServer.Option... options) throws IOException {
        this(world, directory, "s" + COUNT.incrementAndGet());
        world.git().createRepository(repository(), options);
        world.git().config(repository(), "core.logAllRefUpdates", "always");
        grant(token);
    }

    /** Another pod, with an empty workspace, and publish for the same repository and project. */
    Scene another() throws IOException {
        Scene another = new Scene(world, directory, project, "s" + COUNT.incrementAndGet());
        Files.createDirectories(another.workspace());
        return another;
    }

    /** Of the pod and the publish, and in a scene that is not {@link #another} of everything that belongs to it. */
    String name() {
        return name;
    }

    String repository() {
        return "acme/" + project;
    }

    String token() {
        return token;
    }

    /** Lets a token write to the repository, by git and by the API. */
    void grant(String another) {
        world.git().access().token(another, "agent-bot", Map.of(repository(), Access.Permission.WRITE));
        world.gitHub().token(another, "agent-bot").may(GitHubToken.Access.WRITE, repository());
    }

    /** What the token may do from now on, by git. */
    void grant(Access.Permission permission) {
        world.git().access().token(token, "agent-bot", Map.of(repository(), permission));
    }

    /** The Secret with the token, and the project. */
    Scene registered() {
        return secret(Map.of("token", token)).project("");
    }

    /** The same, waited for until its repository has been looked at. */
    Scene ready() {
        registered();
        awaitProject(
                project -> project.getStatus() != null && project.getStatus().defaultBranch() != null);
        return this;
    }

    /** A merge patch of the publish's spec. */
    void patchSpec(String spec) {
        world.client().resource(get()).patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": " + spec + "}");
    }

    Scene secret(Map<String, String> data) {
        world.secret(project, data);
        return this;
    }

    /** Puts a new token into the Secret, which may do as much as the scene's. */
    void renewToken() {
        String renewed = "ghp_renewed-" + name;
        grant(renewed);
        secret(Map.of("token", renewed));
    }

    /** @param more lines of the spec, each indented by two */
    Scene project(String more) {
        world.project(project, repository(), more);
        return this;
    }

    /** Deletes the project, and registers one of the same name for another repository. */
    void replaceProject(String otherRepository) {
        world.client().resource(storedProject().orElseThrow()).delete();
        world.project(project, otherRepository, "");
    }

    /** A checkout of the repository on a branch of its own, {@code work/NAME}, with one commit; no pod. */
    SandboxCheckout checkout() {
        return cloned().branch(branch()).commit("Fix the login form", "login.html", "<form>\n");
    }

    /** A clone of the repository as it is; no pod. */
    SandboxCheckout cloned() {
        return SandboxCheckout.cloneOf(bare(), repo());
    }

    /** The clone in a running pod. */
    SandboxCheckout clonedSandbox() {
        SandboxCheckout checkout = cloned();
        startPod();
        return checkout;
    }

    /** The checkout in a running pod. */
    SandboxCheckout sandbox() {
        SandboxCheckout checkout = checkout();
        startPod();
        return checkout;
    }

    void startPod() {
        startPod(List.of("agent"));
    }

    void startPod(List<String> containers) {
        List<EnvVar> env = variables.entrySet().stream()
                .map(each -> new EnvVar(each.getKey(), each.getValue(), null))
                .toList();
        world.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(EmbeddedWorld.NAMESPACE)
                        .withName(name)
                        .addToLabels("sessionpublish.dev/sandbox", "true")
                        .endMetadata()
                        .withNewSpec()
                        .addAllToContainers(containers.stream()
                                .map(container -> new ContainerBuilder()
                                        .withName(container)
                                        .withImage("none")
                                        .withEnv(env)
                                        .build())
                                .toList())
                        .endSpec()
                        .build())
                .create();
        world.cluster().runPod(EmbeddedWorld.NAMESPACE, name, root());
    }

    /** As the pod's spec will define it. */
    Scene env(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    /** Puts a program into the pod that is found before the machine's own. */
    Scene program(String program, String shell) throws IOException {
        Path bin = Files.createDirectories(root().resolve("bin"));
        Path file = bin.resolve(program);
        Files.writeString(file, "#!/bin/sh\n" + shell + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return env("PATH", bin + ":" + System.getenv("PATH"));
    }

    /** Runs a shell script in the pod before each git command that has this word among its arguments. */
    Scene beforeGit(String word, String shell) throws IOException {
        return program("git", """
                case " $* " in
                *" %s "*) %s ;;
                esac
                exec '%s' "$@\"""".formatted(word, shell, RealGit.program()));
    }

    /** Puts a named pipe, which nobody writes to, in the place of a file of the checkout. */
    void pipe(String place) throws IOException, InterruptedException {
        Path file = repo().resolve(place);
        Files.deleteIfExists(file);
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
    }

    /** Such as {@code procnode/exec-fail}: the next execs meet that fault. */
    void annotatePod(String key, String value) {
        world.client()
                .pods()
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(name)
                .edit(pod -> {
                    Map<String, String> annotations = new HashMap<>(
                            Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of()));
                    annotations.put(key, value);
                    pod.getMetadata().setAnnotations(annotations);
                    return pod;
                });
    }

    /** What stands for the root of the pod's file system. */
    Path root() {
        return directory.resolve("sandboxes").resolve(name);
    }

    Path workspace() {
        return root().resolve("workspace");
    }

    /** Where the checkout is. */
    Path repo() {
        return workspace().resolve("repo");
    }

    /** Every file below the workspace with its bytes, links by their target. */
    Map<Path, String> files() throws IOException {
        Map<Path, String> contents = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(workspace())) {
            for (Path path : walk.toList()) {
                if (Files.isSymbolicLink(path)) {
                    contents.put(path, Files.readSymbolicLink(path).toString());
                } else if (Files.isRegularFile(path)) {
                    contents.put(path, Files.readString(path, StandardCharsets.ISO_8859_1));
                } else {
                    contents.put(path, "directory");
                }
            }
        }
        return contents;
    }

    String branch() {
        return "work/" + name;
    }

    /** Creates or changes the publish. @param more lines of the spec, each indented by two */
    Scene publish(String more) {
        return publishFrom("podName: " + name, more);
    }

    Scene publishFrom(String source, String more) {
        world.publish(name, project, source, more);
        return this;
    }

    /** Publishes without a pull request. @param lines of the spec, not indented */
    Scene push(String... lines) {
        return publish("  createPullRequest: false\n" + String.join("\n", lines).indent(2));
    }

    /** Sets a label of the pod; null removes it. */
    void label(String key, String value) {
        world.client()
                .pods()
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(name)
                .edit(pod -> value == null
                        ? new PodBuilder(pod)
                                .editMetadata()
                                .removeFromLabels(key)
                                .endMetadata()
                                .build()
                        : new PodBuilder(pod)
                                .editMetadata()
                                .addToLabels(key, value)
                                .endMetadata()
                                .build());
    }

    /** Starts the pod, publishes from it and waits for the end. */
    SessionPublish publishAndEnd(String more) {
        startPod();
        return publish(more).ended();
    }

    /** The same, from another directory of the pod than the default. */
    SessionPublish publishAndEnd(Path directoryInPod, String more) {
        startPod();
        String quoted = directoryInPod.toString().replace("\\", "\\\\").replace("\"", "\\\"");
        return publishFrom("podName: " + name + ", directory: \"" + quoted + "\"", more)
                .ended();
    }

    /** What {@code kubectl annotate} does. */
    void annotate(String key, String value) {
        world.client()
                .resources(SessionPublish.class)
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        Serialization.asJson(Map.of("metadata", Map.of("annotations", Map.of(key, value)))));
    }

    void retry(String value) {
        annotate(RetryAnnotation.NAME, value);
    }

    /** Retries, and waits for the end of that. */
    SessionPublish again(String value) {
        retry(value);
        return ended();
    }

    /** The repository as a user with write access sees it. */
    Forge byAPerson() throws Exception {
        String person = "person-" + name;
        world.gitHub().token(person, "person").may(GitHubToken.Access.WRITE, repository());
        Path file = Path.of(world.environment().get("SESSION_PUBLISH_FORGES"));
        RepositoryUrl url = RepositoryUrl.parse(world.git().url(repository()));
        ForgeHost host = ForgeHosts.parse(Files.readString(file), file)
                .find(url.authority())
                .orElseThrow();
        return TestForges.create(Duration.ofSeconds(20), Clock.systemUTC()).open(host, url, new Token(person));
    }

    Forge.NewPullRequest pullRequest(String title) {
        return new Forge.NewPullRequest(branch(), "main", title, "", false, List.of(), List.of(), List.of());
    }

    SessionPublish get() {
        return world.get(name);
    }

    /** Waits for a status of the present generation and {@code retry-at}. */
    SessionPublishStatus await(Predicate<SessionPublishStatus> condition) {
        SessionPublish[] last = new SessionPublish[1];
        try {
            Awaitility.await().atMost(PATIENCE).pollInterval(GLANCE).until(() -> {
                last[0] = get();
                return last[0] != null && isCurrent(last[0]) && condition.test(last[0].getStatus());
            });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError("still " + (last[0] == null ? "gone" : last[0].getStatus()), e);
        }
        return last[0].getStatus();
    }

    private static boolean isCurrent(SessionPublish publish) {
        SessionPublishStatus status = publish.getStatus();
        Map<String, String> annotations = publish.getMetadata().getAnnotations();
        String retryAt = annotations == null ? null : annotations.get(RetryAnnotation.NAME);
        return status != null
                && status.phase() != null
                && publish.getMetadata().getGeneration().equals(status.observedGeneration())
                && (retryAt == null || retryAt.equals(status.observedRetryAt()));
    }

    /** Waits until it has ended, well or not. */
    SessionPublishStatus end() {
        return await(status -> status.finishedAt() != null);
    }

    /** The publish that has ended, well or not. */
    SessionPublish ended() {
        end();
        return get();
    }

    /** The publish that has ended with a push alone. */
    SessionPublish pushed() {
        return inPhase(ended(), Phase.Pushed);
    }

    static SessionPublish inPhase(SessionPublish publish, Phase phase) {
        assertThat(publish.getStatus().phase())
                .as(publish.getStatus().reason() + ": " + publish.getStatus().message())
                .isEqualTo(phase);
        return publish;
    }

    /** The publish whose push was refused: reported in status, history and Event, without the token. */
    SessionPublish refused(Reason reason) {
        return refused(ended(), reason);
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

    /** Waits until it has ended, or waits for another attempt. */
    SessionPublishStatus awaitAttempt() {
        return await(status -> status.finishedAt() != null || status.nextAttemptAt() != null);
    }

    /** Waits until the publish waits for this reason, then deletes it. */
    void waitsFor(Reason reason) {
        SessionPublishStatus status = awaitAttempt();
        assertThat(status.reason()).as(String.valueOf(status)).isEqualTo(reason.code());
        assertThat(status.phase()).isEqualTo(Phase.Waiting);
        world.client().resource(get()).delete();
    }

    SessionPublishStatus awaitReason(String reason) {
        return await(status -> reason.equals(status.reason()));
    }

    SessionPublishStatus awaitPhase(Phase phase) {
        return await(status -> status.phase() == phase);
    }

    Optional<SessionProject> storedProject() {
        return Optional.ofNullable(world.client()
                .resources(SessionProject.class)
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(project)
                .get());
    }

    void awaitProject(Predicate<SessionProject> condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(GLANCE).until(() -> storedProject()
                .filter(condition)
                .isPresent());
    }

    /** The bare repository. */
    Path bare() {
        return world.git().repository(repository());
    }

    /** Git in the bare repository, as another user. */
    RealGit remote() {
        return world.git().git(repository());
    }

    /** Brings a branch of the forge into a sandbox's checkout, whose own remote can't be reached. */
    void fetch(SandboxCheckout checkout, String branch) {
        checkout.git("fetch", "--quiet", remote().directory().toString(), branch);
    }

    Optional<String> tip() {
        return tip(branch());
    }

    Optional<String> tip(String branch) {
        return world.git().tip(repository(), branch);
    }

    /** Every branch of the repository and what it points at. */
    String refs() {
        return remote().run("for-each-ref", "--format=%(refname) %(objectname)");
    }

    /** Another person's commit on top of a revision, to which a branch of the forge is set; returns its id. */
    String humanCommits(String branch, String onTopOf) {
        String commit = humanCommit(onTopOf);
        remote().run("update-ref", "refs/heads/" + branch, commit);
        return commit;
    }

    /** The same, on no branch yet. */
    String humanCommit(String onTopOf) {
        String blob = remote().runWith("by hand\n".getBytes(), "hash-object", "-w", "--stdin");
        String tree = remote().runWith(("100644 blob " + blob + "\tHUMAN.md\n").getBytes(), "mktree");
        return remote().run("commit-tree", "-m", "By a person", "-p", onTopOf, tree);
    }

    Fault faultOfPush(Function<Fault.Match, Fault> what) {
        return world.git().fault(what.apply(Fault.on("POST", repository() + ".git/git-receive-pack")));
    }

    /** The remote's hook creates a file, then waits for another before it accepts a push. */
    void holdInHook(Path reached, Path go) throws IOException {
        String script = "touch " + reached + "; until [ -e " + go + " ]; do sleep 0.05; done";
        world.git().hook(repository(), "pre-receive", script);
    }

    /** Publishes, and returns when the push has reached the fault that holds it. */
    Fault publishAndHold(Function<Fault.Match, Fault> what) throws InterruptedException {
        Fault held = faultOfPush(what);
        publish("");
        assertThat(held.awaitReached(PATIENCE)).isTrue();
        return held;
    }

    Fault faultOfAdvertisement(Function<Fault.Match, Fault> what) {
        return world.git()
                .fault(what.apply(
                        Fault.on("GET", repository() + ".git/info/refs").query("service=git-receive-pack")));
    }

    /** How often the branch was created or updated, by the remote's own reflog. */
    int branchUpdates() {
        return remote().run("reflog", "show", "refs/heads/" + branch()).split("\n").length;
    }

    List<GitHubPull> pulls() {
        return world.gitHub().pulls(repository());
    }

    /** The publish has ended with a pull request, and each effect happened once. */
    void assertPublishedOnce(SandboxCheckout checkout) {
        SessionPublishStatus end = end();
        assertThat(end.phase()).as("%s", end).isEqualTo(Phase.PullRequestCreated);
        assertThat(tip()).contains(checkout.head());
        assertThat(branchUpdates()).isEqualTo(1);
        assertThat(pulls()).hasSize(1);
        assertThat(types(end)).isEqualTo(STEPS);
        assertThat(eventActions()).isEqualTo(STEPS);
        assertThat(end.history()).extracting(HistoryEntry::ordinal).containsExactly(1L, 2L, 3L, 4L);
        assertThat(events())
                .extracting(event -> event.getMetadata().getName())
                .zipSatisfy(
                        end.history(), (name, entry) -> assertThat(name).contains(".%06d-".formatted(entry.ordinal())));
    }

    List<String> history() {
        return types(get().getStatus());
    }

    static List<String> types(SessionPublishStatus status) {
        return status.history() == null
                ? List.of()
                : status.history().stream().map(HistoryEntry::type).toList();
    }

    /** The Kubernetes Events regarding this very publish, sorted by name. */
    List<Event> events() {
        return events(get());
    }

    private List<Event> events(SessionPublish publish) {
        String uid = publish.getMetadata().getUid();
        return world.client().events().v1().events().inNamespace(EmbeddedWorld.NAMESPACE).list().getItems().stream()
                .filter(event -> uid.equals(event.getRegarding().getUid()))
                .sorted(Comparator.comparing(event -> event.getMetadata().getName()))
                .toList();
    }

    List<String> eventActions() {
        return events().stream().map(Event::getAction).toList();
    }

    /** Requests for the repository at the git server, as {@code GET info/refs} and {@code POST git-receive-pack}. */
    List<LoggedRequest> gitRequests() {
        return world.git().requests().stream()
                .filter(request -> request.path().startsWith("/" + repository() + ".git/")
                        || request.path().startsWith("/" + repository() + "/"))
                .toList();
    }

    /** Pushes that reached the git server. */
    List<LoggedRequest> pushes() {
        return world.git().requests("POST", repository() + ".git/git-receive-pack");
    }

    /** Requests for the repository at the API. */
    List<GitHubExchange> apiRequests() {
        return world.gitHub().exchanges().stream()
                .filter(exchange -> (exchange.path() + "/").startsWith("/repos/" + repository() + "/"))
                .toList();
    }

    List<String> apiLines() {
        return apiRequests().stream()
                .map(exchange -> exchange.method() + " " + exchange.path().substring("/repos/".length()))
                .toList();
    }

    long posts() {
        return apiLines().stream()
                .filter(line -> line.endsWith("/pulls") && line.startsWith("POST"))
                .count();
    }

    List<AuditEntry> audit() {
        return world.cluster().audit().entries();
    }

    long execs() {
        return world.cluster().audit().execs().stream()
                .filter(entry -> entry.path().contains("/pods/" + name + "/"))
                .count();
    }

    /** Writes of the publish's status that the API server took, without the one that a slow sandbox adds. */
    long statusWrites() {
        return audit().stream()
                .filter(entry -> entry.verb().equals("patch") && entry.code() == 200)
                .filter(entry -> entry.path().endsWith("/sessionpublishes/" + name + "/status"))
                .filter(entry -> !entry.request().body().contains("\"phase\":\"Pending\""))
                .count();
    }

    static String condition(SessionPublishStatus status, String type) {
        return condition(status.conditions(), type);
    }

    static String condition(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(each -> each.getType().equals(type))
                .map(each -> each.getStatus() + " " + each.getReason())
                .findFirst()
                .orElse("absent");
    }
}
