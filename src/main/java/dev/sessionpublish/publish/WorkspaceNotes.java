package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.ObservedSource;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec.UncommittedChanges;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.Workspace;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.SandboxContainer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What status and message say of a checkout. */
final class WorkspaceNotes {
    private static final int BRANCH_BYTES = 1_000;
    private static final int SUBMODULE_BYTES = 300;
    private static final int SUBMODULES_NAMED = 3;

    private WorkspaceNotes() {}

    static ObservedSource source(SandboxContainer container, String directory) {
        return new ObservedSource(container.podName(), container.podUid(), container.container(), directory);
    }

    static Workspace workspace(Checkout checkout) {
        boolean complete = !checkout.shallow();
        List<String> submodules = checkout.unpushedSubmodules().stream()
                .map(path -> SafeText.line(path, SUBMODULE_BYTES))
                .distinct() // once cleaned, two paths can be the same, and the API server refuses a set with duplicates
                .toList();
        return new Workspace(
                checkout.branch().map(name -> SafeText.line(name, BRANCH_BYTES)).orElse(null),
                checkout.head().hex(),
                complete && checkout.ahead().isPresent() ? checkout.ahead().getAsLong() : null,
                complete && checkout.behind().isPresent() ? checkout.behind().getAsLong() : null,
                checkout.uncommittedFiles(),
                submodules.isEmpty() ? null : submodules);
    }

    /**
     * Sentences, each after a space, about work that was not sent; empty when there is none.
     *
     * @param policy of the spec; null is the default
     */
    static String of(SessionPublishStatus status, @Nullable UncommittedChanges policy) {
        Workspace workspace = status.workspace();
        if (workspace == null) {
            return "";
        }
        boolean ignored = policy == null || policy == UncommittedChanges.Ignore;
        return (ignored ? uncommitted(workspace, isFixed(status)) : "") + submodules(workspace);
    }

    /** Whether the API server refuses another policy: from the first push on. */
    private static boolean isFixed(SessionPublishStatus status) {
        return status.push() != null && status.push().startedAt() != null;
    }

    private static String uncommitted(Workspace workspace, boolean fixed) {
        long files = Objects.requireNonNullElse(workspace.uncommittedFiles(), 0L);
        return files == 0
                ? ""
                : " Not published: " + files + " uncommitted " + (files == 1 ? "file" : "files")
                        + ". To publish " + (files == 1 ? "it" : "them")
                        + (fixed
                                ? ", commit in the sandbox, then retry, or create a SessionPublish with"
                                        + " spec.uncommittedChanges: Commit."
                                : ", set spec.uncommittedChanges to Commit.");
    }

    private static String submodules(Workspace workspace) {
        List<String> submodules = Objects.requireNonNullElse(workspace.unpushedSubmodules(), List.of());
        return submodules.isEmpty()
                ? ""
                : " Not sent: commits of submodules that exist only in the sandbox ("
                        + String.join(", ", submodules.subList(0, Math.min(SUBMODULES_NAMED, submodules.size())))
                        + (submodules.size() > SUBMODULES_NAMED ? ", …" : "")
                        + "). Push them to the submodules' own repositories.";
    }
}
