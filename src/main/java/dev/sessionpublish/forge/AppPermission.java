package dev.sessionpublish.forge;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A permission of a GitHub App.
 *
 * @param name as in GitHub's REST API
 * @param access {@code read} or {@code write}
 * @see <a href="https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app">App
 *     permissions</a>
 */
public record AppPermission(String name, String access) {
    private static final List<String> LEVELS = List.of("read", "write", "admin");

    /** To push, and for Git LFS. */
    public static final AppPermission CONTENTS = new AppPermission("contents", "write");

    /** To open, label and close pull requests. */
    public static final AppPermission PULL_REQUESTS = new AppPermission("pull_requests", "write");

    /** What the operator needs for everything that it does. */
    public static final List<AppPermission> NEEDED = List.of(
            CONTENTS, PULL_REQUESTS, new AppPermission("checks", "read"), new AppPermission("statuses", "read"));

    /** What GitHub requires of a push that changes a workflow file. Not missed where it is not granted. */
    public static final AppPermission WORKFLOWS = new AppPermission("workflows", "write");

    /** The access that is granted, as far as it is wanted; empty if none is. */
    public Optional<String> within(Map<String, String> granted) {
        int level = Math.min(LEVELS.indexOf(access), LEVELS.indexOf(granted.getOrDefault(name, "")));
        return level < 0 ? Optional.empty() : Optional.of(LEVELS.get(level));
    }

    public boolean isIn(Map<String, String> granted) {
        return within(granted).equals(Optional.of(access));
    }

    /** {@code contents: write}. */
    @Override
    public String toString() {
        return name + ": " + access;
    }
}
