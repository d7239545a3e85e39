package dev.sessionpublish.project;

import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a project, read from its Secret at each use and not cached. Key {@code token} is used for pushes and
 * pull requests; {@code push-token} and {@code pull-request-token} take precedence over it for their purpose.
 *
 * @param version the Secret's resourceVersion
 */
public record Credentials(String version, Optional<Token> push, Optional<Token> pullRequest) {
    private static final List<String> KEYS = List.of("token", "push-token", "pull-request-token");
    private static final int MOST_KEYS_NAMED = 10;

    /**
     * @throws RefusedException missing-credentials; project-not-ready if the operator has no permission to read the
     *     Secret
     */
    public static Credentials read(KubernetesClient client, Project project) throws RefusedException {
        String name = project.secretName()
                .orElseThrow(() -> missing("The project " + project.name() + " names no Secret."
                        + " Set spec.credentialsSecret.name to a Secret with the key token."));
        Secret secret = get(client, project.namespace(), name);
        if (secret == null) {
            throw missing("The Secret " + name + " does not exist in this namespace. Create it with the key token.");
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
                            ? "The Secret " + name + " contains the key of a GitHub App, which is not supported yet."
                                    + " Store a token under the key token."
                            : withoutToken(data, name));
        }
        return credentials;
    }

    private static String withoutToken(Map<String, String> data, String name) {
        Optional<String> empty = KEYS.stream().filter(data::containsKey).findFirst();
        if (empty.isPresent()) {
            return "The key " + empty.get() + " of the Secret " + name + " is empty. Store a token in it.";
        }
        String keys = data.keySet().stream().sorted().limit(MOST_KEYS_NAMED).collect(Collectors.joining(", "));
        return "The Secret " + name + " has "
                + (keys.isEmpty() ? "none of the keys " : "the keys " + keys + " but none of ")
                + String.join(", ", KEYS) + ". Add the key token.";
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

    /** RBAC forbids reading the Secret. This reason is retried, because no watch reports a change of RBAC rules. */
    static RefusedException unreadable(String secret) {
        return new RefusedException(
                ProjectReason.PROJECT_NOT_READY,
                "The operator has no permission to read the Secret " + secret
                        + ". Grant its service account the verbs get, list and watch on the Secret.");
    }

    /** @throws RefusedException missing-credentials */
    public Token requirePush() throws RefusedException {
        return push.orElseThrow(
                () -> missing("The project's Secret has no token for pushes. Add the key token or push-token."));
    }

    /** @throws RefusedException missing-credentials */
    public Token requirePullRequest() throws RefusedException {
        return pullRequest.orElseThrow(() -> missing(
                "The project's Secret has no token for pull requests. Add the key token or pull-request-token."));
    }

    private static Optional<Token> token(Map<String, String> data, String key, String secret) throws RefusedException {
        String encoded = data.get(key);
        if (encoded == null) {
            return Optional.empty();
        }
        try {
            String text = new String(Base64.getMimeDecoder().decode(encoded), StandardCharsets.UTF_8);
            // Some editors write a byte order mark at the start of a file.
            String value = (text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
            return value.isEmpty() ? Optional.empty() : Optional.of(new Token(value));
        } catch (IllegalArgumentException e) {
            throw missing("The key " + key + " of the Secret " + secret + " is not a valid token."
                    + " Store the token as one line of printable ASCII without spaces.");
        }
    }

    private static RefusedException missing(String message) {
        return new RefusedException(ProjectReason.MISSING_CREDENTIALS, message);
    }
}
