package dev.sessionpublish.sandbox;

import static dev.sessionpublish.outcome.ReasonGroup.CONTENT;
import static dev.sessionpublish.outcome.ReasonGroup.PROJECT;
import static dev.sessionpublish.outcome.ReasonGroup.SOURCE;
import static dev.sessionpublish.outcome.RetryClass.BACKOFF;
import static dev.sessionpublish.outcome.RetryClass.PERMANENT;
import static dev.sessionpublish.outcome.RetryClass.WAKES_ON_SOURCE;

import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.ReasonGroup;
import dev.sessionpublish.outcome.RetryClass;

/** Reasons that concern a sandbox and its git checkout. */
public enum SandboxReason implements Reason {
    UNSUPPORTED_SOURCE(
            PROJECT,
            PERMANENT,
            "This version does not support the kind of source.",
            "Set source.podName or source.sandboxName."),
    CONTAINER_AMBIGUOUS(
            SOURCE,
            PERMANENT,
            "The pod has several containers and no default container, or lacks the container that source.container names.",
            "Set source.container to one of the containers that the message lists."),
    WORKSPACE_MISSING(
            SOURCE,
            PERMANENT,
            "The directory does not exist in the container, or is outside the workspace root.",
            "Set source.directory to the directory of the checkout below the workspace root."),
    NOT_A_REPOSITORY(
            SOURCE,
            PERMANENT,
            "The directory is not a git checkout, or its repository is damaged.",
            "Set source.directory to a git checkout, or repair the repository in the sandbox."),
    REPOSITORY_OWNER(
            SOURCE,
            PERMANENT,
            "The repository belongs to another user than the one that commands run as in the container, and the script could not run as its owner; or commands run as root and others may write the repository.",
            "Run the container as the owner of the checkout, change the owner (chown -R), or, as root, take the right to write from others (chmod -R go-w) or use an image with setpriv, GNU chroot or su."),
    FILTER_FAILED(
            SOURCE,
            PERMANENT,
            "A filter that the checkout's settings require, such as Git LFS, failed or is not installed in the container.",
            "Install the filter's program (such as git-lfs) in the sandbox image, or set source.container to a container that has it."),
    UNREADABLE_FILES(
            SOURCE,
            PERMANENT,
            "With uncommittedChanges: Commit, git failed to read a changed or untracked file.",
            "Make the files readable to the owner of the checkout, or add them to .gitignore; git status in the sandbox lists them."),
    GIT_MISSING(
            SOURCE,
            PERMANENT,
            "The container has no git or no POSIX shell.",
            "Use a sandbox image with git and sh, or set source.container to a container that has them."),
    SANDBOX_TERMINATED(
            SOURCE,
            PERMANENT,
            "The pod has terminated or was deleted.",
            "Publish from a running sandbox. The operator can't recover the work of a deleted pod."),
    SANDBOX_LABEL_MISSING(
            SOURCE,
            WAKES_ON_SOURCE,
            "The pod that source.podName names lacks the label that marks pods as sandboxes.",
            "If the pod is a sandbox, add the label that the message names (by default sessionpublish.dev/sandbox=true), in the template that creates the pod as well. The publish then starts again automatically."),
    WRONG_POD(
            SOURCE,
            PERMANENT,
            "The pod was replaced by another pod of the same name.",
            "To publish from the new pod, set the annotation sessionpublish.dev/retry-at to a new value."),
    SANDBOX_EXPIRED(
            SOURCE,
            PERMANENT,
            "The Sandbox or its SandboxClaim reached its shutdownTime, and the pod was deleted.",
            "Publish from a running sandbox. Set a later shutdownTime, or publish earlier."),
    SANDBOX_NOT_READY(
            SOURCE,
            BACKOFF,
            "The pod or the Sandbox does not exist yet, or is not running.",
            "Start the sandbox, or wait. If it does not start, run kubectl describe on the pod or the Sandbox."),
    SANDBOX_SUSPENDED(
            SOURCE,
            BACKOFF,
            "The Sandbox is suspended and has no pod.",
            "Set the Sandbox's spec.operatingMode to Running. The publish continues once the pod is ready."),
    MULTIPLE_PODS(
            SOURCE,
            BACKOFF,
            "The Sandbox has more than one running pod, or the SandboxClaim has more than one Sandbox.",
            "Wait if a pod is being replaced. Otherwise delete the extra pod, or set source.sandboxName to the Sandbox."),
    WORKSPACE_BUSY(
            SOURCE,
            BACKOFF,
            "Another git command holds the index lock of the checkout.",
            "Wait. If no git command is running in the sandbox, delete .git/index.lock there."),
    EXEC_FAILED(
            SOURCE,
            BACKOFF,
            "The command in the container did not start, or ended early.",
            "Wait. If the error persists, check that kubectl exec works on the pod and that the container has enough memory."),
    TIMEOUT(
            SOURCE,
            BACKOFF,
            "The sandbox did not answer within the time limit.",
            "Wait. If the error persists, check the load of the sandbox and its disk, and that no file of the checkout is a named pipe; or ask the cluster administrator to raise the setting that the message names."),
    NO_COMMITS(
            CONTENT,
            PERMANENT,
            "The checkout's branch has no commits yet.",
            "Commit the work in the sandbox, then retry.");

    private final Meaning meaning;

    SandboxReason(ReasonGroup group, RetryClass retryClass, String when, String remedy) {
        this.meaning = new Meaning(group, retryClass, when, remedy);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
