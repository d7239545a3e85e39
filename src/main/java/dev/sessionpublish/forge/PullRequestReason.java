package dev.sessionpublish.forge;

import static dev.sessionpublish.outcome.ReasonGroup.CONTENT;
import static dev.sessionpublish.outcome.ReasonGroup.PULL_REQUEST;
import static dev.sessionpublish.outcome.RetryClass.BACKOFF;
import static dev.sessionpublish.outcome.RetryClass.PERMANENT;
import static dev.sessionpublish.outcome.RetryClass.WAKES_ON_PROJECT;

import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.ReasonGroup;
import dev.sessionpublish.outcome.RetryClass;

/** The reasons why a forge opens no pull request. */
public enum PullRequestReason implements Reason {
    NO_CHANGES(
            CONTENT,
            PERMANENT,
            "HEAD has nothing that the base branch doesn't have. This is no failure: the phase is NothingToPublish.",
            "Nothing, if that is expected; else commit the work in the sandbox, then retry."),
    PULL_REQUESTS_DISABLED(
            PULL_REQUEST,
            WAKES_ON_PROJECT,
            "The project's pullRequests.enabled is false, or the repository has pull requests turned off.",
            "Open the pull request from status.manualPullRequest, or have pull requests enabled."),
    HEAD_MISSING(
            PULL_REQUEST,
            BACKOFF,
            "The forge doesn't see the pushed branch yet, or somebody has deleted it.",
            "Wait; if it persists, retry, which pushes the branch again.");

    private final Meaning meaning;

    PullRequestReason(ReasonGroup group, RetryClass retryClass, String when, String remedy) {
        this.meaning = new Meaning(group, retryClass, when, remedy);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
