package dev.sessionpublish.sandbox;

import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.KubernetesResourceUtil;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the running pod of a Sandbox of kubernetes-sigs/agent-sandbox (agents.x-k8s.io/v1beta1). A name refers to the
 * Sandbox of that name or, if there is none, to the Sandbox of the SandboxClaim of that name. Ownership is decided only
 * by the uid in the controller's owner reference, because users can write the names and annotations of Sandboxes and
 * pods.
 */
final class AgentSandboxes {
    private static final ResourceDefinitionContext SANDBOXES = new ResourceDefinitionContext.Builder()
            .withGroup(AgentSandbox.GROUP)
            .withVersion(AgentSandbox.VERSION)
            .withKind(AgentSandbox.KIND)
            .withPlural("sandboxes")
            .withNamespaced(true)
            .build();
    private static final ResourceDefinitionContext CLAIMS = new ResourceDefinitionContext.Builder()
            .withGroup(AgentSandbox.CLAIM_GROUP)
            .withVersion(AgentSandbox.VERSION)
            .withKind(AgentSandbox.CLAIM_KIND)
            .withPlural("sandboxclaims")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;

    AgentSandboxes(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Reads the Sandbox that the name refers to from the API server.
     *
     * @param seen whether an earlier attempt of the same run found it
     * @throws RefusedException sandbox-not-ready, sandbox-terminated, sandbox-expired, multiple-pods
     */
    AgentSandbox find(String namespace, String name, boolean seen) throws RefusedException {
        Optional<GenericKubernetesResource> named = get(SANDBOXES, namespace, name);
        if (named.isPresent()) {
            return new AgentSandbox(named.get(), Optional.empty());
        }
        Optional<GenericKubernetesResource> claim = get(CLAIMS, namespace, name);
        if (claim.isPresent()) {
            return claimed(namespace, claim.get(), seen);
        }
        if (seen) {
            throw new RefusedException(
                    SandboxReason.SANDBOX_TERMINATED,
                    "The Sandbox " + name + " and its pod were deleted. Publish from a running sandbox.");
        }
        boolean served = client.supports(AgentSandbox.GROUP + "/" + AgentSandbox.VERSION, AgentSandbox.KIND);
        throw new RefusedException(
                SandboxReason.SANDBOX_NOT_READY,
                served
                        ? "The namespace has no Sandbox or SandboxClaim " + name
                                + " yet. Create it, or correct spec.source.sandboxName."
                        : "The cluster does not serve " + AgentSandbox.GROUP + "/" + AgentSandbox.VERSION + " "
                                + AgentSandbox.KIND + ". Install agent-sandbox, or set spec.source.podName.");
    }

    private AgentSandbox claimed(String namespace, GenericKubernetesResource claim, boolean seen)
            throws RefusedException {
        String name = claim.getMetadata().getName();
        List<GenericKubernetesResource> owned =
                client.genericKubernetesResources(SANDBOXES).inNamespace(namespace).list().getItems().stream()
                        .filter(sandbox -> AgentSandbox.isControlledBy(
                                sandbox, AgentSandbox.CLAIM_GROUP, AgentSandbox.CLAIM_KIND, claim))
                        .toList();
        if (owned.size() == 1) {
            return new AgentSandbox(owned.get(0), Optional.of(claim));
        }
        if (owned.size() > 1) {
            throw new RefusedException(
                    SandboxReason.MULTIPLE_PODS,
                    "The SandboxClaim " + name + " has several Sandboxes (" + names(owned)
                            + "). Set spec.source.sandboxName to one of them.");
        }
        if (AgentSandbox.hasCondition(claim, AgentSandbox.CLAIM_EXPIRED)) {
            throw new RefusedException(
                    SandboxReason.SANDBOX_EXPIRED,
                    "The SandboxClaim " + name + " and its Sandbox have expired, so the checkout can't be read."
                            + " Publish from a running sandbox.");
        }
        throw seen
                ? new RefusedException(
                        SandboxReason.SANDBOX_TERMINATED,
                        "The Sandbox of the SandboxClaim " + name + " was deleted. Publish from a running sandbox.")
                : new RefusedException(
                        SandboxReason.SANDBOX_NOT_READY,
                        "The SandboxClaim " + name
                                + " has no Sandbox yet. Wait, or check its events (kubectl describe) if none appears.");
    }

    /**
     * The pod that the Sandbox controls.
     *
     * @param seen whether an earlier attempt of the same run found it
     * @throws RefusedException sandbox-not-ready, sandbox-suspended, sandbox-expired, sandbox-terminated, multiple-pods
     */
    Pod pod(AgentSandbox sandbox, boolean seen) throws RefusedException {
        List<Pod> pods = client.pods().inNamespace(sandbox.namespace()).list().getItems().stream()
                .filter(sandbox::controls)
                .toList();
        List<Pod> alive = pods.stream().filter(AgentSandboxes::isAlive).toList();
        if (alive.size() == 1) {
            return alive.get(0);
        }
        if (alive.size() > 1) {
            throw new RefusedException(
                    SandboxReason.MULTIPLE_PODS,
                    sandbox.title() + " has several running pods (" + names(alive)
                            + "), so the operator can't select the checkout. Delete the extra pods.");
        }
        throw sandbox.whyWithoutPod(!pods.isEmpty(), seen);
    }

    /**
     * Whether the pod's files can be read now or later: it has not terminated, and if it is being deleted, one of its
     * containers still runs.
     */
    private static boolean isAlive(Pod pod) {
        String phase = pod.getStatus() == null
                ? "Pending"
                : String.valueOf(pod.getStatus().getPhase());
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            return false;
        }
        return pod.getMetadata().getDeletionTimestamp() == null || new PodContainers(pod).isAnyRunning();
    }

    private Optional<GenericKubernetesResource> get(ResourceDefinitionContext type, String namespace, String name) {
        return Optional.ofNullable(client.genericKubernetesResources(type)
                .inNamespace(namespace)
                .withName(name)
                .get());
    }

    private static String names(List<? extends io.fabric8.kubernetes.api.model.HasMetadata> resources) {
        return resources.stream()
                .map(KubernetesResourceUtil::getName)
                .sorted()
                .limit(10)
                .collect(Collectors.joining(", "));
    }
}
