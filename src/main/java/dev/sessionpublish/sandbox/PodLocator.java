package dev.sessionpublish.sandbox;

import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the one container that a publish means. A pod that is named is exec'd into only when it carries the sandbox
 * label, so that who may create publishes can't reach into other pods; a Sandbox's pod is known by its controller.
 */
public final class PodLocator {
    private static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

    /**
     * What a publish means.
     *
     * @param name of what the spec names: the pod, or the Sandbox
     * @param uid of the same
     * @param annotations of the pod, written by whoever made it or by the agent's harness
     * @param notice what a person should know of the source
     */
    public record LocatedSandbox(
            SandboxContainer container,
            String name,
            String uid,
            Map<String, String> annotations,
            Optional<String> notice) {}

    private final KubernetesClient client;
    private final String selector;
    private final AgentSandboxes sandboxes;
    private final Clock clock;

    /** @param selector a label selector, as kubectl takes it */
    public PodLocator(KubernetesClient client, String selector, Clock clock) {
        this.client = client;
        this.selector = selector;
        this.sandboxes = new AgentSandboxes(client);
        this.clock = clock;
    }

    /**
     * @param source with a pod's or a Sandbox's name
     * @param seenUid of the pod that an earlier attempt of the same run found
     * @throws RefusedException sandbox-not-ready, sandbox-suspended, sandbox-expired, sandbox-terminated,
     *     multiple-pods, wrong-pod, container-ambiguous, unsupported-source
     */
    public LocatedSandbox locate(String namespace, SessionPublishSpec.Source source, Optional<String> seenUid)
            throws RefusedException {
        try {
            return find(namespace, source, seenUid);
        } catch (KubernetesClientException e) {
            throw unreadable(e);
        }
    }

    /**
     * The cluster's rights keep the operator from the source; nobody tells when they change, so it is asked again.
     *
     * @throws KubernetesClientException what it is given, when that isn't about rights
     */
    private static RefusedException unreadable(KubernetesClientException failure) {
        if (failure.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
            throw failure;
        }
        return new RefusedException(
                SandboxReason.SANDBOX_NOT_READY,
                "The operator may not read the sandbox: give its service account the verbs get, list and watch on pods,"
                        + " and on the sandboxes of agent-sandbox. The API server says: "
                        + PodExec.told(failure));
    }

    private LocatedSandbox find(String namespace, SessionPublishSpec.Source source, Optional<String> seenUid)
            throws RefusedException {
        Optional<String> container = Optional.ofNullable(source.container());
        if (source.sandboxName() != null) {
            AgentSandbox sandbox = sandboxes.find(namespace, source.sandboxName(), seenUid.isPresent());
            Pod pod = sandboxes.pod(sandbox, seenUid.isPresent());
            return new LocatedSandbox(
                    container(pod, container, seenUid),
                    sandbox.name(),
                    sandbox.uid(),
                    annotations(pod),
                    sandbox.notice(clock.instant()));
        }
        requireSupported(source);
        Pod pod = labelled(namespace, Objects.requireNonNull(source.podName()), seenUid);
        return new LocatedSandbox(
                container(pod, container, seenUid),
                pod.getMetadata().getName(),
                pod.getMetadata().getUid(),
                annotations(pod),
                Optional.empty());
    }

    /** @throws RefusedException unsupported-source */
    public static void requireSupported(SessionPublishSpec.Source source) throws RefusedException {
        if (source.podName() == null && source.sandboxName() == null) {
            throw new RefusedException(
                    SandboxReason.UNSUPPORTED_SOURCE,
                    "spec.source.sessionName is not supported yet: name the pod in spec.source.podName, or the Sandbox in spec.source.sandboxName.");
        }
    }

    private static Map<String, String> annotations(Pod pod) {
        return Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
    }

    private static SandboxContainer container(Pod pod, Optional<String> wanted, Optional<String> seenUid)
            throws RefusedException {
        String podName = pod.getMetadata().getName();
        String uid = pod.getMetadata().getUid();
        if (seenUid.isPresent() && !seenUid.get().equals(uid)) {
            throw new RefusedException(
                    SandboxReason.WRONG_POD,
                    "The pod " + podName
                            + " is another one than the pod that was found before: start again with the annotation sessionpublish.dev/retry-at if its work is what you mean.");
        }
        String phase = pod.getStatus() == null
                ? "Pending"
                : String.valueOf(pod.getStatus().getPhase());
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            throw new RefusedException(
                    SandboxReason.SANDBOX_TERMINATED,
                    "The pod " + podName + " has ended (" + phase + "): its checkout can't be read any more.");
        }
        String chosen = chosen(pod, wanted);
        requireReady(pod, chosen);
        return new SandboxContainer(pod.getMetadata().getNamespace(), podName, uid, chosen);
    }

    /** @throws RefusedException wrong-pod when the name belongs to another pod by now, or to none */
    public void requireSame(SandboxContainer found) throws RefusedException {
        Pod pod;
        try {
            pod = client.pods()
                    .inNamespace(found.namespace())
                    .withName(found.podName())
                    .get();
        } catch (KubernetesClientException e) {
            throw unreadable(e);
        }
        if (pod == null || !found.podUid().equals(pod.getMetadata().getUid())) {
            throw new RefusedException(
                    SandboxReason.WRONG_POD,
                    "The pod " + found.podName()
                            + " was replaced while it was being asked: nothing was sent to the forge.");
        }
    }

    private Pod labelled(String namespace, String podName, Optional<String> seenUid) throws RefusedException {
        Optional<Pod> labelled = client
                .pods()
                .inNamespace(namespace)
                .withLabelSelector(selector)
                .withField("metadata.name", podName)
                .list()
                .getItems()
                .stream()
                .findFirst();
        if (labelled.isPresent()) {
            return labelled.get();
        }
        if (client.pods().inNamespace(namespace).withName(podName).get() != null) {
            throw new RefusedException(
                    SandboxReason.WRONG_POD,
                    "The pod " + podName + " is not a sandbox: it doesn't carry the label " + selector + ".");
        }
        if (seenUid.isPresent()) {
            throw new RefusedException(
                    SandboxReason.SANDBOX_TERMINATED, "The pod " + podName + " is gone, and its checkout with it.");
        }
        throw new RefusedException(
                SandboxReason.SANDBOX_NOT_READY, "There is no pod " + podName + " in this namespace yet.");
    }

    private static String chosen(Pod pod, Optional<String> wanted) throws RefusedException {
        List<String> names =
                pod.getSpec().getContainers().stream().map(Container::getName).toList();
        Optional<String> annotated =
                Optional.ofNullable(pod.getMetadata().getAnnotations()).map(all -> all.get(DEFAULT_CONTAINER));
        String chosen = wanted.or(() -> annotated).orElse(names.size() == 1 ? names.get(0) : "");
        if (names.contains(chosen)) {
            return chosen;
        }
        String listed = names.stream().collect(Collectors.joining(", "));
        throw new RefusedException(
                SandboxReason.CONTAINER_AMBIGUOUS,
                chosen.isEmpty()
                        ? "The pod has several containers (" + listed + "): name one in spec.source.container."
                        : "The pod has no container " + chosen + ": it has " + listed + ".");
    }

    /** A pod that is being deleted isn't ready any more, but as long as its container runs its work can be saved. */
    private static void requireReady(Pod pod, String container) throws RefusedException {
        boolean leaving = pod.getMetadata().getDeletionTimestamp() != null;
        List<ContainerStatus> statuses =
                pod.getStatus() == null ? List.of() : pod.getStatus().getContainerStatuses();
        boolean running = statuses.stream()
                .filter(status -> status.getName().equals(container))
                .anyMatch(status -> status.getState() != null
                        && status.getState().getRunning() != null
                        && (leaving || Boolean.TRUE.equals(status.getReady())));
        if (!running && leaving) {
            throw new RefusedException(
                    SandboxReason.SANDBOX_TERMINATED,
                    "The pod " + pod.getMetadata().getName() + " is being deleted and its container " + container
                            + " has ended.");
        }
        boolean ended = statuses.stream()
                .filter(status -> status.getName().equals(container))
                .anyMatch(
                        status -> status.getState() != null && status.getState().getTerminated() != null);
        if (ended && "Never".equals(pod.getSpec().getRestartPolicy())) {
            throw new RefusedException(
                    SandboxReason.SANDBOX_TERMINATED,
                    "The container " + container + " of pod "
                            + pod.getMetadata().getName()
                            + " has ended and is not started again: its checkout can't be read any more.");
        }
        if (!running) {
            throw new RefusedException(
                    SandboxReason.SANDBOX_NOT_READY,
                    "The container " + container + " of pod "
                            + pod.getMetadata().getName() + " is not ready yet.");
        }
    }
}
