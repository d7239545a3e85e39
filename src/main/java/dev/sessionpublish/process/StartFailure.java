package dev.sessionpublish.process;

import dev.sessionpublish.outcome.SafeText;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/** Explains why the operator failed to start. */
final class StartFailure {
    private static final int LONGEST_QUOTE = 500;

    private StartFailure() {}

    /** What to do about a known failure; otherwise the distinct messages of the exception and its causes. */
    static String explain(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof KubernetesClientException refused) {
                if (refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                    return "The cluster has no CRDs for SessionPublish and SessionProject. Apply the files in crds/, or"
                            + " install them with the chart (crds.install).";
                }
                if (refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                    return "The operator's service account lacks a permission. Grant it the rules in docs/manifests/operator.yaml. The"
                            + " API server's message: " + SafeText.line(message(refused), LONGEST_QUOTE);
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
