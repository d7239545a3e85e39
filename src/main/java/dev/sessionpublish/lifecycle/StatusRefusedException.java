package dev.sessionpublish.lifecycle;

import dev.sessionpublish.outcome.SafeText;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** The API server refuses a status as invalid, and would refuse it again. The message is the API server's. */
public final class StatusRefusedException extends Exception {
    private static final long serialVersionUID = 1;
    private static final int MESSAGE_BYTES = 1_000;

    StatusRefusedException(KubernetesClientException refusal) {
        super(message(refusal), refusal);
    }

    static String message(KubernetesClientException refusal) {
        String said = Optional.ofNullable(refusal.getStatus())
                .flatMap(status -> Optional.ofNullable(status.getMessage()))
                .orElseGet(() -> String.valueOf(refusal.getMessage()));
        return SafeText.line(said, MESSAGE_BYTES);
    }
}
