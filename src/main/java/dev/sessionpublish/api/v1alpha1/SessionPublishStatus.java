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

/** What has been delivered, step by step. Times are RFC 3339 in UTC. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@RecordBuilder
@RecordBuilder.Options(inheritComponentAnnotations = false, enableGetters = false)
@JsonClassDescription("What has been delivered, step by step. Written by the operator alone.")
public record SessionPublishStatus(
        @JsonPropertyDescription(
                "The metadata.generation that this status is about; -1 until the operator has seen the object.")
        @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("""
                The value of the annotation sessionpublish.dev/retry-at that was last acted upon. Any other value of
                the annotation starts the publish again.""") @Nullable String observedRetryAt,

        @JsonPropertyDescription("""
                A fingerprint of the project and the version of its Secret that this status was decided on. A publish
                that failed for want of either starts again when they differ from it. It holds nothing of the
                credential.""") @Nullable String observedProject,

        @JsonPropertyDescription("""
                Where the publish stands. On the way: Pending, Suspended, Waiting (nextAttemptAt says until when),
                Pushing, OpeningPullRequest. Ended: Pushed, PullRequestCreated (opened or adopted),
                ManualPullRequestRequired (pushed, and manualPullRequest says how a person opens it), NothingToPublish,
                Failed.""") @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL) @Nullable
        Phase phase,

        @JsonPropertyDescription("""
                Why it failed, waits or needs a person: one stable word such as non-fast-forward, for programs. Absent
                when all went well. docs/reasons.md lists them with what to do.""") @Nullable String reason,

        @JsonPropertyDescription("What happened, in a sentence that says what to do.") @Size(max = 32768) @Nullable
        String message,

        @JsonPropertyDescription("Who asked: spec.requestedBy, proven when the object was created.") @Nullable
        String requestedBy,

        @JsonPropertyDescription("The pod that was found and asked.") @Nullable
        ObservedSource source,

        @JsonPropertyDescription("The repository that is published to, as https://HOST/OWNER/NAME.") @Nullable
        String repository,

        @JsonPropertyDescription("The branch that is pushed to, by its short name.") @Nullable
        String headBranch,

        @JsonPropertyDescription("The branch that the pull request asks to merge into, by its short name.") @Nullable
        String baseBranch,

        @JsonPropertyDescription("What the branch at the forge points at since the push. Absent until then.") @Nullable
        String commit,

        @JsonPropertyDescription("The checkout as it was last seen.") @Nullable
        Workspace workspace,

        @JsonPropertyDescription("The push. Written before it starts, so that it can be taken up after a crash.")
        @Nullable
        Push push,

        @JsonPropertyDescription("The pull request at the forge.") @Nullable
        PullRequest pullRequest,

        @JsonPropertyDescription("How a person opens the pull request, when the operator couldn't.") @Nullable
        ManualPullRequest manualPullRequest,

        @JsonPropertyDescription("When the operator took the publish up, or took it up again.") @Nullable
        String startedAt,

        @JsonPropertyDescription("""
                When it ended, well or not; absent while it runs. To wait for the end either way: kubectl wait
                --for=jsonpath='{.status.finishedAt}'.""") @Nullable String finishedAt,

        @JsonPropertyDescription("How often the step that is being retried has failed in a row.") @Nullable
        Integer attempts,

        @JsonPropertyDescription("When the next attempt is made. Absent when none is planned.") @Nullable
        String nextAttemptAt,

        @JsonPropertyDescription("""
                Ready, Reconciling and Stalled as kstatus reads them; SourceReady, Pushed and PullRequestReady for
                each step. Ready is True in every ended phase but Failed; Stalled is True in Failed alone.""") @Nullable List<Condition> conditions,

        @JsonPropertyDescription(
                "The lifecycle events, oldest first; the newest 32 are kept. Kubernetes Events tell the same but expire.")
        @Size(max = 32)
        @Nullable
        List<HistoryEntry> history,

        @JsonPropertyDescription("""
                What the pull request will say where spec doesn't, kept from the push until it is open, so that it is
                the same after a crash.""") @Nullable PullRequestText pullRequestText) {

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
                .build();
    }

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
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ObservedSource(
            @JsonPropertyDescription("The pod's name.") String podName,

            @JsonPropertyDescription("The pod's metadata.uid: another pod of the same name is another one.")
            String podUid,

            @JsonPropertyDescription("The container in the pod.")
            String container,

            @JsonPropertyDescription("The checkout's directory in the container.")
            String directory) {}

    /**
     * The checkout as it was seen. Counts are against the base branch; absent where they can't be known.
     *
     * @param branch absent when HEAD is detached
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Workspace(
            @JsonPropertyDescription("The branch that is checked out. Absent when HEAD is detached.") @Nullable
            String branch,

            @JsonPropertyDescription("The commit that HEAD is.") @Nullable
            String head,

            @JsonPropertyDescription(
                    "Commits that HEAD has and the base branch hasn't. Absent where that can't be known.")
            @Nullable
            Long ahead,

            @JsonPropertyDescription(
                    "Commits that the base branch has and HEAD hasn't. Absent where that can't be known.")
            @Nullable
            Long behind,

            @JsonPropertyDescription("Files with changes that are not committed, untracked ones included.") @Nullable
            Long uncommittedFiles,

            @JsonPropertyDescription("""
                    Paths of submodules with commits that, as far as the checkout knows, their own remotes lack; the
                    first 20. A publish doesn't send them. Absent when there are none.""") @Size(max = 20) @Nullable
            List<String> unpushedSubmodules) {}

    /**
     * The push.
     *
     * @param commit what the branch is being moved to
     * @param previousCommit where the branch was before, absent when it is new
     * @param bytes of the pack, as sent to the forge
     */
    @RecordBuilder
    @RecordBuilder.Options(inheritComponentAnnotations = false, enableGetters = false)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Push(
            @JsonPropertyDescription("When it started. From then on most fields of spec are fixed.") @Nullable
            String startedAt,

            @JsonPropertyDescription("When the forge had answered.") @Nullable
            String finishedAt,

            @JsonPropertyDescription("What the branch is being moved to; status.commit says whether it got there.")
            @Nullable
            String commit,

            @JsonPropertyDescription("Where the branch was before. Absent when it is new.") @Nullable
            String previousCommit,

            @JsonPropertyDescription("How many commits are sent. Absent where that can't be known.") @Nullable
            Long commits,

            @JsonPropertyDescription("Bytes of the pack sent to the forge; while a long push runs, those sent so far.")
            @Nullable
            Long bytes,

            @JsonPropertyDescription(
                    "Whether the push was allowed to replace commits at the branch: with force, or where a generated branch was still at this publish's own earlier push.")
            @Nullable
            Boolean forced) {}

    /** The pull request at the forge. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record PullRequest(
            @JsonPropertyDescription("Its number in the repository.") @Nullable
            Integer number,

            @JsonPropertyDescription("Its page at the forge.") @Nullable
            String url,

            @JsonPropertyDescription("open, closed or merged, as last seen.") @Nullable
            String state,

            @JsonPropertyDescription("Whether it is a draft, as last seen.") @Nullable
            Boolean draft,

            @JsonPropertyDescription("Whether it was there already and was taken over, not opened by this publish.")
            @Nullable
            Boolean adopted) {}

    /** How a person opens the pull request, when the operator couldn't. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ManualPullRequest(
            @JsonPropertyDescription("A page of the forge that opens it, with title and text filled in.") @Required
            String url,

            @JsonPropertyDescription("Why the operator couldn't: a word of docs/reasons.md.") @Required
            String reason,

            @JsonPropertyDescription("The same as a command to copy into a POSIX shell.") @Nullable
            String command) {}

    /** What the pull request will say where the spec doesn't, kept from the push until it is open. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record PullRequestText(
            @JsonPropertyDescription("Its title.") String title,

            @JsonPropertyDescription("Its text, Markdown.") String body) {}
}
