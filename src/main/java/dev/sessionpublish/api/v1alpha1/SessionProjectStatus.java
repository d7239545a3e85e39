package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was found out about the repository and the credential. Times are RFC 3339 in UTC. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("What was found out about the repository and the credential. Written by the operator alone.")
public record SessionProjectStatus(
        @JsonPropertyDescription(
                "The metadata.generation that this status is about; -1 until the operator has seen the object.")
        @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("""
                The repository as the forge names it now, as https://HOST/OWNER/NAME: after a rename or a transfer it
                differs from spec.repository.""") @Nullable String repository,

        @JsonPropertyDescription(
                "The base of pull requests that name none: spec.defaultBranch, else what the forge says.")
        @Nullable
        String defaultBranch,

        @JsonPropertyDescription("What the credential may do. A field is absent where that couldn't be found out.")
        @Nullable
        Permissions permissions,

        @JsonPropertyDescription("What is left of the credential's requests to the forge's API, as last told.")
        @Nullable
        RateLimit rateLimit,

        @JsonPropertyDescription("""
                A fingerprint of the Secret's version that was last checked, from which the operator tells that the
                Secret has changed. It holds nothing of the credential.""") @Nullable String credentialsVersion,

        @JsonPropertyDescription(
                "When repository and credential are checked again, unless project or Secret change before.")
        @Nullable
        String nextCheckAt,

        @JsonPropertyDescription("""
                Ready: the credential works and may push, the repository is reachable, the default branch is known. Its
                reason and message say what is missing and what to do.""") @Nullable List<Condition> conditions) {

    /** What the credential may do. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Permissions(
            @JsonPropertyDescription("Whether it may push branches.") @Nullable
            Boolean push,

            @JsonPropertyDescription("""
                    false: there is no token for pull requests, so a link is handed over. Absent when there is one:
                    whether it is granted them shows when the first is opened.""") @Nullable Boolean pullRequests) {}

    /** The forge's API budget, as last told. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record RateLimit(
            @JsonPropertyDescription("Requests that are left until resetAt.") @Nullable
            Integer remaining,

            @JsonPropertyDescription("Requests in each of the forge's periods.") @Nullable
            Integer limit,

            @JsonPropertyDescription("When remaining is limit again.") @Nullable
            String resetAt) {}
}
