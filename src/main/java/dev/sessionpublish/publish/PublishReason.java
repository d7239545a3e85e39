package dev.sessionpublish.publish;

import static dev.sessionpublish.outcome.ReasonGroup.CONTENT;
import static dev.sessionpublish.outcome.ReasonGroup.PROJECT;
import static dev.sessionpublish.outcome.ReasonGroup.PUSH;
import static dev.sessionpublish.outcome.ReasonGroup.SOURCE;
import static dev.sessionpublish.outcome.RetryClass.PERMANENT;
import static dev.sessionpublish.outcome.RetryClass.WAKES_ON_PROJECT;
import static dev.sessionpublish.outcome.RetryClass.WAKES_ON_SETTING;

import dev.sessionpublish.forge.AppReason;
import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.ReasonGroup;
import dev.sessionpublish.outcome.RetryClass;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.ProjectReason;
import dev.sessionpublish.sandbox.SandboxReason;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The reasons that only a publish can have. */
public enum PublishReason implements Reason {
    PROTECTED_BRANCH(
            PROJECT,
            PERMANENT,
            "The head branch is the base branch, the project's default branch, or one of its protectedBranches.",
            "Choose another headBranch, or leave it out and let one be generated."),
    PUSH_DISABLED(
            PROJECT,
            WAKES_ON_PROJECT,
            "The project's push.enabled is false.",
            "Ask the project's owner to set push.enabled to true, or publish to another project."),
    FORCE_FORBIDDEN(
            PROJECT,
            WAKES_ON_PROJECT,
            "The publish sets force, and the project's push.force is Forbidden, or it is Restricted and who started the publish is not known to have the verb force-push on the project.",
            "Leave force out, in a new SessionPublish once this one has pushed. Or ask the project's owner to allow it, or a user with the verb force-push to start the publish again."),
    PUBLISHING_DISABLED(
            PROJECT,
            WAKES_ON_SETTING,
            "Publishing is disabled in the operator. The publish passed all checks before the push.",
            "No action. The publish continues when the cluster administrator sets SESSION_PUBLISH_PUBLISHING_ENABLED to true."),
    COMMIT_MOVED(
            SOURCE,
            PERMANENT,
            "HEAD is no longer the commit that spec.commit pins.",
            "Set commit to the new HEAD after you have looked at it, or leave it out."),
    UNCOMMITTED_CHANGES(
            CONTENT,
            PERMANENT,
            "The working tree has uncommitted changes and uncommittedChanges is Fail.",
            "Commit or discard the changes in the sandbox, or set uncommittedChanges to Ignore or Commit."),
    OPERATION_IN_PROGRESS(
            CONTENT,
            PERMANENT,
            "A merge, rebase, cherry-pick or similar operation is unfinished in the checkout.",
            "Finish or abort the operation in the sandbox, then retry."),
    TOO_MANY_FILES(
            CONTENT,
            WAKES_ON_PROJECT,
            "The work changes more files than the project's push.maxChangedFiles allows, or the sandbox's git can't count them.",
            "Remove what does not belong to the work from the commits, or publish it in parts. Or ask the project's owner to raise push.maxChangedFiles."),
    STATUS_REFUSED(
            PUSH,
            PERMANENT,
            "The API server refuses the status that must be stored before the push. Nothing is pushed.",
            "Report the message as a bug, unless the CRDs are older than the operator: then update them and retry.");

    /** Every reason that a publish can end or wait with, in the order of docs/reasons.md. */
    public static final List<Reason> ALL = Stream.<Reason[]>of(
                    ProjectReason.values(),
                    AppReason.values(),
                    SharedReason.values(),
                    values(),
                    SandboxReason.values(),
                    PullRequestReason.values(),
                    PushReason.values())
            .flatMap(Stream::of)
            .sorted(Comparator.comparing(Reason::group))
            .toList();

    private final Meaning meaning;

    PublishReason(ReasonGroup group, RetryClass retryClass, String when, String remedy) {
        this.meaning = new Meaning(group, retryClass, when, remedy);
    }

    /** The reason with this {@link #code}; empty for null and for an unknown code. */
    public static Optional<Reason> ofCode(@Nullable String code) {
        return ALL.stream().filter(each -> each.code().equals(code)).findFirst();
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
