package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.soabase.recordbuilder.core.RecordBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The push.
 *
 * @param commit what the branch is moved to
 * @param previousCommit where the branch was before the push; absent if it is new
 * @param bytes the size of the pack, as sent to the forge
 */
@RecordBuilder
@RecordBuilder.Options(inheritComponentAnnotations = false, enableGetters = false)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Push(
        @JsonPropertyDescription("""
                startedAt is the time at which the push started. From then on most fields of spec are immutable.""") @Nullable String startedAt,

        @JsonPropertyDescription("finishedAt is the time at which the forge answered.") @Nullable
        String finishedAt,

        @JsonPropertyDescription("""
                commit is the commit that the branch is moved to. status.commit is set once the branch has moved.""") @Nullable String commit,

        @JsonPropertyDescription("""
                previousCommit is the commit that the branch pointed at before the push. It is absent if the
                branch is new.""") @Nullable String previousCommit,

        @JsonPropertyDescription("""
                ownCommit is the commit that this publish itself put on the branch, over nothing or over its own
                earlier commit. A generated branch is replaced without spec.force only while it points at ownCommit.
                It is absent if the branch holds commits of others.""") @Nullable String ownCommit,

        @JsonPropertyDescription("""
                uncommittedChanges is true if ownCommit holds uncommitted changes of the checkout
                (spec.uncommittedChanges: Commit). The next such commit replaces it without spec.force, because it
                holds the current content of the same files.""") @Nullable Boolean uncommittedChanges,

        @JsonPropertyDescription("""
                generated is true if the branch name was generated for this publish.""") @Nullable Boolean generated,

        @JsonPropertyDescription("commits is the number of pushed commits. It is absent if unknown.") @Nullable
        Long commits,

        @JsonPropertyDescription("""
                bytes is the size of the pack sent to the forge. During a long push it is the number of bytes
                sent so far.""") @Nullable Long bytes,

        @JsonPropertyDescription("""
                forced is true if the push was allowed to replace commits of the branch: because of spec.force,
                or because the branch still pointed at ownCommit and was generated or held uncommitted changes.""") @Nullable Boolean forced) {

    /** When it was. */
    public Push trimmed() {
        return PushBuilder.builder().finishedAt(finishedAt).build();
    }
}
