package dev.sessionpublish.forge.gitea;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of requests and responses. Unknown fields are ignored. */
final class GiteaJson {
    private GiteaJson() {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Repository(
            @JsonProperty("full_name") @Nullable String fullName,
            @JsonProperty("default_branch") @Nullable String defaultBranch,
            @JsonProperty("archived") boolean archived,
            @JsonProperty("mirror") boolean mirror,
            @JsonProperty("permissions") @Nullable Permissions permissions,
            @JsonProperty("has_pull_requests") @Nullable Boolean hasPullRequests) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Permissions(@JsonProperty("push") boolean push) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Pull(
            @JsonProperty("number") int number,
            @JsonProperty("html_url") @Nullable String page,
            @JsonProperty("title") @Nullable String title,
            @JsonProperty("state") @Nullable String state,
            @JsonProperty("merged") boolean merged,
            @JsonProperty("draft") @Nullable Boolean draft,
            @JsonProperty("head") @Nullable Side head,
            @JsonProperty("base") @Nullable Side base,
            @JsonProperty("user") @Nullable User user,
            @JsonProperty("body") @Nullable String body,
            @JsonProperty("mergeable") boolean mergeable,
            @JsonProperty("updated_at") @Nullable String updatedAt,
            @JsonProperty("closed_at") @Nullable String closedAt,
            @JsonProperty("merged_at") @Nullable String mergedAt,
            @JsonProperty("merge_commit_sha") @Nullable String mergeCommit,
            @JsonProperty("merged_by") @Nullable User mergedBy) {}

    /** The statuses of a commit, the newest of each context. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record CombinedStatus(
            @JsonProperty("total_count") int total,
            @JsonProperty("statuses") @Nullable List<CommitStatus> statuses) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record CommitStatus(@JsonProperty("status") @Nullable String status) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Review(
            @JsonProperty("state") @Nullable String state,
            @JsonProperty("user") @Nullable User user,
            @JsonProperty("dismissed") boolean dismissed) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record User(@JsonProperty("login") @Nullable String login) {}

    /**
     * @param label the branch's name
     * @param ref also the branch's name while the branch exists; otherwise {@code refs/pull/N/head}
     * @param sha the branch's current tip while the branch exists, even if the pull request is closed
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Side(
            @JsonProperty("label") @Nullable String label,
            @JsonProperty("ref") @Nullable String ref,
            @JsonProperty("sha") @Nullable String sha,
            @JsonProperty("repo_id") long repositoryId) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Label(
            @JsonProperty("id") long id,
            @JsonProperty("name") @Nullable String name,
            @JsonProperty("exclusive") boolean exclusive) {}

    record NewPull(
            @JsonProperty("head") String head,
            @JsonProperty("base") String base,
            @JsonProperty("title") String title,
            @JsonProperty("body") String body) {}

    /** A change of a pull request. Null values are unchanged. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Edit(
            @JsonProperty("state") @Nullable String state,
            @JsonProperty("title") @Nullable String title,
            @JsonProperty("body") @Nullable String body,
            @JsonProperty("assignees") @Nullable List<String> assignees) {
        static Edit close() {
            return new Edit("closed", null, null, null);
        }

        static Edit text(@Nullable String title, @Nullable String body) {
            return new Edit(null, title, body, null);
        }

        static Edit assignees(List<String> all) {
            return new Edit(null, null, null, all);
        }
    }

    record Labels(@JsonProperty("labels") List<String> names) {}

    record Reviewers(
            @JsonProperty("reviewers") List<String> users,
            @JsonProperty("team_reviewers") List<String> teams) {}
}
