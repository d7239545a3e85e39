package dev.sessionpublish.sandbox;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Starts programs in sandbox containers through the API server's {@code pods/exec}. */
public final class PodExec {
    private final KubernetesClient client;

    public PodExec(KubernetesClient client) {
        this.client = client;
    }

    /**
     * @param argv appears in the request's URL and in the audit log, so it must be short and contain no secret
     * @param limit the time limit of the exec
     * @throws RefusedException exec-failed if the API server or the node does not start the exec
     */
    public ExecConversation open(SandboxContainer where, List<String> argv, Duration limit) throws RefusedException {
        ExecConversation conversation = new ExecConversation(limit);
        try {
            conversation.started(client.pods()
                    .inNamespace(where.namespace())
                    .withName(where.podName())
                    .inContainer(where.container())
                    .redirectingInput()
                    .writingOutput(conversation.output())
                    .writingError(conversation.errors())
                    .usingListener(conversation)
                    .exec(argv.toArray(String[]::new)));
            return conversation;
        } catch (KubernetesClientException e) {
            conversation.close();
            throw new RefusedException(
                    SandboxReason.EXEC_FAILED,
                    "The exec in the pod " + where.podName()
                            + " failed to start. Check that kubectl exec works on the pod."
                            + " The API server's message: " + messageOf(e));
        }
    }

    /** The API server's message if there is one, otherwise the client's. */
    static String messageOf(KubernetesClientException failure) {
        String message =
                Optional.ofNullable(failure.getStatus()).map(Status::getMessage).orElse(failure.getMessage());
        return SafeText.line(String.valueOf(message), 300);
    }
}
