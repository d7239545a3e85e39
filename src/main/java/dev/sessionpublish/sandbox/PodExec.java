package dev.sessionpublish.sandbox;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs scripts in sandbox containers through the API server's {@code pods/exec}. The arguments of an exec are in its URL,
 * and so is the script, which saves sending it on stdin. A proxy may refuse so long a request line; from then on every
 * script goes on stdin.
 */
public final class PodExec {
    /** 400 is also an answer of the API server; in that case the second attempt gets it too. */
    private static final Set<Integer> REQUEST_LINE_TOO_LONG = Set.of(400, 414, 431);

    private final KubernetesClient client;
    private volatile boolean scriptsOnStdin;

    public PodExec(KubernetesClient client) {
        this.client = client;
    }

    /**
     * @param script appears with its arguments in the request's URL and in the audit log, so neither may contain a secret
     * @param limit the time limit of the exec
     * @throws RefusedException exec-failed if the API server or the node does not start the exec
     */
    public ExecConversation run(SandboxContainer where, ShellScript script, Duration limit) throws RefusedException {
        try {
            if (!scriptsOnStdin) {
                try {
                    return start(where, script.asArgument(), limit);
                } catch (KubernetesClientException e) {
                    if (!REQUEST_LINE_TOO_LONG.contains(codeOf(e))) {
                        throw e;
                    }
                }
            }
            ExecConversation conversation = start(where, script.onStdin(), limit);
            scriptsOnStdin = true;
            return sending(script.input(), conversation);
        } catch (KubernetesClientException e) {
            throw new RefusedException(
                    SandboxReason.EXEC_FAILED,
                    "The exec in the container " + where.container() + " of the pod " + where.podName()
                            + " failed to start. Check that kubectl exec works on the pod."
                            + " The API server's message: " + messageOf(e));
        }
    }

    private static ExecConversation sending(String input, ExecConversation conversation) throws RefusedException {
        try {
            conversation.send(input);
            return conversation;
        } catch (IOException e) {
            conversation.close();
            throw ExecFailure.of(e, conversation.startFailure(), conversation.stderr())
                    .refusal();
        }
    }

    private ExecConversation start(SandboxContainer where, List<String> argv, Duration limit) {
        ExecConversation conversation = new ExecConversation(limit);
        try {
            conversation.started(KnownPod.exec(client, where, conversation, argv));
            return conversation;
        } catch (KubernetesClientException e) {
            conversation.close();
            throw e;
        }
    }

    /** The HTTP status; the client keeps it only in the cause when the answer is no Status object of the API server. */
    private static int codeOf(KubernetesClientException failure) {
        return handshake(failure).map(refused -> refused.getResponse().code()).orElse(failure.getCode());
    }

    private static Optional<WebSocketHandshakeException> handshake(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof WebSocketHandshakeException refused && refused.getResponse() != null) {
                return Optional.of(refused);
            }
        }
        return Optional.empty();
    }

    /** The API server's message if there is one, otherwise the client's. */
    static String messageOf(KubernetesClientException failure) {
        String message = Optional.ofNullable(failure.getStatus())
                .map(Status::getMessage)
                .or(() -> handshake(failure)
                        .map(refused -> "HTTP status " + refused.getResponse().code()))
                .orElse(failure.getMessage());
        return SafeText.line(String.valueOf(message), 300);
    }
}
