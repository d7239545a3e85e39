package dev.sessionpublish.process;

import dev.sessionpublish.outcome.SafeText;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/** Explains why the operator could not start. */
final class StartFailure {
    private static final int LONGEST_QUOTE = 500;

    private StartFailure() {}

    /** What the user does about a known failure; otherwise what the exception and its causes say, each once. */
    static String explain(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof KubernetesClientException refused) {
                if (refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                    return "The cluster has no definitions of SessionPublish and SessionProject: apply those of crds/, or"
                            + " have the chart install them (crds.install).";
                }
                if (refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                    return "The operator's service account lacks a right that docs/manifests/operator.yaml grants. The API"
                            + " server says: " + SafeText.line(message(refused), LONGEST_QUOTE);
                }
            }
        }
        Set<String> messages = new LinkedHashSet<>();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            messages.add(Objects.requireNonNullElse(
                    each.getMessage(), each.getClass().getSimpleName()));
        }
        return String.join(": ", messages);
    }

    private static String message(KubernetesClientException refused) {
        return String.valueOf(
                refused.getStatus() == null
                        ? refused.getMessage()
                        : refused.getStatus().getMessage());
    }
}
