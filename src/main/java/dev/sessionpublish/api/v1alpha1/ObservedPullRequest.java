package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pull request at the forge. */
@RecordBuilder
@RecordBuilder.Options(inheritComponentAnnotations = false, enableGetters = false)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ObservedPullRequest(
        @JsonPropertyDescription("number is the number of the pull request in the repository.") @Nullable
        Integer number,

        @JsonPropertyDescription("nodeId is GitHub's global id of the pull request. Other forges have none.") @Nullable
        String nodeId,

        @JsonPropertyDescription("url is the web page of the pull request.") @Nullable
        String url,

        @JsonPropertyDescription("state is the last observed state: open, closed or merged.") @Nullable
        String state,

        @JsonPropertyDescription("draft is true if the pull request was a draft when last observed.") @Nullable
        Boolean draft,

        @JsonPropertyDescription("""
                adopted is true if the pull request already existed and was adopted, not opened, by this publish.""") @Nullable Boolean adopted,

        @JsonPropertyDescription("""
                lifecycle is the last observed state in detail: Draft, Open, Queued (in the forge's merge queue), Merged,
                or Closed (without merging).""") @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL) @Nullable
        Lifecycle lifecycle,

        @JsonPropertyDescription("""
                headCommit is the commit that the pull request's branch pointed at when last observed. It differs from
                status.commit if somebody else has pushed to the branch.""") @Nullable String headCommit,

        @JsonPropertyDescription("""
                mergeable is whether the branch can be merged without conflicts: True, False, or Unknown while the forge
                computes it. It is absent once the pull request is merged or closed. What else blocks the merge is in
                blockedBy.""") @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL) @Nullable
        Mergeable mergeable,

        @JsonPropertyDescription("""
                blockedBy lists what is in the way of the merge: draft, conflict, checks-failed, checks-pending,
                changes-requested, review-required, behind-base (the branch must be updated first), rules (a rule of the
                repository that the forge does not name). Checks count whether or not the repository requires them.""") @Size(max = 16) @Nullable
        List<String> blockedBy,

        @JsonPropertyDescription("""
                checks counts the check runs and commit statuses of headCommit. It is absent if the credential may not
                read them.""") @Nullable Checks checks,

        @JsonPropertyDescription("""
                reviewDecision is what the reviews decide: Approved, ChangesRequested, or ReviewRequired. It is absent if
                no review is required and none decides.""") @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL) @Nullable
        ReviewDecision reviewDecision,

        @JsonPropertyDescription("mergedAt is the time of the merge.") @Nullable
        String mergedAt,

        @JsonPropertyDescription("mergeCommit is the commit on the base branch that the merge made.") @Nullable
        String mergeCommit,

        @JsonPropertyDescription("mergedBy is the forge's user who merged the pull request.") @Nullable
        String mergedBy,

        @JsonPropertyDescription("""
                closedAt is the time at which the pull request was closed without merging. It is followed for a day
                after that.""") @Nullable String closedAt,

        @JsonPropertyDescription("""
                unreadable explains why the fields of the pull request are out of date. It is absent while the operator
                can read the pull request.""") @Nullable Unreadable unreadable,

        @JsonPropertyDescription("""
                applied is what the operator last applied of spec and project. A changed spec changes at the forge only what
                differs from it; what people edit there stays.""") @Nullable AppliedPullRequest applied) {

    /** Where a pull request stands. */
    public enum Lifecycle {
        Draft,
        Open,
        Queued,
        Merged,
        Closed;

        public boolean isOpen() {
            return this != Merged && this != Closed;
        }
    }

    /** Whether it can be merged without conflicts. */
    public enum Mergeable {
        True,
        False,
        Unknown
    }

    /** What the reviews decide. */
    public enum ReviewDecision {
        Approved,
        ChangesRequested,
        ReviewRequired
    }

    /** The checks of the head commit. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Checks(
            @JsonPropertyDescription("total is the number of checks.") @Required
            Integer total,

            @JsonPropertyDescription("passed is the number of checks that succeeded or were skipped.") @Required
            Integer passed,

            @JsonPropertyDescription("failed is the number of checks that failed, were cancelled or timed out.")
            @Required
            Integer failed,

            @JsonPropertyDescription("pending is the number of checks that have not finished.") @Required
            Integer pending,

            @JsonPropertyDescription("summary is the number of checks that passed, of all: 3/4.") @Nullable
            String summary) {}

    /** Why the fields are out of date. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Unreadable(
            @JsonPropertyDescription("since is the time of the first attempt that failed.") @Required
            String since,

            @JsonPropertyDescription("reason is the code of the reason; see docs/reasons.md.") @Required
            String reason,

            @JsonPropertyDescription("message describes what happened and what to do.") @Size(max = 4096) @Required
            String message) {}

    /** The parts that decide whether the pull request is followed, and whether it has changed. */
    public ObservedPullRequest trimmed() {
        if ("merged".equals(state)) {
            return ObservedPullRequestBuilder.builder()
                    .state(state)
                    .mergedAt(mergedAt)
                    .build();
        }
        return ObservedPullRequestBuilder.builder(this).url(null).applied(null).build();
    }
}
