package dev.sessionpublish.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** The JSON of GitHub's resources: every field that its API description requires, and those the product reads. */
final class GitHubJson {
    private static final List<String> REPOSITORY_URLS = List.of(
            "archive",
            "assignees",
            "blobs",
            "branches",
            "collaborators",
            "comments",
            "commits",
            "compare",
            "contents",
            "contributors",
            "deployments",
            "downloads",
            "events",
            "forks",
            "git_commits",
            "git_refs",
            "git_tags",
            "hooks",
            "issue_comment",
            "issue_events",
            "issues",
            "keys",
            "labels",
            "languages",
            "merges",
            "milestones",
            "notifications",
            "pulls",
            "releases",
            "stargazers",
            "statuses",
            "subscribers",
            "subscription",
            "tags",
            "teams",
            "trees");
    private static final List<String> USER_URLS = List.of(
            "events",
            "followers",
            "following",
            "gists",
            "organizations",
            "received_events",
            "repos",
            "starred",
            "subscriptions");
    private static final String FOUNDED = "2026-01-01T00:00:00Z";

    private final String api;
    private final String web;

    /**
     * @param api root of the API
     * @param web root of the pages and of git
     */
    GitHubJson(String api, String web) {
        this.api = api;
        this.web = web;
    }

    ObjectNode repository(GitHubRepository repository, Optional<GitHubToken.Access> access) {
        ObjectNode json = briefRepository(repository);
        json.put("has_discussions", false)
                .put("has_pull_requests", repository.hasPullRequests())
                .put("network_count", 0)
                .put("subscribers_count", 0);
        json.putObject("permissions")
                .put("admin", false)
                .put("maintain", false)
                .put(
                        "push",
                        access.filter(may -> may != GitHubToken.Access.READ).isPresent())
                .put("triage", false)
                .put("pull", access.isPresent());
        return json;
    }

    private ObjectNode briefRepository(GitHubRepository repository) {
        String url = api + "/repos/" + repository.fullName();
        String page = web + "/" + repository.fullName();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", repository.id())
                .put("node_id", "R_" + repository.id())
                .put("name", repository.name())
                .put("full_name", repository.fullName())
                .put("private", true)
                .put("html_url", page)
                .put("clone_url", page + ".git")
                .put("git_url", page.replace("https:", "git:") + ".git")
                .put("ssh_url", "git@" + page.substring("https://".length()).replaceFirst("/", ":") + ".git")
                .put("svn_url", page)
                .put("url", url)
                .put("fork", false)
                .put("default_branch", repository.defaultBranch())
                .put("archived", repository.isArchived())
                .put("disabled", repository.isDisabled())
                .put("visibility", "private")
                .put("has_issues", true)
                .put("has_projects", true)
                .put("has_wiki", true)
                .put("has_pages", false)
                .put("has_downloads", true)
                .put("created_at", FOUNDED)
                .put("updated_at", FOUNDED)
                .put("pushed_at", FOUNDED)
                .putNull("description")
                .putNull("homepage")
                .putNull("language")
                .putNull("mirror_url")
                .putNull("license");
        for (String count : List.of(
                "forks",
                "forks_count",
                "open_issues",
                "open_issues_count",
                "size",
                "stargazers_count",
                "watchers",
                "watchers_count")) {
            json.put(count, 0);
        }
        REPOSITORY_URLS.forEach(each -> json.put(each + "_url", url + "/" + each));
        json.set("owner", user(repository.owner()));
        return json;
    }

    ObjectNode user(String login) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        String url = api + "/users/" + login;
        json.put("login", login)
                .put("id", login.hashCode() & 0xffffff)
                .put("node_id", "U_" + login)
                .put("avatar_url", web + "/" + login + ".png")
                .put("gravatar_id", "")
                .put("html_url", web + "/" + login)
                .put("url", url)
                .put("type", "User")
                .put("site_admin", false);
        USER_URLS.forEach(each -> json.put(each + "_url", url + "/" + each));
        return json;
    }

    /** As it is in a list. */
    ObjectNode briefPull(GitHubRepository repository, GitHubPull pull) {
        String url = api + "/repos/" + repository.fullName();
        String self = url + "/pulls/" + pull.number();
        String issue = url + "/issues/" + pull.number();
        String page = web + "/" + repository.fullName() + "/pull/" + pull.number();
        ObjectNode json = issueFields(repository, pull);
        json.put("url", self)
                .put("html_url", page)
                .put("diff_url", page + ".diff")
                .put("patch_url", page + ".patch")
                .put("issue_url", issue)
                .put("commits_url", self + "/commits")
                .put("review_comments_url", self + "/comments")
                .put("review_comment_url", url + "/pulls/comments{/number}")
                .put("comments_url", issue + "/comments")
                .put("statuses_url", url + "/statuses/" + pull.headCommit())
                .put("draft", pull.draft())
                .put(
                        "merged_at",
                        pull.mergeCommit()
                                .flatMap(merge -> pull.closedAt())
                                .map(GitHubJson::time)
                                .orElse(null))
                .put("merge_commit_sha", pull.mergeCommit().orElse(null))
                .putNull("auto_merge");
        users(json.putArray("requested_reviewers"), pull.reviewers());
        ArrayNode teams = json.putArray("requested_teams");
        pull.teams().forEach(slug -> teams.add(team(repository, slug)));
        json.set("head", end(repository, pull.headBranch(), pull.headCommit()));
        json.set("base", end(repository, pull.baseBranch(), pull.baseCommit()));
        ObjectNode links = json.putObject("_links");
        link(links, "self", self);
        link(links, "html", page);
        link(links, "issue", issue);
        link(links, "comments", issue + "/comments");
        link(links, "review_comments", self + "/comments");
        link(links, "review_comment", url + "/pulls/comments{/number}");
        link(links, "commits", self + "/commits");
        link(links, "statuses", url + "/statuses/" + pull.headCommit());
        return json;
    }

    /** As it is by itself. */
    ObjectNode pull(GitHubRepository repository, GitHubPull pull, boolean justOpened) {
        ObjectNode json = briefPull(repository, pull);
        json.put("merged", pull.merged())
                .put("mergeable_state", justOpened || !pull.open() ? "unknown" : pull.draft() ? "draft" : "clean")
                .put("comments", 0)
                .put("review_comments", 0)
                .put("maintainer_can_modify", false)
                .put("commits", repository.commitsBetween(pull.baseCommit(), pull.headCommit()))
                .put("additions", 0)
                .put("deletions", 0)
                .put("changed_files", 0);
        if (justOpened || !pull.open()) {
            json.putNull("mergeable").putNull("rebaseable");
        } else {
            json.put("mergeable", true).put("rebaseable", true);
        }
        if (pull.merged()) {
            json.set("merged_by", user(pull.author()));
        } else {
            json.putNull("merged_by");
        }
        return json;
    }

    /** A pull request as the issue that it also is. */
    ObjectNode issue(GitHubRepository repository, GitHubPull pull) {
        String url = api + "/repos/" + repository.fullName();
        String issue = url + "/issues/" + pull.number();
        ObjectNode json = issueFields(repository, pull);
        json.put("url", issue)
                .put("repository_url", url)
                .put("html_url", web + "/" + repository.fullName() + "/pull/" + pull.number())
                .put("labels_url", issue + "/labels{/name}")
                .put("comments_url", issue + "/comments")
                .put("events_url", issue + "/events")
                .put("comments", 0);
        json.set(
                "closed_by",
                repository
                        .closer(pull.number())
                        .filter(any -> !pull.open())
                        .<JsonNode>map(this::user)
                        .orElse(NullNode.getInstance()));
        return json;
    }

    private ObjectNode issueFields(GitHubRepository repository, GitHubPull pull) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", repository.id() * 10_000 + pull.number())
                .put("node_id", "PR_" + repository.id() + "_" + pull.number())
                .put("number", pull.number())
                .put("state", pull.open() ? "open" : "closed")
                .put("locked", false)
                .put("title", pull.title())
                .put("body", pull.body().isEmpty() ? null : pull.body())
                .put("author_association", "COLLABORATOR")
                .put("created_at", time(pull.createdAt()))
                .put("updated_at", time(pull.closedAt().orElse(pull.createdAt())))
                .put("closed_at", pull.closedAt().map(GitHubJson::time).orElse(null))
                .putNull("active_lock_reason")
                .putNull("milestone");
        json.set("user", user(pull.author()));
        json.set("labels", labels(repository, pull.labels()));
        users(json.putArray("assignees"), pull.assignees());
        if (pull.assignees().isEmpty()) {
            json.putNull("assignee");
        } else {
            json.set("assignee", user(pull.assignees().get(0)));
        }
        return json;
    }

    ObjectNode branch(GitHubRepository repository, String name, String commit) {
        String url = api + "/repos/" + repository.fullName();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", name).put("protected", false).put("protection_url", url + "/branches/" + name + "/protection");
        json.putObject("protection").put("enabled", false);
        ObjectNode tip = json.putObject("commit");
        tip.put("sha", commit)
                .put("node_id", "C_" + commit)
                .put("url", url + "/commits/" + commit)
                .put("html_url", web + "/" + repository.fullName() + "/commit/" + commit)
                .put("comments_url", url + "/commits/" + commit + "/comments")
                .putNull("author")
                .putNull("committer");
        tip.putArray("parents");
        ObjectNode inner = tip.putObject("commit");
        inner.put("url", url + "/git/commits/" + commit).put("message", "").put("comment_count", 0);
        inner.putNull("author").putNull("committer");
        inner.putObject("tree").put("sha", commit).put("url", url + "/git/trees/" + commit);
        ObjectNode links = json.putObject("_links");
        links.put("self", url + "/branches/" + name);
        links.put("html", web + "/" + repository.fullName() + "/tree/" + name);
        return json;
    }

    ArrayNode labels(GitHubRepository repository, List<String> names) {
        ArrayNode labels = JsonNodeFactory.instance.arrayNode();
        for (String name : names) {
            labels.addObject()
                    .put("id", name.hashCode() & 0xffffff)
                    .put("node_id", "LA_" + name)
                    .put("url", api + "/repos/" + repository.fullName() + "/labels/" + name)
                    .put("name", name)
                    .put("color", "ededed")
                    .put("default", false)
                    .put("description", "");
        }
        return labels;
    }

    /** Approvals, oldest first. */
    ArrayNode reviews(GitHubRepository repository, GitHubPull pull) {
        ArrayNode reviews = JsonNodeFactory.instance.arrayNode();
        for (String login : repository.reviewers(pull.number())) {
            ObjectNode review = reviews.addObject().put("id", reviews.size()).put("state", "APPROVED");
            review.set("user", user(login));
            review.put("commit_id", pull.headCommit()).put("body", "");
        }
        return reviews;
    }

    private ObjectNode team(GitHubRepository repository, String slug) {
        String url = api + "/orgs/" + repository.owner() + "/teams/" + slug;
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", slug.hashCode() & 0xffffff)
                .put("node_id", "T_" + slug)
                .put("name", slug)
                .put("slug", slug)
                .put("url", url)
                .put("html_url", web + "/orgs/" + repository.owner() + "/teams/" + slug)
                .put("members_url", url + "/members{/member}")
                .put("repositories_url", url + "/repos")
                .put("permission", "pull")
                .put("privacy", "closed")
                .put("type", "organization")
                .put("organization_id", repository.owner().hashCode() & 0xffffff)
                .putNull("description")
                .putNull("parent");
    }

    private ObjectNode end(GitHubRepository repository, String branch, String commit) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("label", repository.owner() + ":" + branch).put("ref", branch).put("sha", commit);
        json.set("user", user(repository.owner()));
        json.set("repo", briefRepository(repository));
        return json;
    }

    private void users(ArrayNode into, List<String> logins) {
        logins.forEach(login -> into.add(user(login)));
    }

    private static void link(ObjectNode links, String name, String href) {
        links.putObject(name).put("href", href);
    }

    private static String time(Instant when) {
        return when.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
