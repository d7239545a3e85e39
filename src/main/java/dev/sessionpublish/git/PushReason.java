package dev.sessionpublish.git;

import static dev.sessionpublish.outcome.ReasonGroup.CONTENT;
import static dev.sessionpublish.outcome.ReasonGroup.PUSH;
import static dev.sessionpublish.outcome.RetryClass.BACKOFF;
import static dev.sessionpublish.outcome.RetryClass.ONCE;
import static dev.sessionpublish.outcome.RetryClass.PERMANENT;

import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.ReasonGroup;
import dev.sessionpublish.outcome.RetryClass;

/** Reasons why a push is rejected or not sent. */
public enum PushReason implements Reason {
    LFS(
            CONTENT,
            PERMANENT,
            "The commits add Git LFS files whose contents can't be uploaded.",
            "Fetch the objects in the sandbox, enable Git LFS for the repository, or remove the files from LFS, as the message describes."),
    NON_FAST_FORWARD(
            PUSH,
            PERMANENT,
            "The remote branch has commits that the checkout lacks, or the update can't be proven to be a fast-forward.",
            "Merge or rebase onto the remote branch in the sandbox, choose another headBranch, or set headBranch and force to replace the commits."),
    BRANCH_CONFLICT(
            PUSH,
            PERMANENT,
            "The head branch conflicts with an existing branch: one name is a path prefix of the other (a and a/b).",
            "Choose another headBranch, or delete the conflicting branch."),
    REMOTE_REJECTED(
            PUSH,
            PERMANENT,
            "A rule or a hook of the forge rejected the push. The message quotes the forge.",
            "Follow the forge's message, then retry."),
    PUSH_PROTECTION(
            PUSH,
            PERMANENT,
            "The forge found a secret in the commits.",
            "Remove the secret from every commit, revoke it, then retry; or allow the secret at the URL in the message."),
    FILE_TOO_LARGE(
            PUSH,
            PERMANENT,
            "A file in the commits exceeds the forge's size limit.",
            "Remove the file from every commit, or track it with Git LFS, then retry."),
    WORKFLOW_PERMISSION(
            PUSH,
            PERMANENT,
            "The commits change workflow files, and the token lacks the workflow permission.",
            "Grant the token the workflow permission, or remove the changes below .github/workflows, then retry."),
    SHALLOW(
            PUSH,
            PERMANENT,
            "The checkout is shallow, and the forge lacks the omitted history.",
            "Run git fetch --unshallow in the sandbox, then retry."),
    OBJECT_FORMAT(
            PUSH,
            PERMANENT,
            "The checkout and the repository use different object formats (SHA-1 and SHA-256).",
            "Clone the repository again (its object format differs) and commit the work there."),
    PACK_TOO_LARGE(
            PUSH,
            PERMANENT,
            "The pack, with its LFS objects, exceeds the size limit of the operator or of the project, or the pack that of the forge.",
            "Remove large files from the commits, or track them with Git LFS. The operator's limit is SESSION_PUBLISH_MAX_PACK, the project's is push.maxPackSize."),
    MEMORY_LIMIT(
            PUSH,
            BACKOFF,
            "The refs of the repository, the LFS files of the work or the proof of a fast-forward need more of the operator's memory than is free.",
            "Wait for the retry. If the error persists, delete branches that are no longer needed, or ask the cluster administrator to raise the operator's memory limit."),
    LEASE_STALE(
            PUSH,
            ONCE,
            "The branch moved at the forge during the push.",
            "Check who else pushes to the branch, then retry.");

    private final Meaning meaning;

    PushReason(ReasonGroup group, RetryClass retryClass, String when, String remedy) {
        this.meaning = new Meaning(group, retryClass, when, remedy);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
