package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec.UncommittedChanges;
import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.GitProtocolException;
import dev.sessionpublish.git.ObjectFormat;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.SandboxReason;

/** What a checkout must be like for its work to be published. */
final class CheckoutRules {
    private static final int MAX_LFS_OBJECTS = 10_000;

    private CheckoutRules() {}

    /** @throws RefusedException with a reason of the source, content or push stage */
    static void check(Checkout checkout, SessionPublishSpec spec, Advertisement advertised) throws RefusedException {
        if (!checkout.locks().isEmpty()) {
            throw new RefusedException(
                    SandboxReason.WORKSPACE_BUSY,
                    "A git command is at work in the checkout ("
                            + checkout.locks().get(0) + " is there). If none is, remove that file.");
        }
        if (!checkout.operations().isEmpty()) {
            throw new RefusedException(
                    PublishReason.OPERATION_IN_PROGRESS,
                    "The checkout is in the middle of a "
                            + checkout.operations().get(0) + ": finish or abort it, then start again.");
        }
        if (spec.commit() != null && !spec.commit().equals(checkout.head().hex())) {
            throw new RefusedException(
                    PublishReason.COMMIT_MOVED,
                    "HEAD is " + checkout.head() + " by now, not " + spec.commit()
                            + " as spec.commit asks: nothing was published.");
        }
        if (spec.uncommittedChanges() == UncommittedChanges.Fail && checkout.uncommittedFiles() > 0) {
            throw new RefusedException(
                    PublishReason.UNCOMMITTED_CHANGES,
                    "The checkout has " + checkout.uncommittedFiles()
                            + " uncommitted or untracked files: commit them, or allow it with spec.uncommittedChanges.");
        }
        requireSameFormat(checkout, advertised);
        if (checkout.lfsObjects().size() > MAX_LFS_OBJECTS) {
            throw new RefusedException(
                    PushReason.LFS,
                    "The work adds more than " + MAX_LFS_OBJECTS
                            + " files kept by Git LFS, which is more than is uploaded at once: publish in parts.");
        }
    }

    private static void requireSameFormat(Checkout checkout, Advertisement advertised) throws RefusedException {
        try {
            ObjectFormat remote = advertised.objectFormat();
            ObjectFormat local = ObjectFormat.of(checkout.commit());
            if (remote != local) {
                throw new RefusedException(
                        PushReason.OBJECT_FORMAT,
                        "The checkout's objects are " + local.gitName() + ", the forge's repository is "
                                + remote.gitName() + ": clone the forge's repository into the sandbox.");
            }
        } catch (GitProtocolException e) {
            throw new RefusedException(
                    PushReason.OBJECT_FORMAT, "The forge's repository has an object format that is not known here.");
        }
    }
}
