package dev.sessionpublish.git;

import static dev.sessionpublish.outcome.ReasonGroup.CONTENT;
import static dev.sessionpublish.outcome.ReasonGroup.PUSH;
import static dev.sessionpublish.outcome.RetryClass.ONCE;
import static dev.sessionpublish.outcome.RetryClass.PERMANENT;

import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.ReasonGroup;
import dev.sessionpublish.outcome.RetryClass;

/** The reasons why a forge does not accept a push, or why one is not sent. */
public enum PushReason implements Reason {
    LFS(
            CONTENT,
            PERMANENT,
            "The work adds files kept by Git LFS, and their contents can't be delivered.",
            "Fetch the objects into the sandbox, turn LFS on at the forge, or take the files out of LFS; the message says which."),
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
            "Look at who else pushes to the branch, then retry.");

    private final Meaning meaning;

    PushReason(ReasonGroup group, RetryClass retryClass, String when, String remedy) {
        this.meaning = new Meaning(group, retryClass, when, remedy);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
