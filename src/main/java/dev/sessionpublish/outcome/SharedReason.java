package dev.sessionpublish.outcome;

import static dev.sessionpublish.outcome.ReasonGroup.ANY;
import static dev.sessionpublish.outcome.ReasonGroup.PROJECT;
import static dev.sessionpublish.outcome.ReasonGroup.PULL_REQUEST;
import static dev.sessionpublish.outcome.ReasonGroup.PUSH;
import static dev.sessionpublish.outcome.RetryClass.BACKOFF;
import static dev.sessionpublish.outcome.RetryClass.PERMANENT;
import static dev.sessionpublish.outcome.RetryClass.WAKES_ON_PROJECT;

/** Reasons that several resource kinds share. */
public enum SharedReason implements Reason {
    INVALID_BRANCH(
            PROJECT,
            PERMANENT,
            "The name of the head branch, the base branch or the generated branch is invalid.",
            "Correct the publish's headBranch or baseBranch, or the project's branchPrefix or defaultBranch, as the message describes."),
    INVALID_REPO_URL(
            PROJECT,
            PERMANENT,
            "The project's repository is not a URL of the form https://HOST/OWNER/NAME.",
            "Create a new project with a valid repository URL. The repository of an existing project can't be changed."),
    UNSUPPORTED_HOST(
            PROJECT,
            PERMANENT,
            "The repository's host is not in the operator's list of allowed forges.",
            "Ask the cluster administrator to add the host to the file that SESSION_PUBLISH_FORGES names, or use a repository on an allowed host."),
    BASE_MISSING(
            PULL_REQUEST,
            PERMANENT,
            "The base branch does not exist in the repository, or the repository is empty.",
            "Set baseBranch to an existing branch, push the base branch first, or set createPullRequest to false."),
    ARCHIVED(
            PULL_REQUEST,
            PERMANENT,
            "The repository is archived and therefore read-only.",
            "Unarchive the repository, or publish to another project."),
    READ_ONLY(
            PUSH,
            PERMANENT,
            "The repository is a pull mirror, or the forge disabled it. It takes no pushes, whatever the credential.",
            "Publish to the repository that it mirrors, convert the mirror to a regular repository, or ask the owner of a disabled repository to check the account."),
    AUTH(
            PUSH,
            WAKES_ON_PROJECT,
            "The forge rejects the credential (HTTP 401).",
            "Store a valid token in the project's Secret. The current token is wrong, expired or revoked."),
    FORBIDDEN(
            PUSH,
            WAKES_ON_PROJECT,
            "The credential is valid but lacks the required permission (HTTP 403).",
            "Grant the token write access to the repository's contents and pull requests, or store another token in the project's Secret."),
    SSO_REQUIRED(
            PUSH,
            PERMANENT,
            "The organization requires single sign-on authorization for the token.",
            "Authorize the token for the organization's single sign-on, then retry."),
    NOT_FOUND(
            PUSH,
            PERMANENT,
            "The repository does not exist, or the credential has no access to it (HTTP 404).",
            "Check the repository URL of the project and the token's access to the repository."),
    RATE_LIMITED(
            PUSH,
            BACKOFF,
            "The credential's rate limit at the forge is exceeded.",
            "Wait for the retry at nextAttemptAt."),
    NETWORK(
            PUSH,
            BACKOFF,
            "The forge is unreachable, its certificate is not trusted, or a proxy or firewall answers in its place.",
            "Check DNS, network policies, the proxy and the CA bundle of the host. The message describes the failure."),
    SERVER_ERROR(
            PUSH,
            BACKOFF,
            "The forge returned a server error (HTTP 5xx), or reported a push as done that did not move the branch.",
            "Wait for the retry. If the error persists, check the forge's status page."),
    UNKNOWN(
            ANY,
            PERMANENT,
            "An error occurred that the operator can't classify.",
            "Report the message as a bug. Fix the cause, then retry.");

    private final Meaning meaning;

    SharedReason(ReasonGroup group, RetryClass retryClass, String when, String remedy) {
        this.meaning = new Meaning(group, retryClass, when, remedy);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
