package dev.sessionpublish.project;

import dev.sessionpublish.forge.AppCredential;
import dev.sessionpublish.forge.AppKey;
import dev.sessionpublish.forge.AppPermission;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The credential of a project, read from its Secret at each use and not cached: tokens or a GitHub App. Key {@code token} is
 * used for pushes and pull requests; {@code push-token} and {@code pull-request-token} take precedence over it for their
 * purpose. Keys {@code app-id}, {@code private-key} and optionally {@code installation-id} are an App's.
 *
 * @param version the Secret's resourceVersion
 * @param app the App, which is the credential for both purposes then
 */
public record Credentials(
        String version,
        Optional<? extends Credential> push,
        Optional<? extends Credential> pullRequest,
        Optional<AppCredential> app) {

    /** With tokens. */
    public Credentials(String version, Optional<Token> push, Optional<Token> pullRequest) {
        this(version, push, pullRequest, Optional.empty());
    }

    /**
     * Sends no request to the forge.
     *
     * @throws RefusedException missing-credentials; project-not-ready if the operator has no permission to read the
     *     Secret; network if the CA bundle of the project's host can't be loaded
     */
    public static Credentials read(KubernetesClient client, Forges forges, Project project) throws RefusedException {
        String name = project.secretName()
                .orElseThrow(() -> missing("The project " + project.name() + " names no Secret."
                        + " Set spec.credentialsSecret.name to a Secret with the key token."));
        Secret secret = get(client, project.namespace(), name);
        if (secret == null) {
            throw missing("The Secret " + name + " does not exist in this namespace. Create it with the key token.");
        }
        SecretKeys keys = new SecretKeys(name, secret.getData() == null ? Map.of() : secret.getData());
        String version = secret.getMetadata().getResourceVersion();
        Optional<AppKey> key = keys.app();
        if (key.isPresent()) {
            if (project.host().kind() != ForgeKind.GITHUB) {
                throw missing("The Secret " + name + " has the key app-id, and only GitHub has Apps: "
                        + project.host().authority() + " is "
                        + project.host().kind().written()
                        + ". Store a token under the key token, and remove app-id and private-key.");
            }
            AppCredential app = forges.app(project.host(), project.repository(), key.get());
            return new Credentials(version, Optional.of(app), Optional.of(app), Optional.of(app));
        }
        return keys.tokens(version);
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
    public Credential requirePush() throws RefusedException {
        if (push.isPresent()) {
            return push.get();
        }
        throw missing("The project's Secret has no token for pushes. Add the key token or push-token.");
    }

    /** @throws RefusedException missing-credentials */
    public Credential requirePullRequest() throws RefusedException {
        if (pullRequest.isPresent()) {
            return pullRequest.get();
        }
        throw missing("The project's Secret has no token for pull requests. Add the key token or pull-request-token.");
    }

    /**
     * Checks that pushes are allowed, as far as that is known before one: of an App it is.
     *
     * @throws RefusedException missing-credentials; the reasons of {@link AppCredential#require}
     */
    public void requireMayPush() throws RefusedException {
        requirePush();
        if (app.isPresent()) {
            app.get().require(AppPermission.CONTENTS);
        }
    }

    /** The same for pull requests. Throws as {@link #requireMayPush}. */
    public void requireMayOpenPullRequests() throws RefusedException {
        requirePullRequest();
        if (app.isPresent()) {
            app.get().require(AppPermission.PULL_REQUESTS);
        }
    }

    static RefusedException missing(String message) {
        return new RefusedException(ProjectReason.MISSING_CREDENTIALS, message);
    }
}
