package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.Workspace;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.CheckoutBuilder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkspaceNotesTest {
    private static final ObjectId HEAD = new ObjectId("a".repeat(40));

    private static Checkout checkout(String... submodules) {
        return CheckoutBuilder.builder()
                .branch(Optional.of("work"))
                .head(HEAD)
                .commit(HEAD)
                .tree(HEAD)
                .newest(List.of())
                .operations(List.of())
                .locks(List.of())
                .lfsObjects(List.of())
                .unpushedSubmodules(List.of(submodules))
                .build();
    }

    /** The API server refuses a set with duplicates, and would refuse every status of the publish. */
    @Test
    void submodulesWhosePathsDifferOnlyInvisiblyAreListedOnce() {
        Workspace workspace = WorkspaceNotes.workspace(checkout("lib", "lib\u200B", "other"));

        assertThat(workspace.unpushedSubmodules()).containsExactly("lib", "other");
    }

    @Test
    void aMessageNamesThreeSubmodules() {
        assertThat(WorkspaceNotes.of(WorkspaceNotes.workspace(checkout("a", "b", "c", "d"))))
                .contains("(a, b, c, …)");
        assertThat(WorkspaceNotes.of(WorkspaceNotes.workspace(checkout()))).isEmpty();
    }
}
