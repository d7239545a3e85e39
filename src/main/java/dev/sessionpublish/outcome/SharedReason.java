package dev.sessionpublish.outcome;

import static dev.sessionpublish.outcome.ReasonGroup.ANY;
import static dev.sessionpublish.outcome.ReasonGroup.PROJECT;
import static dev.sessionpublish.outcome.ReasonGroup.PULL_REQUEST;
import static dev.sessionpublish.outcome.ReasonGroup.PUSH;
import static dev.sessionpublish.outcome.RetryClass.BACKOFF;
import static dev.sessionpublish.outcome.RetryClass.PERMANENT;
import static dev.sessionpublish.outcome.RetryClass.WAKES_ON_PROJECT;

/** The reasons that more than one resource kind can have. */
public enum SharedReason implements Reason {
    INVALID_BRANCH(
            PROJECT,
            PERMANENT,
            "A head, base or generated branch name breaks git's rules or ours.",
            "Write a headBranch, a baseBranch or a project's branchPrefix that git accepts; the message says what is wrong."),
    INVALID_REPO_URL(
            PROJECT,
            PERMANENT,
            "The project's repository is not an https URL of an owner and a name.",
            "Write the project's repository as https://HOST/OWNER/NAME; it can't be edited, so create the project again."),
    UNSUPPORTED_HOST(
            PROJECT,
            PERMANENT,
            "The repository's host is not one that the operator may talk to.",
            "Ask the cluster administrator to list the host in the file that SESSION_PUBLISH_FORGES names, or use a repository on a listed host."),
    BASE_MISSING(
            PULL_REQUEST,
            PERMANENT,
            "The base branch does not exist at the forge; an empty repository has none.",
            "Set baseBranch to a branch that exists, push the base branch first, or set createPullRequest to false."),
    ARCHIVED(
            PULL_REQUEST,
            PERMANENT,
            "The repository is archived and takes no changes.",
            "Have the repository unarchived, or publish to another project."),
    AUTH(
            PUSH,
            WAKES_ON_PROJECT,
            "The forge does not accept the credential (HTTP 401).",
            "Put a valid token into the project's Secret; it may have expired or been revoked."),
    FORBIDDEN(
            PUSH,
            WAKES_ON_PROJECT,
            "The forge accepts the credential but it lacks the permission (HTTP 403).",
            "Give the token write access to the repository's contents and pull requests, or put another one into the project's Secret."),
    SSO_REQUIRED(
            PUSH,
            PERMANENT,
            "The organisation wants the token to be authorised for single sign-on.",
            "Authorise the token for the organisation's single sign-on, then retry."),
    NOT_FOUND(
            PUSH,
            PERMANENT,
            "The forge has no such repository, or hides it from the credential (HTTP 404).",
            "Check the project's repository, and that the token may see it."),
    RATE_LIMITED(PUSH, BACKOFF, "The forge asked to slow down.", "Wait; nextAttemptAt says until when."),
    NETWORK(
            PUSH,
            BACKOFF,
            "The forge could not be reached, or its certificate is not trusted.",
            "Check DNS, network policies and the CA bundle of the host; the message says what failed."),
    SERVER_ERROR(
            PUSH,
            BACKOFF,
            "The forge answered with an error of its own (HTTP 5xx).",
            "Wait; the forge's status page may say more."),
    UNKNOWN(
            ANY,
            PERMANENT,
            "Something happened that the operator doesn't know.",
            "Report the message as a bug; retry when its cause is gone.");

    private final Meaning meaning;

    SharedReason(ReasonGroup group, RetryClass retryClass, String when, String remedy) {
        this.meaning = new Meaning(group, retryClass, when, remedy);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
