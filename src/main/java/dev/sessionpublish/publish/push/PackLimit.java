package dev.sessionpublish.publish.push;

import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.PushLimits;
import java.util.Optional;

/**
 * How large a pack and its LFS objects may be together: the smaller of what the operator and the project allow.
 *
 * @param whose the words that name the limit, and whom to ask for a larger one
 */
public record PackLimit(long bytes, Whose whose) {

    record Whose(String limit, String remedy) {}

    /** @param operatorBytes the operator's limit */
    public static PackLimit of(Project project, long operatorBytes) {
        Optional<PushLimits.PackSize> own =
                project.pushLimits().maxPackSize().filter(size -> size.bytes() <= operatorBytes);
        return own.map(size -> new PackLimit(
                        size.bytes(),
                        new Whose(
                                "the limit of " + size.written() + " of the project " + project.name()
                                        + " (spec.push.maxPackSize)",
                                "ask the project's owner to raise spec.push.maxPackSize, then retry")))
                .orElseGet(() -> new PackLimit(
                        operatorBytes,
                        new Whose(
                                "the operator's limit of " + operatorBytes / (1 << 20) + " MiB",
                                "ask the cluster administrator to raise SESSION_PUBLISH_MAX_PACK")));
    }

    /** @param what is too large, with its verb */
    RefusedException exceededBy(String what) {
        return new RefusedException(
                PushReason.PACK_TOO_LARGE,
                what + " larger than " + whose.limit
                        + " for a pack and its LFS objects together: publish less at once, or " + whose.remedy + ".");
    }
}
