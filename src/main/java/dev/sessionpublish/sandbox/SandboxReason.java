package dev.sessionpublish.sandbox;

import static dev.sessionpublish.outcome.ReasonGroup.CONTENT;
import static dev.sessionpublish.outcome.ReasonGroup.PROJECT;
import static dev.sessionpublish.outcome.ReasonGroup.SOURCE;
import static dev.sessionpublish.outcome.RetryClass.BACKOFF;
import static dev.sessionpublish.outcome.RetryClass.PERMANENT;

import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.ReasonGroup;
import dev.sessionpublish.outcome.RetryClass;

/** The reasons that come from a sandbox and from the git checkout in it. */
public enum SandboxReason implements Reason {
    UNSUPPORTED_SOURCE(
            PROJECT,
            PERMANENT,
            "The kind of source is not supported by this version.",
            "Name the pod as source.podName, or the Sandbox as source.sandboxName."),
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
