package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Whether publishes of a project may push, and how much. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PushRules(
        @JsonPropertyDescription("""
                enabled allows pushes. If false, publishes of this project fail with push-disabled and push
                nothing. They start again when it becomes true. Default: true.""") @Default("true") @Nullable
        Boolean enabled,

        @JsonPropertyDescription("""
                force is who may publish with spec.force, which replaces commits on a branch. Allowed: every user who
                may publish. Restricted: users with the verb force-push on this SessionProject (the ClusterRole
                session-publish-force); others are refused when they create, change or start again such a publish, and
                what was written before the project was restricted fails with force-forbidden. It needs the admission
                policies of the chart. Forbidden: nobody; such publishes fail with force-forbidden and push nothing.
                Default: Allowed.""")
        @Default("Allowed")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
        @Nullable
        Force force,

        @JsonPropertyDescription("""
                maxPackSize is the largest pack, with its Git LFS objects, that one publish may push: a whole number
                with the unit Ki, Mi or Gi, such as 50Mi. The operator measures it while it relays the pack; a larger
                one fails with pack-too-large, and the branch is left unchanged. The operator's own limit
                (SESSION_PUBLISH_MAX_PACK) applies as well. Default: that limit alone.""")
        @Size(min = 3, max = 11)
        @ValidationRule(
                value = "self.matches('^[1-9][0-9]{0,8}(Ki|Mi|Gi)$')",
                message = "must be a whole number, not 0, of at most 9 digits with the unit Ki, Mi or Gi, such as 50Mi")
        @Nullable
        String maxPackSize,

        @JsonPropertyDescription("""
                maxChangedFiles is the number of files that one publish may change, compared with the commit at which
                its work left the base branch; a renamed file counts as two. More fail with too-many-files before
                anything is pushed. The git of the sandbox counts them: this guards against accidents, such as a
                committed directory of dependencies, and not against a sandbox that lies. From 1 to 1,000,000.
                Default: no limit.""") @Min(1) @Max(1_000_000) @Nullable
        Integer maxChangedFiles) {

    /** Who may publish with {@code spec.force}. */
    public enum Force {
        Allowed,
        Restricted,
        /** Also what a newer version of the resource says. */
        @JsonEnumDefaultValue
        Forbidden
    }
}
