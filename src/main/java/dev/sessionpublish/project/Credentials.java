package dev.sessionpublish.project;

import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A project's tokens, read from its Secret at the moment of use and kept nowhere. Key {@code token} serves for both;
 * {@code push-token} and {@code pull-request-token} each go before it.
 *
 * @param version the Secret's resourceVersion
 */
public record Credentials(String version, Optional<Token> push, Optional<Token> pullRequest) {

    /** @throws RefusedException missing-credentials; project-not-ready when the operator may not read the Secret */
    public static Credentials read(KubernetesClient client, Project project) throws RefusedException {
        String name = project.secretName()
                .orElseThrow(() -> missing("The project " + project.name()
                        + " names no Secret: set spec.credentialsSecret.name to one with the key token."));
        Secret secret = get(client, project.namespace(), name);
        if (secret == null) {
            throw missing("There is no Secret " + name + " in this namespace: create it with the key token.");
        }
        Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
        Optional<Token> shared = token(data, "token", name);
        Credentials credentials = new Credentials(
                secret.getMetadata().getResourceVersion(),
                token(data, "push-token", name).or(() -> shared),
                token(data, "pull-request-token", name).or(() -> shared));
        if (credentials.push.isEmpty() && credentials.pullRequest.isEmpty()) {
            throw missing(
                    data.containsKey("app-id")
                            ? "The Secret " + name
                                    + " holds a GitHub App's key, which is not supported yet: use the key token."
                            : "The Secret " + name + " has none of the keys token, push-token and pull-request-token.");
        }
        return credentials;
    }

    private static @Nullable Secret get(KubernetesClient client, String namespace, String name)
            throws RefusedException {
        try {
            return client.secrets().inNamespace(namespace).withName(name).get();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                throw unreadable(name);
            }
            throw e;
        }
    }

    /** The cluster's rights keep the operator from a Secret; nobody tells when they change, so it is asked again. */
    static RefusedException unreadable(String secret) {
        return new RefusedException(
                ProjectReason.PROJECT_NOT_READY,
                "The operator may not read the Secret " + secret
                        + ": give its service account the verbs get, list and watch on it.");
    }

    /** @throws RefusedException missing-credentials */
    public Token requirePush() throws RefusedException {
        return push.orElseThrow(
                () -> missing("The project's Secret has no token to push with: add the key token or push-token."));
    }

    /** @throws RefusedException missing-credentials */
    public Token requirePullRequest() throws RefusedException {
        return pullRequest.orElseThrow(
                () -> missing(
                        "The project's Secret has no token to open pull requests with: add the key token or pull-request-token."));
    }

    private static Optional<Token> token(Map<String, String> data, String key, String secret) throws RefusedException {
        String encoded = data.get(key);
        if (encoded == null) {
            return Optional.empty();
        }
        try {
            String text = new String(Base64.getMimeDecoder().decode(encoded), StandardCharsets.UTF_8);
            // Editors of some systems begin a file with a byte order mark.
            String value = (text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
            return value.isEmpty() ? Optional.empty() : Optional.of(new Token(value));
        } catch (IllegalArgumentException e) {
            throw missing("The key " + key + " of the Secret " + secret
                    + " is not a token: it must be printable ASCII without spaces, on one line.");
        }
    }

    private static RefusedException missing(String message) {
        return new RefusedException(ProjectReason.MISSING_CREDENTIALS, message);
    }
}
