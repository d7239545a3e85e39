package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest.Lifecycle;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest.Mergeable;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest.Unreadable;
import dev.sessionpublish.lifecycle.Conditions.Status;
import dev.sessionpublish.lifecycle.Conditions.Wanted;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The conditions Merged and Mergeable of a pull request that has been read. Mergeable is True if nothing is in the way of
 * the merge, Unknown while the forge computes that or the pull request can't be read, and absent once it has ended.
 */
final class FollowConditions {
    private FollowConditions() {}

    static List<Wanted> of(@Nullable ObservedPullRequest pull) {
        if (pull == null || pull.lifecycle() == null) {
            return List.of();
        }
        Lifecycle lifecycle = pull.lifecycle();
        Wanted merged = new Wanted("Merged", Status.of(lifecycle == Lifecycle.Merged), lifecycle.name(), merge(pull));
        return lifecycle.isOpen() ? List.of(merged, mergeable(pull)) : List.of(merged);
    }

    private static String merge(ObservedPullRequest pull) {
        String by = pull.mergedBy() == null ? "" : " by " + pull.mergedBy();
        return pull.mergeCommit() == null ? "" : "Merged" + by + " as " + pull.mergeCommit() + ".";
    }

    private static Wanted mergeable(ObservedPullRequest pull) {
        Unreadable unreadable = pull.unreadable();
        if (unreadable != null) {
            return new Wanted(
                    "Mergeable",
                    Status.UNKNOWN,
                    camelCase(unreadable.reason()),
                    "The pull request can't be read since " + unreadable.since() + ": " + unreadable.message());
        }
        List<String> blockedBy = Objects.requireNonNullElse(pull.blockedBy(), List.of());
        if (!blockedBy.isEmpty()) {
            return new Wanted(
                    "Mergeable",
                    Status.FALSE,
                    camelCase(blockedBy.get(0)),
                    "Blocked by: " + String.join(", ", blockedBy) + ".");
        }
        return pull.mergeable() == Mergeable.True
                ? new Wanted("Mergeable", Status.TRUE, "Mergeable", "")
                : new Wanted("Mergeable", Status.UNKNOWN, "Computing", "");
    }

    private static String camelCase(String words) {
        return Arrays.stream(words.split("-"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }
}
