package dev.sessionpublish.sandbox;

import dev.sessionpublish.api.v1alpha1.Source;
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
 * Finds the container that a publish refers to. A pod that a publish names must have the sandbox label, so that users
 * who may create publishes can't execute commands in other pods. The pod of a Sandbox is identified by its controller.
 */
public final class PodLocator {
    private static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

    private final KubernetesClient client;
    private final String selector;
    private final AgentSandboxes sandboxes;
    private final Clock clock;

    /** @param selector a label selector, in kubectl's syntax */
    public PodLocator(KubernetesClient client, String selector, Clock clock) {
        this.client = client;
        this.selector = selector;
        this.sandboxes = new AgentSandboxes(client);
        this.clock = clock;
    }

    /**
     * @param source has the name of a pod or a Sandbox
     * @param seenUid the uid of the pod that an earlier attempt of the same run found
     * @throws RefusedException sandbox-not-ready, sandbox-suspended, sandbox-expired, sandbox-terminated,
     *     multiple-pods, wrong-pod, container-ambiguous, unsupported-source
     */
    public LocatedSandbox locate(String namespace, Source source, Optional<String> seenUid) throws RefusedException {
        try {
            return find(namespace, source, seenUid);
        } catch (KubernetesClientException e) {
            throw unreadable(e);
        }
    }

    /**
     * RBAC forbids reading the source. This reason is retried, because no watch reports a change of RBAC rules.
     *
     * @throws KubernetesClientException the given exception, if it is not about permissions
     */
    private static RefusedException unreadable(KubernetesClientException failure) {
        if (failure.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
            throw failure;
        }
        return new RefusedException(
                SandboxReason.SANDBOX_NOT_READY,
                "The operator has no permission to read the sandbox. Grant its service account the verbs get, list and"
                        + " watch on pods, and on the Sandboxes and SandboxClaims of agent-sandbox. The API server's message: "
                        + PodExec.messageOf(failure));
    }

    private LocatedSandbox find(String namespace, Source source, Optional<String> seenUid) throws RefusedException {
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
    public static void requireSupported(Source source) throws RefusedException {
        if (source.podName() == null && source.sandboxName() == null) {
            throw new RefusedException(
                    SandboxReason.UNSUPPORTED_SOURCE,
                    "spec.source.sessionName is not supported yet. Set spec.source.podName or spec.source.sandboxName.");
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
                            + " was replaced by another pod of the same name. To publish from the new pod, set the"
                            + " annotation sessionpublish.dev/retry-at to a new value.");
        }
        String phase = pod.getStatus() == null
                ? "Pending"
                : String.valueOf(pod.getStatus().getPhase());
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            throw new RefusedException(
                    SandboxReason.SANDBOX_TERMINATED,
                    "The pod " + podName + " has terminated (" + phase + "), so its checkout can't be read."
                            + " Publish from a running pod.");
        }
        String chosen = chosen(pod, wanted);
        requireReady(pod, chosen);
        return new SandboxContainer(pod.getMetadata().getNamespace(), podName, uid, chosen);
    }

    /** @throws RefusedException wrong-pod if the pod was deleted or replaced */
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
                            + " was replaced during the publish; nothing was pushed. To publish from the"
                            + " new pod, set the annotation sessionpublish.dev/retry-at to a new value.");
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
                    "The pod " + podName + " lacks the sandbox label. Add the label " + selector
                            + " if it is a sandbox.");
        }
        if (seenUid.isPresent()) {
            throw new RefusedException(
                    SandboxReason.SANDBOX_TERMINATED,
                    "The pod " + podName + " was deleted, and its checkout with it. Publish from a running pod.");
        }
        throw new RefusedException(
                SandboxReason.SANDBOX_NOT_READY,
                "The pod " + podName
                        + " does not exist in this namespace yet. Create it, or correct spec.source.podName.");
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
                        ? "The pod has several containers (" + listed + "). Set spec.source.container to one of them."
                        : "The pod has no container " + chosen
                                + ". Set spec.source.container to one of its containers: " + listed + ".");
    }

    /**
     * Requires a ready container. If the pod is being deleted, a running container is enough, because its work can
     * still be published.
     */
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
                            + " has terminated. Publish from a running pod.");
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
                            + " has terminated and does not restart, so its checkout can't be read. Publish from a running pod.");
        }
        if (!running) {
            throw new RefusedException(
                    SandboxReason.SANDBOX_NOT_READY,
                    "The container " + container + " of pod "
                            + pod.getMetadata().getName() + " is not ready yet.");
        }
    }
}
