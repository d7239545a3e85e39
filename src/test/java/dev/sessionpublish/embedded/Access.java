package dev.sessionpublish.embedded;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Who may read and write which repository of a {@link GitServer}, and how GitHub words a refusal. A repository is
 * {@code owner/name}. Rights belong to tokens; a token that isn't known is refused everywhere.
 */
public final class Access {
    /** What a token may do with one repository. */
    public enum Permission {
        NONE,
        READ,
        WRITE
    }

    /** An answer instead of the repository. */
    record Refusal(int status, String text) {}

    private record Grant(String login, Map<String, Permission> permissions, BooleanSupplier valid) {}

    private final Map<String, Grant> grants = new ConcurrentHashMap<>();
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final Set<String> archived = ConcurrentHashMap.newKeySet();
    private final Set<String> singleSignOn = ConcurrentHashMap.newKeySet();
    private final Set<String> signedOn = ConcurrentHashMap.newKeySet();

    /** Makes a token of a user known, or changes what it may do. */
    public void token(String token, String login, Map<String, Permission> permissions) {
        token(token, login, permissions, () -> true);
    }

    /** The same for a token that becomes worthless. */
    void token(String token, String login, Map<String, Permission> permissions, BooleanSupplier valid) {
        grants.put(token, new Grant(login, Map.copyOf(permissions), valid));
    }

    public void revoke(String token) {
        grants.remove(token);
    }

    /** Anyone may read it from now on; writing still needs a token. */
    public void makePublic(String repository) {
        open.add(repository);
    }

    public void makePrivate(String repository) {
        open.remove(repository);
    }

    public void archive(String repository) {
        archived.add(repository);
    }

    public void unarchive(String repository) {
        archived.remove(repository);
    }

    /** From now on the owner's repositories need tokens authorized for it by {@link #authorizeSingleSignOn}. */
    public void requireSingleSignOn(String owner) {
        singleSignOn.add(owner);
    }

    public void authorizeSingleSignOn(String token, String owner) {
        signedOn.add(owner + " " + token);
    }

    public boolean isPublic(String repository) {
        return open.contains(repository);
    }

    public boolean isArchived(String repository) {
        return archived.contains(repository);
    }

    /** The user whose token it is; empty when it isn't known or was revoked. */
    public Optional<String> login(String token) {
        return Optional.ofNullable(grants.get(token)).map(Grant::login);
    }

    /** What a token was given; {@link Permission#NONE} for an unknown one. */
    public Permission permission(String token, String repository) {
        Grant grant = grants.get(token);
        return grant == null ? Permission.NONE : grant.permissions().getOrDefault(repository, Permission.NONE);
    }

    Optional<Refusal> decide(String repository, boolean exists, boolean write, Optional<String> token) {
        boolean readable = exists && isPublic(repository);
        if (token.isEmpty()) {
            return readable && !write
                    ? Optional.empty()
                    : Optional.of(new Refusal(401, readable ? "No anonymous write access." : "Repository not found."));
        }
        Grant grant = grants.get(token.get());
        if (grant == null || !grant.valid().getAsBoolean()) {
            return Optional.of(new Refusal(
                    401, "Invalid username or token. Password authentication is not supported for Git operations."));
        }
        Permission permission = permission(token.get(), repository);
        if (!exists || (permission == Permission.NONE && !readable)) {
            return Optional.of(new Refusal(404, "Repository not found."));
        }
        String owner = repository.substring(0, repository.indexOf('/'));
        if (singleSignOn.contains(owner) && !signedOn.contains(owner + " " + token.get())) {
            return Optional.of(new Refusal(403, singleSignOnText(owner)));
        }
        if (write && isArchived(repository)) {
            return Optional.of(new Refusal(403, "This repository was archived so it is read-only."));
        }
        if (write && permission != Permission.WRITE) {
            return Optional.of(
                    new Refusal(403, "Permission to " + repository + ".git denied to " + grant.login() + "."));
        }
        return Optional.empty();
    }

    private static String singleSignOnText(String owner) {
        return "The '" + owner + "' organization has enabled or enforced SAML SSO.\n"
                + "To access this repository, you must use the HTTPS remote with a personal access token\n"
                + "or SSH with an SSH key and passphrase\n"
                + "that has been authorized for this organization.\n"
                + "Visit https://docs.github.com/articles/authenticating-to-a-github-organization-with-saml-single-sign-on/"
                + " for more information.";
    }
}
