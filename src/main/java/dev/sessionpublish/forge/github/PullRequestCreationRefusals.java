package dev.sessionpublish.forge.github;

import static dev.sessionpublish.forge.PullRequestReason.HEAD_MISSING;
import static dev.sessionpublish.forge.PullRequestReason.NO_CHANGES;
import static dev.sessionpublish.forge.PullRequestReason.PULL_REQUESTS_DISABLED;
import static dev.sessionpublish.forge.PullRequestReason.UNRELATED_HISTORY;
import static dev.sessionpublish.outcome.SharedReason.BASE_MISSING;
import static dev.sessionpublish.outcome.SharedReason.FORBIDDEN;
import static dev.sessionpublish.outcome.SharedReason.UNKNOWN;

import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.outcome.RefusedException;

/** Maps GitHub's validation errors (422) for a new pull request to reasons. */
record PullRequestCreationRefusals(RepositoryUrl repository, GitHubQuotes quotes) {
    static boolean alreadyExists(GitHubError error) {
        return error.status() == 422
                && (error.says("a pull request already exists") || error.lists("head", "already_exists"));
    }

    RefusedException of(GitHubError error) {
        boolean noHead = error.says("head ref must be a branch");
        if (error.lists("base", "invalid") || error.says("base ref must be a branch") && !noHead) {
            return noBase(error);
        }
        // If a branch is missing, GitHub also reports that there are no commits between the two.
        if (noHead
                || error.lists("head", "invalid")
                || error.lists("head_sha", "missing_field")
                || error.says("head sha can't be blank")) {
            return quotes.refuse(
                    HEAD_MISSING,
                    "GitHub does not show the pushed branch in " + repository + " yet. The operator retries.",
                    error);
        }
        if (error.lists("base_sha", "missing_field") || error.says("base sha can't be blank")) {
            return noBase(error);
        }
        if (error.says("no commits between")) {
            return quotes.refuse(
                    NO_CHANGES,
                    "The base branch already has all commits of the head branch. Check baseBranch if that is not expected.",
                    error);
        }
        return ofExistingBranches(error);
    }

    private RefusedException ofExistingBranches(GitHubError error) {
        if (error.says("has no history in common with")) {
            return quotes.refuse(
                    UNRELATED_HISTORY,
                    "The pushed branch and the base branch have no commit in common. Fetch the base branch in the sandbox"
                            + " and rebase the work onto it, then publish again, to another headBranch or with force; or"
                            + " set baseBranch to the branch that the work builds on.",
                    error);
        }
        if (error.says("not all refs are readable")) {
            return quotes.refuse(
                    FORBIDDEN,
                    "The token may not read the branches of " + repository
                            + ". Grant it the permission (contents: read).",
                    error);
        }
        if (error.says("draft pull requests are not supported")) {
            return quotes.refuse(
                    PULL_REQUESTS_DISABLED,
                    "Draft pull requests are not available in " + repository + ". Set draft to false.",
                    error);
        }
        if (error.says("must be a collaborator") || error.says("only collaborators")) {
            return quotes.refuse(
                    FORBIDDEN,
                    "Only collaborators may open pull requests in " + repository
                            + ". Add the token's owner as a collaborator.",
                    error);
        }
        return quotes.refuse(
                UNKNOWN,
                "GitHub rejects the pull request in " + repository + ". Correct the field that its message names.",
                error);
    }

    private RefusedException noBase(GitHubError error) {
        return quotes.refuse(
                BASE_MISSING,
                "The base branch does not exist in " + repository + ". Set baseBranch to an existing branch.",
                error);
    }
}
