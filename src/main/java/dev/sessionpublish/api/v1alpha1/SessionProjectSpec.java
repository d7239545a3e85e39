package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A repository, the credential for it, and what may be done there. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionProjectSpec(
        String repository,
        @Nullable ForgeName forge,
        @Nullable SecretRef credentialsSecret,
        @Nullable String defaultBranch,
        @Nullable List<String> protectedBranches,
        @Nullable String branchPrefix,
        @Nullable PushRules push,
        @Nullable PullRequestRules pullRequests) {

    /** The kind of forge, as written in a project. */
    public enum ForgeName {
        GitHub,
        Forgejo,
        Gitea
    }

    /** A Secret of the same namespace. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SecretRef(String name) {}

    /** Whether anything may be pushed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PushRules(@Nullable Boolean enabled) {}

    /** Whether pull requests are opened, and with what. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PullRequestRules(
            @Nullable Boolean enabled,
            @Nullable Boolean draft,
            @Nullable List<String> labels,
            @Nullable List<String> reviewers) {}
}
