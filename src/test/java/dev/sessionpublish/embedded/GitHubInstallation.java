package dev.sessionpublish.embedded;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The installation of a GitHub App on an account of the stand-in. */
public final class GitHubInstallation {
    private final long id;
    private final GitHubApp app;
    private final String account;
    private final Set<String> repositories = ConcurrentHashMap.newKeySet();
    private final GitHubToken quota;
    private volatile Map<String, String> granted;
    private volatile boolean suspended;
    private volatile boolean removed;

    GitHubInstallation(long id, GitHubApp app, String account) {
        this.id = id;
        this.app = app;
        this.account = account;
        this.granted = app.permissions();
        this.quota = new GitHubToken(app.login(), true);
    }

    public long id() {
        return id;
    }

    GitHubApp app() {
        return app;
    }

    String account() {
        return account;
    }

    /** Its rate limit, which all of its tokens share. */
    public GitHubToken quota() {
        return quota;
    }

    public GitHubInstallation select(String repository) {
        repositories.add(repository.toLowerCase(Locale.ROOT));
        return this;
    }

    public void unselect(String repository) {
        repositories.remove(repository.toLowerCase(Locale.ROOT));
    }

    boolean covers(String repository) {
        return repositories.contains(repository.toLowerCase(Locale.ROOT));
    }

    Map<String, String> granted() {
        return granted;
    }

    /** The account's owner accepts what the App requests now. */
    public void accept() {
        granted = app.permissions();
    }

    boolean isSuspended() {
        return suspended;
    }

    public void suspend() {
        suspended = true;
    }

    public void unsuspend() {
        suspended = false;
    }

    boolean isRemoved() {
        return removed;
    }

    /** The account's owner uninstalls the App. */
    public void remove() {
        removed = true;
    }
}
