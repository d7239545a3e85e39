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
                        "The container has no git on its PATH, which for root are only directories that nobody else may"
                                + " change. Use an image with git, or set spec.source.container to a container that has"
                                + " it.");
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
            case "damaged" ->
                new RefusedException(
                        SandboxReason.NOT_A_REPOSITORY,
                        "git in the sandbox failed to read the checkout. Run `git fsck` and `git status` there."
                                + ExecFailure.quote(stderr));
            case "no-temporary-directory" ->
                new RefusedException(
                        SandboxReason.EXEC_FAILED,
                        "The container has no writable directory for temporary files, which uncommittedChanges: Commit"
                                + " requires. Mount an emptyDir at /tmp; if the container runs as root, with chmod 1777.");
            default -> ofRights(code, directory, stderr);
        };
    }

    /** Codes for what git may not read, or may not run. */
    private static RefusedException ofRights(String code, String directory, String stderr) {
        return switch (code) {
            case "repository-owner" ->
                new RefusedException(
                        SandboxReason.REPOSITORY_OWNER,
                        "The repository of " + directory
                                + " belongs to another user than the one that commands run as in the container, or they"
                                + " run as root and others may write it. Its filters and settings would act with rights"
                                + " that its owner lacks. Run the container as the owner, change the owner with chown -R,"
                                + " or, if only root is to write it, use chmod -R go-w; a container that runs as root"
                                + " needs setpriv, GNU chroot or su." + ExecFailure.quote(stderr));
            case "filter-failed" ->
                new RefusedException(
                        SandboxReason.FILTER_FAILED,
                        "A filter that the checkout's settings require failed or is not installed in the container."
                                + " Install its program, such as git-lfs, in the sandbox image, or set"
                                + " spec.source.container to a container that has it." + ExecFailure.quote(stderr));
            case "unreadable-files" ->
                new RefusedException(
                        SandboxReason.UNREADABLE_FILES,
                        "git in the sandbox failed to read a changed or untracked file, which uncommittedChanges: Commit"
                                + " requires. Make the files that `git status` lists there readable to the owner of the"
                                + " checkout, or add them to .gitignore." + ExecFailure.quote(stderr));
            default ->
                new RefusedException(
                        SharedReason.UNKNOWN,
                        "The script in the sandbox failed with the unknown code " + code + ". Report this as a bug.");
        };
    }
}
