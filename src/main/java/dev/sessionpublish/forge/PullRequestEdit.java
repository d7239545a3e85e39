package dev.sessionpublish.forge;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A change of an open pull request. Only what it names is changed; everything else stays as it is at the forge, whoever
 * wrote it.
 *
 * @param title one line, without the marker of a draft; empty to keep the present one
 * @param body Markdown; empty to keep the present one
 * @param draft empty to keep the present state
 */
public record PullRequestEdit(
        Optional<String> title,
        Optional<String> body,
        Optional<Boolean> draft,
        Difference labels,
        Difference reviewers,
        Difference assignees) {
    public static final PullRequestEdit NONE = new PullRequestEdit(
            Optional.empty(), Optional.empty(), Optional.empty(), Difference.NONE, Difference.NONE, Difference.NONE);

    /** What is added to a list and what is removed from it. */
    public record Difference(List<String> added, List<String> removed) {
        public static final Difference NONE = new Difference(List.of(), List.of());

        public Difference {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
        }

        public static Difference between(List<String> before, List<String> after) {
            return new Difference(without(after, before), without(before, after));
        }

        private static List<String> without(List<String> all, List<String> some) {
            return all.stream()
                    .filter(each -> some.stream().noneMatch(each::equalsIgnoreCase))
                    .toList();
        }

        public boolean isEmpty() {
            return added.isEmpty() && removed.isEmpty();
        }
    }

    public boolean isEmpty() {
        return changes().isEmpty();
    }

    /** What changes, for a person to read. */
    public List<String> changes() {
        List<String> changes = new ArrayList<>();
        title.ifPresent(any -> changes.add("title"));
        body.ifPresent(any -> changes.add("description"));
        draft.ifPresent(is -> changes.add(is ? "draft" : "ready for review"));
        if (!labels.isEmpty()) {
            changes.add("labels");
        }
        if (!reviewers.isEmpty()) {
            changes.add("reviewers");
        }
        if (!assignees.isEmpty()) {
            changes.add("assignees");
        }
        return List.copyOf(changes);
    }
}
