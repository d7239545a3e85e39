package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The observed state of the repository and the credential. Times are RFC 3339 in UTC. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@RecordBuilder
@RecordBuilder.Options(inheritComponentAnnotations = false, enableGetters = false)
@JsonClassDescription("""
        status is the observed state of the repository and the credential. Only the operator writes it.""")
public record SessionProjectStatus(
        @JsonPropertyDescription("""
                observedGeneration is the metadata.generation that this status describes. It is -1 until the operator
                has processed the object.""") @Nullable Long observedGeneration,

        @JsonPropertyDescription("""
                repository is the current URL of the repository at the forge: https://HOST/OWNER/NAME. It differs
                from spec.repository after a rename or a transfer.""") @Nullable String repository,

        @JsonPropertyDescription("""
                defaultBranch is the base branch of publishes that set no baseBranch: spec.defaultBranch, otherwise
                the repository's default branch.""") @Nullable String defaultBranch,

        @JsonPropertyDescription("permissions are the permissions of the credential. Unknown permissions are absent.")
        @Nullable
        Permissions permissions,

        @JsonPropertyDescription("""
                githubApp is the GitHub App that is the project's credential, as GitHub described it at the last
                successful check.""") @Nullable GitHubApp githubApp,

        @JsonPropertyDescription("rateLimit is the credential's API rate limit, as the forge last reported it.")
        @Nullable
        RateLimit rateLimit,

        @JsonPropertyDescription("""
                credentialsVersion identifies the version of the Secret that was last checked. The operator compares
                it to detect changes of the Secret. It contains no part of the credential.""") @Nullable String credentialsVersion,

        @JsonPropertyDescription("""
                nextCheckAt is the time of the next check of the repository and the credential. A change of the
                project or its Secret triggers a check earlier.""") @Nullable String nextCheckAt,

        @JsonPropertyDescription("""
                conditions are the conditions of the project. Ready is True if the credential is valid and may push,
                the repository is reachable and takes pushes (it is not archived, a pull mirror or disabled), and the
                default branch is known. Otherwise its reason and message
                describe the problem and how to fix it.""") @Nullable List<Condition> conditions) {

    /** Without what is only for readers and written by the forge. */
    public SessionProjectStatus withoutText() {
        return SessionProjectStatusBuilder.builder(this).repository(null).build();
    }

    /** The permissions of the credential. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Permissions(
            @JsonPropertyDescription("push is true if the credential may push branches.") @Nullable
            Boolean push,

            @JsonPropertyDescription("""
                    pullRequests is false if the Secret has no token for pull requests, if the GitHub App lacks the
                    permission, or if Gitea or Forgejo reports that they are disabled in the repository; publishes
                    then end with a link that opens the pull request. It is true if the GitHub App has the permission,
                    and absent for a token, whose permission is unknown until the first pull request is opened.""") @Nullable Boolean pullRequests) {}

    /** The GitHub App of the project. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record GitHubApp(
            @JsonPropertyDescription("""
                    slug is the name of the App in URLs. Its pull requests are opened by SLUG[bot].""") @Nullable String slug,

            @JsonPropertyDescription("""
                    installationId is the number of the App's installation on the account that owns the repository.""") @Nullable Long installationId,

            @JsonPropertyDescription("account is the login of the user or organization that owns the repository.")
            @Nullable
            String account,

            @JsonPropertyDescription("""
                    permissions are the permissions that the account has granted to the App, such as
                    "contents: write". The operator's tokens have only those that it uses, for this repository alone.""") @Nullable List<String> permissions,

            @JsonPropertyDescription("""
                    missingPermissions are the permissions that the operator uses and that are not granted. The
                    message of the condition Ready says where to grant them.""") @Nullable List<String> missingPermissions) {}

    /** The forge's API rate limit, as the forge last reported it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record RateLimit(
            @JsonPropertyDescription("remaining is the number of requests left until resetAt.") @Nullable
            Integer remaining,

            @JsonPropertyDescription("limit is the number of requests that the forge allows per period.") @Nullable
            Integer limit,

            @JsonPropertyDescription("resetAt is the time at which remaining is reset to limit.") @Nullable
            String resetAt) {}
}
