package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was found out about the repository and the credential. Times are RFC 3339 in UTC. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SessionProjectStatus(
        @Nullable Long observedGeneration,
        @Nullable String repository,
        @Nullable String defaultBranch,
        @Nullable Permissions permissions,
        @Nullable RateLimit rateLimit,
        @Nullable String credentialsVersion,
        @Nullable String nextCheckAt,
        @Nullable List<Condition> conditions) {

    /** What the credential may do. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Permissions(
            @Nullable Boolean push, @Nullable Boolean pullRequests) {}

    /** The forge's API budget, as last told. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RateLimit(
            @Nullable Integer remaining,
            @Nullable Integer limit,
            @Nullable String resetAt) {}
}
