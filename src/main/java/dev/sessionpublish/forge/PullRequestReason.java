package dev.sessionpublish.forge;

import static dev.sessionpublish.outcome.ReasonGroup.CONTENT;
import static dev.sessionpublish.outcome.ReasonGroup.PULL_REQUEST;
import static dev.sessionpublish.outcome.RetryClass.BACKOFF;
import static dev.sessionpublish.outcome.RetryClass.PERMANENT;
import static dev.sessionpublish.outcome.RetryClass.WAKES_ON_PROJECT;

import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.ReasonGroup;
import dev.sessionpublish.outcome.RetryClass;

/** Reasons why a pull request is not opened. */
public enum PullRequestReason implements Reason {
    NO_CHANGES(
            CONTENT,
            PERMANENT,
            "HEAD has no changes against the base branch. This is not a failure: the phase is NothingToPublish, or stays as it was if earlier work is published.",
            "Nothing, if this is expected. Otherwise commit the work in the sandbox, then retry."),
    PULL_REQUESTS_DISABLED(
            PULL_REQUEST,
            WAKES_ON_PROJECT,
            "The project's pullRequests.enabled is false, or pull requests are disabled in the repository.",
            "Open the pull request with the link in status.manualPullRequest, or enable pull requests."),
    PULL_REQUEST_CLOSED(
            PULL_REQUEST,
            PERMANENT,
            "The pull request of the branch was closed without merging while the operator retried to open one.",
            "Reopen it at the forge, or retry: the operator then opens a new one."),
    UNRELATED_HISTORY(
            PULL_REQUEST,
            PERMANENT,
            "The head branch and the base branch have no commit in common.",
            "Rebase the work onto the base branch in the sandbox and publish it with force to true, or set baseBranch to the branch that the work builds on."),
    HEAD_MISSING(
            PULL_REQUEST,
            BACKOFF,
            "The forge does not show the pushed branch yet, or the branch was deleted.",
            "Wait. If the error persists, retry: the operator then pushes the branch again. Without a token for pull requests, do what the message says.");

    private final Meaning meaning;

    PullRequestReason(ReasonGroup group, RetryClass retryClass, String when, String remedy) {
        this.meaning = new Meaning(group, retryClass, when, remedy);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
