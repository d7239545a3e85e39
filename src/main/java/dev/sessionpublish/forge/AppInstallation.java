package dev.sessionpublish.forge;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The installation of a GitHub App on the account that owns a repository.
 *
 * @param slug the App's name in URLs and logins
 * @param account the login of the user or organization
 * @param granted the access to each permission
 * @param remedy what to do about missing permissions, as the end of a sentence; empty text if none is missing
 */
public record AppInstallation(String slug, long id, String account, Map<String, String> granted, String remedy) {
    public AppInstallation {
        granted = Map.copyOf(granted);
    }

    public boolean has(AppPermission permission) {
        return permission.isIn(granted);
    }

    /** The permissions that the operator needs and the installation lacks. */
    public List<AppPermission> missing() {
        return missing(granted);
    }

    /** The permissions that the operator needs and that these lack. */
    public static List<AppPermission> missing(Map<String, String> granted) {
        return AppPermission.NEEDED.stream().filter(each -> !each.isIn(granted)).toList();
    }

    /** The permissions as text, such as {@code contents: write}, sorted. */
    public List<String> permissions() {
        return granted.entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue())
                .sorted()
                .toList();
    }

    /** What is missing and what to do about it, as a sentence; empty text if nothing is. */
    public String problem() {
        List<AppPermission> missing = missing();
        return missing.isEmpty() ? "" : lacking(missing);
    }

    /** Why something can't be done. */
    RefusedException lacks(AppPermission permission) {
        return new RefusedException(SharedReason.FORBIDDEN, lacking(List.of(permission)));
    }

    private String lacking(List<AppPermission> missing) {
        String names = missing.stream().map(AppPermission::toString).collect(Collectors.joining(", "));
        return "The installation of the GitHub App " + slug + " on " + account + " lacks "
                + (missing.size() == 1 ? "the permission " : "the permissions ") + names + ". Change that: "
                + remedy;
    }
}
