package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last observed state of the checkout. Counts are relative to the base branch, and absent if unknown.
 *
 * @param branch absent if HEAD is detached
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Workspace(
        @JsonPropertyDescription("branch is the branch that is checked out. It is absent if HEAD is detached.")
        @Nullable
        String branch,

        @JsonPropertyDescription("head is the commit of HEAD.") @Nullable
        String head,

        @JsonPropertyDescription("""
                ahead is the number of commits that HEAD has and the base branch lacks. It is absent if unknown.""") @Nullable Long ahead,

        @JsonPropertyDescription("""
                behind is the number of commits that the base branch has and HEAD lacks. It is absent if unknown.""") @Nullable Long behind,

        @JsonPropertyDescription("""
                uncommittedFiles is the number of files with uncommitted changes, including untracked files.""") @Nullable Long uncommittedFiles,

        @JsonPropertyDescription("""
                unpushedSubmodules are the paths of the first 20 submodules with commits that are on none of the
                submodule's remote-tracking branches. The publish does not push these commits. It is absent if
                there are none.""") @Size(max = 20) @Nullable
        List<String> unpushedSubmodules) {}
