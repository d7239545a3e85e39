package dev.sessionpublish.outcome;

import static dev.sessionpublish.outcome.RetryClass.BACKOFF;
import static dev.sessionpublish.outcome.RetryClass.ONCE;
import static dev.sessionpublish.outcome.RetryClass.PERMANENT;
import static dev.sessionpublish.outcome.RetryClass.WAKES_ON_PROJECT;
import static dev.sessionpublish.outcome.RetryClass.WAKES_ON_SETTING;
import static dev.sessionpublish.outcome.Stage.ANY;
import static dev.sessionpublish.outcome.Stage.CONTENT;
import static dev.sessionpublish.outcome.Stage.PROJECT;
import static dev.sessionpublish.outcome.Stage.PULL_REQUEST;
import static dev.sessionpublish.outcome.Stage.PUSH;
import static dev.sessionpublish.outcome.Stage.SOURCE;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a publish is not where it was asked to be. The {@link #code} is stable: people and dashboards match on it.
 * docs/reasons.md is the table of these. A reason belongs to the stage that meets it first; {@code
 * missing-credentials}, {@code auth}, {@code forbidden}, {@code sso-required}, {@code not-found}, {@code rate-limited},
 * {@code network} and {@code server-error} end the pull-request stage as well.
 */
public enum Reason {
    INVALID_BRANCH(
            PROJECT,
            PERMANENT,
            "A head, base or generated branch name breaks git's rules or ours.",
            "Write a headBranch, a baseBranch or a project's branchPrefix that git accepts; the message says what is wrong."),
    PROTECTED_BRANCH(
            PROJECT,
            PERMANENT,
            "The head branch is the base branch or matches one of the project's protectedBranches.",
            "Choose another headBranch, or leave it out and let one be generated."),
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
    UNSUPPORTED_PROVIDER(
            PROJECT,
            PERMANENT,
            "The project's forge is not what the cluster administrator says the host is.",
            "Make the project's forge agree with the kind of its host, or leave it out."),
    UNSUPPORTED_SOURCE(
            PROJECT,
            PERMANENT,
            "The kind of source is not supported by this version.",
            "Name the pod as source.podName, or the Sandbox as source.sandboxName."),
    PUSH_DISABLED(
            PROJECT,
            WAKES_ON_PROJECT,
            "The project's push.enabled is false.",
            "Ask the project's owner to set push.enabled to true, or publish to another project."),
    PUBLISHING_DISABLED(
            PROJECT,
            WAKES_ON_SETTING,
            "The operator is set to validate only; all that can be validated was.",
            "Nothing: it goes on by itself when the cluster administrator switches publishing on (SESSION_PUBLISH_PUBLISHING_ENABLED)."),
    MISSING_CREDENTIALS(
            PROJECT,
            WAKES_ON_PROJECT,
            "The project names no Secret, the Secret doesn't exist, or it lacks the key that is needed.",
            "Create the Secret that the project's credentialsSecret names, with the key token (or push-token and pull-request-token)."),
    PROJECT_NOT_FOUND(
            PROJECT,
            WAKES_ON_PROJECT,
            "There is no SessionProject of that name in the namespace.",
            "Create the SessionProject in the same namespace, or correct projectRef.name."),
    PROJECT_NOT_READY(
            PROJECT,
            BACKOFF,
            "The project's own checks have not passed yet.",
            "Look at the project's conditions (kubectl describe sproj NAME) and mend what they name."),

    CONTAINER_AMBIGUOUS(
            SOURCE,
            PERMANENT,
            "The pod has several containers and none is the default, or it lacks the one that is named.",
            "Set source.container to one of the containers that the message lists."),
    WORKSPACE_MISSING(
            SOURCE,
            PERMANENT,
            "The directory doesn't exist in the container or lies outside the workspace root.",
            "Set source.directory to the checkout's directory below the workspace root."),
    NOT_A_REPOSITORY(
            SOURCE,
            PERMANENT,
            "The directory is not a git checkout with a working tree, or its repository is damaged.",
            "Set source.directory to a git checkout, or repair it with git in the sandbox."),
    GIT_MISSING(
            SOURCE,
            PERMANENT,
            "The container has no git, or no POSIX shell to run it from.",
            "Use a sandbox image with git and sh, or set source.container to a container that has them."),
    SANDBOX_TERMINATED(
            SOURCE,
            PERMANENT,
            "The pod that was seen before is gone or has ended.",
            "Publish from a sandbox that is running; the work of a deleted pod can't be recovered by the operator."),
    WRONG_POD(
            SOURCE,
            PERMANENT,
            "The pod is not marked as a sandbox, or another one has taken its name.",
            "Label the pod as a sandbox (sessionpublish.dev/sandbox=true), or create a new publish for the pod that now has the name."),
    COMMIT_MOVED(
            SOURCE,
            PERMANENT,
            "HEAD is no longer the commit that spec.commit pins.",
            "Set commit to the new HEAD after you have looked at it, or leave it out."),
    SANDBOX_EXPIRED(
            SOURCE,
            PERMANENT,
            "The Sandbox or its SandboxClaim has reached its shutdownTime, and the pod is deleted.",
            "Publish from a sandbox that is running; give the next one a later shutdownTime, or publish earlier."),
    SANDBOX_NOT_READY(
            SOURCE,
            BACKOFF,
            "The pod or the Sandbox doesn't exist yet, or is not running.",
            "Wait, or start the sandbox; kubectl describe of the pod or the Sandbox tells why one doesn't start."),
    SANDBOX_SUSPENDED(
            SOURCE,
            BACKOFF,
            "The Sandbox is suspended and has no pod.",
            "Set the Sandbox's spec.operatingMode to Running; the publish goes on when its pod is ready."),
    MULTIPLE_PODS(
            SOURCE,
            BACKOFF,
            "The Sandbox has more than one running pod, or the SandboxClaim more than one Sandbox.",
            "Wait while a pod is being replaced; else delete the one that is too many, or name the Sandbox itself."),
    WORKSPACE_BUSY(
            SOURCE,
            BACKOFF,
            "Another git command holds the index lock of the checkout.",
            "Wait; if no git command is running in the sandbox, remove .git/index.lock there."),
    EXEC_FAILED(
            SOURCE,
            BACKOFF,
            "The command in the container could not be started, or ended before it had answered.",
            "Wait; if it persists, see whether kubectl exec works on the pod and whether the container is short of memory."),
    TIMEOUT(
            SOURCE,
            BACKOFF,
            "The sandbox did not answer within the time allowed.",
            "Wait; if it persists, see what keeps the sandbox busy, or have SESSION_PUBLISH_EXEC_TIMEOUT raised."),

    NO_COMMITS(
            CONTENT,
            PERMANENT,
            "The checkout's branch has no commit yet.",
            "Commit the work in the sandbox, then retry."),
    NO_CHANGES(
            CONTENT,
            PERMANENT,
            "HEAD has nothing that the base branch doesn't have. This is no failure: the phase is NothingToPublish.",
            "Nothing, if that is expected; else commit the work in the sandbox, then retry."),
    UNCOMMITTED_CHANGES(
            CONTENT,
            PERMANENT,
            "The working tree has uncommitted changes and uncommittedChanges is Fail.",
            "Commit or discard the changes in the sandbox, or set uncommittedChanges to Ignore or Commit."),
    OPERATION_IN_PROGRESS(
            CONTENT,
            PERMANENT,
            "A merge, rebase, cherry-pick or the like is unfinished in the checkout.",
            "Finish or abort the operation in the sandbox, then retry."),
    LFS(
            CONTENT,
            PERMANENT,
            "The work adds files kept by Git LFS, and their contents can't be delivered.",
            "Fetch the objects into the sandbox, turn LFS on at the forge, or take the files out of LFS; the message says which."),

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
    NON_FAST_FORWARD(
            PUSH,
            PERMANENT,
            "The branch holds commits that the checkout doesn't have, or it can't be proven that it doesn't.",
            "Bring the branch's commits into the checkout, choose another headBranch, or set force to true to replace them."),
    BRANCH_CONFLICT(
            PUSH,
            PERMANENT,
            "A branch of the repository is a prefix of the head branch or the other way round (a and a/b).",
            "Choose another headBranch, or delete the branch that is in the way."),
    REMOTE_REJECTED(
            PUSH,
            PERMANENT,
            "A rule or hook of the forge refused the branch; the message carries its words.",
            "Do what the forge's message says, then retry."),
    PUSH_PROTECTION(
            PUSH,
            PERMANENT,
            "The forge found a secret in the commits.",
            "Take the secret out of every commit, revoke it, then retry; or allow it at the forge where the message says."),
    FILE_TOO_LARGE(
            PUSH,
            PERMANENT,
            "A file in the commits is larger than the forge accepts.",
            "Take the file out of every commit, or track it with Git LFS, then retry."),
    WORKFLOW_PERMISSION(
            PUSH,
            PERMANENT,
            "The commits change workflow files and the token may not.",
            "Give the token the workflow permission, or take the changes below .github/workflows out, then retry."),
    SHALLOW(
            PUSH,
            PERMANENT,
            "The checkout is shallow and the forge lacks the history that it leaves out.",
            "Deepen the checkout (git fetch --unshallow) in the sandbox, then retry."),
    OBJECT_FORMAT(
            PUSH,
            PERMANENT,
            "The checkout and the repository use different hashes (SHA-1, SHA-256).",
            "Make the commits in a checkout of the repository itself."),
    PACK_TOO_LARGE(
            PUSH,
            PERMANENT,
            "What is to be sent is larger than the operator or the forge allows.",
            "Take large files out of the commits or use Git LFS; the operator's limit is SESSION_PUBLISH_MAX_PACK."),
    LEASE_STALE(
            PUSH,
            ONCE,
            "The branch moved at the forge while the push was under way.",
            "Look at who else pushes to the branch, then retry."),
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

    PULL_REQUESTS_DISABLED(
            PULL_REQUEST,
            WAKES_ON_PROJECT,
            "The project's pullRequests.enabled is false, or the repository has pull requests turned off.",
            "Open the pull request from status.manualPullRequest, or have pull requests enabled."),
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
    HEAD_MISSING(
            PULL_REQUEST,
            BACKOFF,
            "The forge doesn't see the pushed branch yet, or somebody has deleted it.",
            "Wait; if it persists, retry, which pushes the branch again."),

    UNKNOWN(
            ANY,
            PERMANENT,
            "Something happened that the operator doesn't know.",
            "Report the message as a bug; retry when its cause is gone.");

    private final Stage stage;
    private final RetryClass retryClass;
    private final String when;
    private final String remedy;

    Reason(Stage stage, RetryClass retryClass, String when, String remedy) {
        this.stage = stage;
        this.retryClass = retryClass;
        this.when = when;
        this.remedy = remedy;
    }

    /** The reason with this {@link #code}; empty for null and for words that aren't one. */
    public static Optional<Reason> ofCode(@Nullable String code) {
        return Arrays.stream(values()).filter(each -> each.code().equals(code)).findFirst();
    }

    /** Kebab-case, as in status.reason, events and metrics. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The same word in CamelCase, as conditions have it: {@code PushProtection}. */
    public String conditionReason() {
        return Arrays.stream(name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    public Stage stage() {
        return stage;
    }

    public RetryClass retryClass() {
        return retryClass;
    }

    /** What has happened, in a plain sentence; the message of the outcome has the details. */
    public String when() {
        return when;
    }

    /** What the user does about it, in plain sentences without markup. */
    public String remedy() {
        return remedy;
    }
}
