package dev.sessionpublish.publish.plan;

import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec.UncommittedChanges;
import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.GitProtocolException;
import dev.sessionpublish.git.ObjectFormat;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.publish.PublishReason;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.SandboxReason;
import java.util.OptionalInt;

/** What must hold of a checkout before its work is published. */
final class CheckoutRules {
    private static final int MAX_LFS_OBJECTS = 10_000;

    private CheckoutRules() {}

    /** @throws RefusedException with a reason of the groups source, content or push */
    static void check(Checkout checkout, SessionPublishSpec spec, Advertisement advertised) throws RefusedException {
        if (!checkout.locks().isEmpty()) {
            throw new RefusedException(
                    SandboxReason.WORKSPACE_BUSY,
                    "A git command is running in the checkout ("
                            + checkout.locks().get(0) + " exists). If none is running, remove that file.");
        }
        if (!checkout.operations().isEmpty()) {
            throw new RefusedException(
                    PublishReason.OPERATION_IN_PROGRESS,
                    "The checkout is in the middle of a "
                            + checkout.operations().get(0) + ": finish or abort it, then retry.");
        }
        if (spec.commit() != null && !spec.commit().equals(checkout.head().hex())) {
            throw new RefusedException(
                    PublishReason.COMMIT_MOVED,
                    "HEAD is " + checkout.head() + ", but spec.commit is " + spec.commit()
                            + ": nothing was published. Set spec.commit to the new HEAD after reviewing it, or remove it.");
        }
        if (spec.uncommittedChanges() == UncommittedChanges.Fail && checkout.uncommittedFiles() > 0) {
            throw new RefusedException(
                    PublishReason.UNCOMMITTED_CHANGES,
                    "The checkout has " + checkout.uncommittedFiles()
                            + " uncommitted or untracked files and spec.uncommittedChanges is Fail: commit the files, or set it to"
                            + " Ignore or Commit.");
        }
        requireSameFormat(checkout, advertised);
        if (checkout.lfsObjects().size() > MAX_LFS_OBJECTS) {
            throw new RefusedException(
                    PushReason.LFS,
                    "The work adds more than " + MAX_LFS_OBJECTS
                            + " Git LFS files, the most that one publish uploads: publish fewer commits at once.");
        }
    }

    /**
     * A guard against accidents: the sandbox counts.
     *
     * @throws RefusedException too-many-files
     */
    static void requireFewFiles(Checkout checkout, Project project) throws RefusedException {
        OptionalInt limit = project.pushLimits().maxChangedFiles();
        if (limit.isEmpty()) {
            return;
        }
        String rule = "the project " + project.name() + " allows " + limit.getAsInt() + " (spec.push.maxChangedFiles)";
        if (checkout.changedFiles().isEmpty()) {
            throw new RefusedException(
                    PublishReason.TOO_MANY_FILES,
                    "How many files the work changes can't be counted, and " + rule
                            + ": the checkout lacks the commit at"
                            + " which the work left the base branch. Fetch the base branch with its history in the sandbox,"
                            + " then retry.");
        }
        long files = checkout.changedFiles().getAsLong();
        if (files > limit.getAsInt()) {
            throw new RefusedException(
                    PublishReason.TOO_MANY_FILES,
                    "The work changes " + files + " files, and " + rule
                            + ": nothing was pushed. Remove what does not belong"
                            + " to the work from its commits, or publish it in parts, then retry; or ask the project's owner"
                            + " to raise the limit.");
        }
    }

    private static void requireSameFormat(Checkout checkout, Advertisement advertised) throws RefusedException {
        try {
            ObjectFormat remote = advertised.objectFormat();
            ObjectFormat local = ObjectFormat.of(checkout.commit());
            if (remote != local) {
                throw new RefusedException(
                        PushReason.OBJECT_FORMAT,
                        "The checkout uses " + local.gitName() + " and the forge's repository uses " + remote.gitName()
                                + ": clone the forge's repository into the sandbox.");
            }
        } catch (GitProtocolException e) {
            throw new RefusedException(
                    PushReason.OBJECT_FORMAT,
                    "The forge's repository has an unknown object format: use a repository with sha1 or sha256.");
        }
    }
}
