package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.Push;
import dev.sessionpublish.api.v1alpha1.PushBuilder;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec.UncommittedChanges;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatusBuilder;
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
        assertThat(notes(WorkspaceNotes.workspace(checkout("a", "b", "c", "d")), null, null))
                .contains("(a, b, c, …)");
        assertThat(notes(WorkspaceNotes.workspace(checkout()), null, null)).isEmpty();
    }

    @Test
    void aMessageCountsTheFilesThatWereLeftOutAndSaysWhatPublishesThem() {
        assertThat(notes(uncommitted(2), null, null))
                .isEqualTo(
                        " Not published: 2 uncommitted files. To publish them, set spec.uncommittedChanges to Commit.");
        assertThat(notes(uncommitted(1), UncommittedChanges.Ignore, "2026-03-01T12:00:00Z"))
                .isEqualTo(
                        " Not published: 1 uncommitted file. To publish it, commit in the sandbox, then retry, or create a"
                                + " SessionPublish with spec.uncommittedChanges: Commit.");
    }

    @Test
    void whatWasPublishedWithTheCommitsWasNotLeftOut() {
        assertThat(notes(uncommitted(2), UncommittedChanges.Commit, null)).isEmpty();
        assertThat(notes(uncommitted(0), null, null)).isEmpty();
    }

    private static Workspace uncommitted(long files) {
        return new Workspace("work", HEAD.hex(), null, null, files, null);
    }

    private static String notes(Workspace workspace, UncommittedChanges policy, String pushStartedAt) {
        Push push = PushBuilder.builder().startedAt(pushStartedAt).build();
        return WorkspaceNotes.of(
                SessionPublishStatusBuilder.builder()
                        .workspace(workspace)
                        .push(push)
                        .build(),
                policy);
    }
}
