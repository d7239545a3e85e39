package dev.sessionpublish.embedded;

import java.security.PublicKey;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A GitHub App of the stand-in: its keys, and the permissions that it requests. */
public final class GitHubApp {
    private final long id;
    private final String clientId;
    private final String slug;
    private final Set<PublicKey> keys = ConcurrentHashMap.newKeySet();
    private volatile Map<String, String> permissions;

    GitHubApp(long id, String clientId, String slug, Map<String, String> permissions) {
        this.id = id;
        this.clientId = clientId;
        this.slug = slug;
        this.permissions = Map.copyOf(permissions);
    }

    public long id() {
        return id;
    }

    public String clientId() {
        return clientId;
    }

    public String slug() {
        return slug;
    }

    /** The login of what it does. */
    public String login() {
        return slug + "[bot]";
    }

    Set<PublicKey> keys() {
        return keys;
    }

    public GitHubApp withKey(AppKeyPair key) {
        keys.add(key.publicKey());
        return this;
    }

    /** As its owner does in the App's settings. */
    public void deleteKey(AppKeyPair key) {
        keys.remove(key.publicKey());
    }

    Map<String, String> permissions() {
        return permissions;
    }

    /** Changes what it requests. What an account has accepted stays, until it {@link GitHubInstallation#accept}s. */
    public void request(Map<String, String> wanted) {
        permissions = Map.copyOf(wanted);
    }
}
