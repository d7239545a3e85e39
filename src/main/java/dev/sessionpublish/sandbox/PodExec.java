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
     * @param argv becomes part of the request's URL and of the cluster's audit log: nothing long, nothing secret
     * @param limit of the whole exec
     * @throws RefusedException exec-failed when the API server, or the pod's node, doesn't start it
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
                    "The exec in pod " + where.podName() + " could not be started: " + told(e));
        }
    }

    /** In the API server's own words, where there are any. */
    static String told(KubernetesClientException failure) {
        String words =
                Optional.ofNullable(failure.getStatus()).map(Status::getMessage).orElse(failure.getMessage());
        return SafeText.line(String.valueOf(words), 300);
    }
}
