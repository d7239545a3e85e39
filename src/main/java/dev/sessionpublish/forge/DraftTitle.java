package dev.sessionpublish.forge;

import java.util.List;
import java.util.Optional;

/**
 * The title of a pull request on a forge that reads from it whether the pull request is a draft. Gitea and Forgejo do:
 * titles that start with {@code WIP:} or {@code [WIP]}, in any case, are drafts (the default of their setting
 * {@code WORK_IN_PROGRESS_PREFIXES}).
 */
public final class DraftTitle {
    /** Gitea's and Forgejo's first prefix. */
    public static final String PREFIX = "WIP:";

    private static final List<String> PREFIXES = List.of(PREFIX, "[WIP]");

    private DraftTitle() {}

    /**
     * The title with such a prefix if and only if the pull request is to be a draft; unchanged on GitHub.
     *
     * @param title one line
     * @param head the head branch, which stands for a title that is only a prefix
     */
    public static String of(ForgeKind kind, String title, boolean draft, String head) {
        if (kind == ForgeKind.GITHUB || draft && prefix(title).isPresent()) {
            return title;
        }
        return draft ? PREFIX + " " + title : withoutPrefix(title, head);
    }

    private static String withoutPrefix(String title, String head) {
        String rest = title;
        for (Optional<String> found = prefix(rest); found.isPresent(); found = prefix(rest)) {
            rest = rest.substring(found.get().length()).strip();
        }
        return rest.isEmpty() ? head : rest;
    }

    private static Optional<String> prefix(String title) {
        return PREFIXES.stream()
                .filter(each -> title.regionMatches(true, 0, each, 0, each.length()))
                .findFirst();
    }
}
