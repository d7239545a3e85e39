package dev.sessionpublish.sandbox;

import dev.sessionpublish.api.v1alpha1.Source;
import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds the container that a publish refers to. A pod that a publish names must have the sandbox label, so that users
 * who may create publishes can't execute commands in other pods. The pod of a Sandbox is identified by its controller.
 */
public final class PodLocator {
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
     *     multiple-pods, wrong-pod, sandbox-label-missing, container-ambiguous, unsupported-source
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
        PodContainers containers = new PodContainers(pod);
        String chosen = containers.choose(wanted);
        containers.requireReady(chosen);
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
                    SandboxReason.SANDBOX_LABEL_MISSING,
                    "The pod " + podName + " lacks the sandbox label. If it is a sandbox, add the label " + selector
                            + "; the publish then starts again automatically.");
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
}
