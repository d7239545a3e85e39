package dev.sessionpublish.sandbox;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.internal.core.v1.PodOperationsImpl;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A pod whose container was found to be ready. The client's own exec lists and gets the pod first, whatever timeout it is
 * given, to wait until it is ready and to look for the container. This one sends the exec alone; the API server refuses a
 * container that does not exist.
 */
final class KnownPod extends PodOperationsImpl {
    private final Pod pod;

    private KnownPod(PodOperationsImpl exec, Pod pod) {
        super(exec.getContext(), exec.getOperationContext());
        this.pod = pod;
    }

    /** Starts the command; the conversation gets its output, and stays open. */
    static ExecWatch exec(
            KubernetesClient client, SandboxContainer where, ExecConversation conversation, List<String> argv) {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace(where.namespace())
                .withName(where.podName())
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName(where.container())
                .endContainer()
                .endSpec()
                .build();
        PodOperationsImpl exec = (PodOperationsImpl) client.pods()
                .inNamespace(where.namespace())
                .withName(where.podName())
                .inContainer(where.container())
                .redirectingInput()
                .writingOutput(conversation.output())
                .writingError(conversation.errors())
                .usingListener(conversation);
        return new KnownPod(exec, pod).exec(argv.toArray(String[]::new));
    }

    /** Called by the exec with a condition that keeps the pod. */
    @Override
    public Pod waitUntilCondition(Predicate<Pod> condition, long amount, TimeUnit unit) {
        condition.test(pod);
        return pod;
    }
}
