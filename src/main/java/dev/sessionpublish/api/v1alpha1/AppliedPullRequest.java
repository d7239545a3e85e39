package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator last applied of spec and project to the pull request. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AppliedPullRequest(
        @JsonPropertyDescription("titleHash is a hash of spec.title.") @Nullable
        String titleHash,

        @JsonPropertyDescription("bodyHash is a hash of spec.body.") @Nullable
        String bodyHash,

        @JsonPropertyDescription("draft is whether a draft was requested.") @Nullable
        Boolean draft,

        @JsonPropertyDescription("labels are the labels of project and spec.") @Nullable
        List<String> labels,

        @JsonPropertyDescription("reviewers are the reviewers of project and spec.") @Nullable
        List<String> reviewers,

        @JsonPropertyDescription("assignees are the assignees of the spec.") @Nullable
        List<String> assignees) {}
