package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The progress and the result of a publish. Times are RFC 3339 in UTC. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@RecordBuilder
@RecordBuilder.Options(inheritComponentAnnotations = false, enableGetters = false)
@JsonClassDescription("status is the progress and the result of the publish. Only the operator writes it.")
public record SessionPublishStatus(
        @JsonPropertyDescription("""
                observedGeneration is the metadata.generation that this status describes. It is -1 until the operator
                has processed the object.""") @Nullable Long observedGeneration,

        @JsonPropertyDescription("""
                observedRetryAt is the value of the annotation sessionpublish.dev/retry-at that the operator last
                processed. Any other value of the annotation starts the publish again.""") @Nullable String observedRetryAt,

        @JsonPropertyDescription("""
                observedProject identifies the versions of the project and its Secret that this status is based on. A
                publish that failed because of either starts again when they change. It contains no part of the
                credential.""") @Nullable String observedProject,

        @JsonPropertyDescription("""
                phase is the current phase. In progress: Pending, Suspended, Waiting (until nextAttemptAt), Pushing,
                OpeningPullRequest. Finished: Pushed, PullRequestCreated (opened or adopted),
                ManualPullRequestRequired (pushed; manualPullRequest has a link that opens the pull request), Merged
                (the pull request was merged), Closed (it was closed without merging), NothingToPublish, Failed.
                PullRequestCreated becomes Merged or Closed when the pull request does.""") @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL) @Nullable
        Phase phase,

        @JsonPropertyDescription("""
                reason is a stable code, such as non-fast-forward, that explains why the publish failed, waits or
                requires a user's action. It is absent if there was no problem. docs/reasons.md lists all codes with
                the action to take.""") @Nullable String reason,

        @JsonPropertyDescription("message describes what happened and what to do.") @Size(max = 32768) @Nullable
        String message,

        @JsonPropertyDescription("""
                requestedBy is the user who created the publish: spec.requestedBy, verified at admission.""") @Nullable String requestedBy,

        @JsonPropertyDescription("""
                startedBy is the user who started the last run: the creator of the publish, or the last user who
                changed its spec or the annotation sessionpublish.dev/retry-at. A run that the operator starts by
                itself keeps it. Events name this user. It is absent if nothing proves who started the run: before
                Kubernetes 1.36, once the spec or the annotation has changed.""") @Nullable String startedBy,

        @JsonPropertyDescription("source is the pod and the container that the operator found.") @Nullable
        ObservedSource source,

        @JsonPropertyDescription("""
                repository is the URL of the repository that is published to: https://HOST/OWNER/NAME.""") @Nullable String repository,

        @JsonPropertyDescription("headBranch is the short name of the branch that is pushed to.") @Nullable
        String headBranch,

        @JsonPropertyDescription("""
                baseBranch is the short name of the branch that the pull request is to be merged into.""") @Nullable String baseBranch,

        @JsonPropertyDescription("""
                commit is the commit that the remote branch has pointed at since the push. It is absent before the push.""") @Nullable String commit,

        @JsonPropertyDescription("workspace is the last observed state of the checkout.") @Nullable
        Workspace workspace,

        @JsonPropertyDescription("""
                push describes the push to the forge. It is written before the push starts, so that the operator can resume after a
                crash.""") @Nullable Push push,

        @JsonPropertyDescription("""
                pullRequest is the pull request at the forge. It is followed until it is merged, or has been closed for a
                day.""") @Nullable ObservedPullRequest pullRequest,

        @JsonPropertyDescription(
                "manualPullRequest has a link and a command that open the pull request, if the operator could not.")
        @Nullable
        ManualPullRequest manualPullRequest,

        @JsonPropertyDescription("""
                startedAt is the time at which the operator started the publish, or started it again.""") @Nullable String startedAt,

        @JsonPropertyDescription("""
                finishedAt is the time at which the publish finished, successfully or not. It is absent while the
                publish is in progress. To wait for either result: kubectl wait
                --for=jsonpath='{.status.finishedAt}'.""") @Nullable String finishedAt,

        @JsonPropertyDescription("attempts is the number of consecutive failures of the step that is being retried.")
        @Nullable
        Integer attempts,

        @JsonPropertyDescription("nextAttemptAt is the time of the next attempt. It is absent if none is scheduled.")
        @Nullable
        String nextAttemptAt,

        @JsonPropertyDescription("""
                conditions are the conditions of the publish: Ready, Reconciling and Stalled as kstatus defines them,
                and SourceReady, Pushed and PullRequestReady for the steps. Ready is True in every finished phase
                except Failed. Stalled is True only in Failed. Merged and Mergeable follow the pull request; Mergeable is
                True if nothing is in the way of the merge, and absent once the pull request is merged or closed.""") @Nullable List<Condition> conditions,

        @JsonPropertyDescription("""
                history is the newest 32 lifecycle events, oldest first, each with an ordinal that never repeats.
                Kubernetes Events report the same events but expire.""") @Size(max = 32) @Nullable
        List<HistoryEntry> history,

        @JsonPropertyDescription("""
                pullRequestText is the generated title and description of the pull request. It is kept from the push
                until the pull request is open, so that they do not change after a crash.""") @Nullable PullRequestText pullRequestText) {

    /** A status of which nothing is known. */
    public static final SessionPublishStatus EMPTY =
            SessionPublishStatusBuilder.builder().build();

    /** The parts that decide whether a publish is due, for a cache that holds many. */
    public SessionPublishStatus trimmed() {
        return SessionPublishStatusBuilder.builder()
                .observedGeneration(observedGeneration)
                .observedRetryAt(observedRetryAt)
                .observedProject(observedProject)
                .phase(phase)
                .reason(reason)
                .startedAt(startedAt)
                .finishedAt(finishedAt)
                .nextAttemptAt(nextAttemptAt)
                .repository(isFollowed() ? repository : null)
                .baseBranch(isFollowed() ? baseBranch : null)
                .push(isFollowed() && push != null ? push.trimmed() : null)
                .pullRequest(pullRequest == null ? null : pullRequest.trimmed())
                .build();
    }

    private boolean isFollowed() {
        return pullRequest != null && !"merged".equals(pullRequest.state());
    }

    /** Without the text that comes from the checkout and from forges: all that decides what happens next is kept. */
    public SessionPublishStatus withoutText() {
        return SessionPublishStatusBuilder.builder(this)
                .workspace(null)
                .pullRequestText(null)
                .history(
                        history == null
                                ? null
                                : history.stream()
                                        .map(HistoryEntry::withoutData)
                                        .toList())
                .build();
    }

    /** The phase of a publish. */
    public enum Phase {
        Pending,
        Suspended,
        Waiting,
        Pushing,
        OpeningPullRequest,
        Pushed,
        PullRequestCreated,
        ManualPullRequestRequired,
        Merged,
        Closed,
        NothingToPublish,
        Failed;

        /** Whether the publish is finished, successfully or not. */
        public boolean isTerminal() {
            return ordinal() >= Pushed.ordinal();
        }
    }

    /** How a user opens the pull request if the operator could not. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ManualPullRequest(
            @JsonPropertyDescription("""
                    url is a page of the forge that opens the pull request, with title and description filled in.""") @Required String url,

            @JsonPropertyDescription("""
                    reason is the code of the reason why the operator could not open the pull request; see
                    docs/reasons.md.""") @Required String reason,

            @JsonPropertyDescription("command opens the pull request from a POSIX shell.") @Nullable
            String command) {}

    /** The generated title and description of the pull request, kept from the push until it is open. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record PullRequestText(
            @JsonPropertyDescription("title is the generated title.")
            String title,

            @JsonPropertyDescription("body is the generated description, in Markdown.")
            String body) {}
}
