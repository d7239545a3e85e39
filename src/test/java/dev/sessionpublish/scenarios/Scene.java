package dev.sessionpublish.scenarios;

import dev.sessionpublish.api.v1alpha1.HistoryEntry;
import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.embedded.Access;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.GitHubExchange;
import dev.sessionpublish.embedded.GitHubPull;
import dev.sessionpublish.embedded.GitHubToken;
import dev.sessionpublish.embedded.LoggedRequest;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.embedded.cluster.AuditEntry;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.forge.TestForges;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.lifecycle.RetryAnnotation;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * One publish and all that is its own in a world that many share: a repository, a token that may write there, a Secret,
 * a project, a pod and the SessionPublish, all of one name. Nothing of it exists until it is asked for, but repository
 * and token.
 */
final class Scene {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration GLANCE = Duration.ofMillis(40);

    private final EmbeddedWorld world;
    private final Path directory;
    private final String name = "s" + COUNT.incrementAndGet();
    private final String token = "ghp_canary+7Zq/9x=W3vRt5Yb8Nc1Md4Kf6-" + name;

    Scene(EmbeddedWorld world, Path directory) throws IOException {
        this.world = world;
        this.directory = directory;
        world.repository(repository());
        world.git().config(repository(), "core.logAllRefUpdates", "always");
        grant(token);
    }

    /** Of everything that belongs to the scene. */
    String name() {
        return name;
    }

    String repository() {
        return "acme/" + name;
    }

    String token() {
        return token;
    }

    /** Lets a token write to the repository, by git and by the API. */
    void grant(String another) {
        world.git().access().token(another, "agent-bot", Map.of(repository(), Access.Permission.WRITE));
        world.gitHub().token(another, "agent-bot").may(GitHubToken.Access.WRITE, repository());
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

    Scene secret(Map<String, String> data) {
        Map<String, String> encoded = new HashMap<>();
        data.forEach((key, value) -> encoded.put(key, Base64.getEncoder().encodeToString(value.getBytes())));
        world.cluster().applyYaml("""
                apiVersion: v1
                kind: Secret
                metadata: {namespace: %s, name: %s}
                data: {%s}
                """.formatted(
                        EmbeddedWorld.NAMESPACE,
                        name,
                        encoded.entrySet().stream()
                                .map(each -> each.getKey() + ": \"" + each.getValue() + "\"")
                                .collect(Collectors.joining(", "))));
        return this;
    }

    /** @param more lines of the spec, each indented by two */
    Scene project(String more) {
        world.cluster().applyYaml("""
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionProject
                metadata: {namespace: %s, name: %s}
                spec:
                  repository: %s
                  credentialsSecret: {name: %s}
                %s
                """.formatted(
                        EmbeddedWorld.NAMESPACE, name, world.git().url(repository()), name, more));
        return this;
    }

    /** A checkout of the repository on a branch of its own, {@code work/NAME}, with one commit; no pod. */
    SandboxCheckout checkout() {
        return SandboxCheckout.cloneOf(
                        world.git().repository(repository()),
                        root().resolve("workspace").resolve("repo"))
                .branch(branch())
                .commit("Fix the login form", "login.html", "<form>\n");
    }

    /** The checkout in a running pod. */
    SandboxCheckout sandbox() {
        SandboxCheckout checkout = checkout();
        startPod();
        return checkout;
    }

    void startPod() {
        world.cluster()
                .startPod(
                        EmbeddedWorld.NAMESPACE,
                        name,
                        Map.of("sessionpublish.dev/sandbox", "true"),
                        List.of("agent"),
                        root());
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

    Path root() {
        return directory.resolve("sandboxes").resolve(name);
    }

    String branch() {
        return "work/" + name;
    }

    /** Creates or changes the publish. @param more lines of the spec, each indented by two */
    Scene publish(String more) {
        return publishFrom("podName: " + name, more);
    }

    Scene publishFrom(String source, String more) {
        world.cluster().applyYaml("""
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionPublish
                metadata: {namespace: %s, name: %s}
                spec:
                  projectRef: {name: %s}
                  source: {%s}
                %s
                """.formatted(EmbeddedWorld.NAMESPACE, name, name, source, more));
        return this;
    }

    /** What {@code kubectl annotate} does. */
    void retry(String value) {
        world.client()
                .resources(SessionPublish.class)
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(name)
                .edit(publish -> {
                    Map<String, String> annotations = new HashMap<>(
                            Objects.requireNonNullElse(publish.getMetadata().getAnnotations(), Map.of()));
                    annotations.put(RetryAnnotation.NAME, value);
                    publish.getMetadata().setAnnotations(annotations);
                    return publish;
                });
    }

    /** The repository as a person sees it who may write. */
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

    SessionPublishStatus awaitReason(String reason) {
        return await(status -> reason.equals(status.reason()));
    }

    SessionPublishStatus awaitPhase(SessionPublishStatus.Phase phase) {
        return await(status -> status.phase() == phase);
    }

    Optional<SessionProject> storedProject() {
        return Optional.ofNullable(world.client()
                .resources(SessionProject.class)
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(name)
                .get());
    }

    void awaitProject(Predicate<SessionProject> condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(GLANCE).until(() -> storedProject()
                .filter(condition)
                .isPresent());
    }

    Optional<String> tip() {
        return world.git().tip(repository(), branch());
    }

    /** How often the branch has been made or moved, as the remote's own reflog tells. */
    int branchUpdates() {
        return world.git()
                .git(repository())
                .run("reflog", "show", "refs/heads/" + branch())
                .split("\n")
                .length;
    }

    List<GitHubPull> pulls() {
        return world.gitHub().pulls(repository());
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
        String uid = get().getMetadata().getUid();
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
        return gitRequests().stream()
                .filter(request -> request.method().equals("POST"))
                .toList();
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

    /** Writes of the publish's status that the API server took. */
    long statusWrites() {
        return audit().stream()
                .filter(entry -> entry.verb().equals("patch") && entry.code() == 200)
                .filter(entry -> entry.path().endsWith("/sessionpublishes/" + name + "/status"))
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
