package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.ObservedSource;
import dev.sessionpublish.api.v1alpha1.Workspace;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.SandboxContainer;
import java.util.List;
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

    /** A sentence, after a space, about work that was not sent; empty when there is none. */
    static String of(@Nullable Workspace workspace) {
        List<String> submodules = workspace == null || workspace.unpushedSubmodules() == null
                ? List.of()
                : workspace.unpushedSubmodules();
        return submodules.isEmpty()
                ? ""
                : " Not sent: commits of submodules that exist only in the sandbox ("
                        + String.join(", ", submodules.subList(0, Math.min(SUBMODULES_NAMED, submodules.size())))
                        + (submodules.size() > SUBMODULES_NAMED ? ", …" : "")
                        + "). Push them to the submodules' own repositories.";
    }
}
