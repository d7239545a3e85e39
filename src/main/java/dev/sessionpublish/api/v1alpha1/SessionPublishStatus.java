package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has been delivered, step by step. Times are RFC 3339 in UTC. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SessionPublishStatus(
        @Nullable Long observedGeneration,
        @Nullable String observedRetryAt,
        @Nullable String observedProject,
        @Nullable Phase phase,
        @Nullable String reason,
        @Nullable String message,
        @Nullable ObservedSource source,
        @Nullable String repository,
        @Nullable String headBranch,
        @Nullable String baseBranch,
        @Nullable String commit,
        @Nullable Workspace workspace,
        @Nullable Push push,
        @Nullable PullRequest pullRequest,
        @Nullable ManualPullRequest manualPullRequest,
        @Nullable String startedAt,
        @Nullable String finishedAt,
        @Nullable Integer attempts,
        @Nullable String nextAttemptAt,
        @Nullable List<Condition> conditions,
        @Nullable List<HistoryEntry> history,
        @Nullable PullRequestText pullRequestText) {

    /** Where a publish stands. */
    public enum Phase {
        Pending,
        Suspended,
        Waiting,
        Pushing,
        OpeningPullRequest,
        Pushed,
        PullRequestCreated,
        ManualPullRequestRequired,
        NothingToPublish,
        Failed;

        /** Whether the publish has ended, one way or the other, until something changes. */
        public boolean isTerminal() {
            return ordinal() >= Pushed.ordinal();
        }
    }

    /** The pod that was found and asked. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ObservedSource(String podName, String podUid, String container, String directory) {}

    /**
     * The checkout as it was seen. Counts are against the base branch; absent where they can't be known.
     *
     * @param branch absent when HEAD is detached
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Workspace(
            @Nullable String branch,
            @Nullable String head,
            @Nullable Long ahead,
            @Nullable Long behind,
            @Nullable Long uncommittedFiles) {}

    /**
     * The push.
     *
     * @param commit what the branch is being moved to
     * @param previousCommit where the branch was before, absent when it is new
     * @param bytes of the pack, as sent to the forge
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Push(
            @Nullable String startedAt,
            @Nullable String finishedAt,
            @Nullable String commit,
            @Nullable String previousCommit,
            @Nullable Long commits,
            @Nullable Long bytes,
            @Nullable Boolean forced) {}

    /** The pull request at the forge. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PullRequest(
            @Nullable Integer number,
            @Nullable String url,
            @Nullable String state,
            @Nullable Boolean draft,
            @Nullable Boolean adopted) {}

    /** How a person opens the pull request, when the operator couldn't. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ManualPullRequest(
            String url, String reason, @Nullable String command) {}

    /** One lifecycle event. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record HistoryEntry(
            String time, String type, @Nullable Map<String, String> data) {}

    /** What the pull request will say where the spec doesn't, kept from the push until it is open. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PullRequestText(String title, String body) {}
}
