package dev.sessionpublish.sandbox;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;

/** Maps the codes in the {@code refused} lines of checkout.sh to reasons. */
final class ScriptRefusal {
    private ScriptRefusal() {}

    static RefusedException of(String code, CheckoutSession.Request request, String stderr) {
        String directory = request.directory();
        return switch (code) {
            case "git-missing" ->
                new RefusedException(
                        SandboxReason.GIT_MISSING,
                        "The container has no git on its PATH. Use an image with git, or set spec.source.container to a"
                                + " container that has it.");
            case "workspace-missing" ->
                new RefusedException(
                        SandboxReason.WORKSPACE_MISSING,
                        "The directory " + directory
                                + " does not exist in the container. Set spec.source.directory to the directory of the"
                                + " checkout.");
            case "outside-workspace" ->
                new RefusedException(
                        SandboxReason.WORKSPACE_MISSING,
                        "The directory " + directory + " is outside the workspace root " + request.root()
                                + ". Set spec.source.directory to a directory below it.");
            case "not-a-repository" ->
                new RefusedException(
                        SandboxReason.NOT_A_REPOSITORY,
                        "The directory " + directory
                                + " is not a git checkout. Set spec.source.directory to the directory of the checkout."
                                + ExecFailure.quote(stderr));
            case "no-commits" ->
                new RefusedException(
                        SandboxReason.NO_COMMITS, "The checkout has no commits yet. Commit the work first.");
            case "damaged", "unreadable-files" ->
                new RefusedException(
                        SandboxReason.NOT_A_REPOSITORY,
                        "git in the sandbox failed to read the checkout. Run `git fsck` and `git status` there."
                                + ExecFailure.quote(stderr));
            case "no-temporary-directory" ->
                new RefusedException(
                        SandboxReason.EXEC_FAILED,
                        "The container has no writable directory for temporary files, which uncommittedChanges: Commit"
                                + " requires. Mount an emptyDir at /tmp.");
            default ->
                new RefusedException(
                        SharedReason.UNKNOWN,
                        "The script in the sandbox failed with the unknown code " + code + ". Report this as a bug.");
        };
    }
}
