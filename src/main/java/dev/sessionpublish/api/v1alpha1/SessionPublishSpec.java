package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to deliver, and how. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionPublishSpec(
        @Nullable ProjectRef projectRef,
        Source source,
        @Nullable String title,
        @Nullable String body,
        @Nullable String baseBranch,
        @Nullable String headBranch,
        @Nullable Boolean createPullRequest,
        @Nullable Boolean force,
        @Nullable Boolean draft,
        @Nullable List<String> labels,
        @Nullable List<String> reviewers,
        @Nullable List<String> assignees,
        @Nullable String commit,
        @Nullable UncommittedChanges uncommittedChanges,
        @Nullable DeletionPolicy deletionPolicy,
        @Nullable Integer ttlSecondsAfterFinished,
        @Nullable Boolean suspend) {

    /** A SessionProject of the same namespace. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ProjectRef(String name) {}

    /** Where the work is: exactly one of the three names. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Source(
            @Nullable String podName,
            @Nullable String sandboxName,
            @Nullable String sessionName,
            @Nullable String container,
            @Nullable String directory) {}

    /** What to do with changes that are not committed. */
    public enum UncommittedChanges {
        Ignore,
        Commit,
        Fail
    }

    /** What happens to the pull request when the object is deleted. */
    public enum DeletionPolicy {
        Orphan,
        ClosePullRequest
    }
}
