package dev.sessionpublish.publish;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lifecycle events of the push stage. */
final class PushEvents {
    private PushEvents() {}

    static Map<String, String> startedData(Attempt attempt) {
        return attempt.journal()
                .data(
                        "head-branch", attempt.draft().headBranch().orElse(""),
                        "force",
                                String.valueOf(
                                        Boolean.TRUE.equals(attempt.spec().force())));
    }

    static void tellStarted(Attempt attempt) {
        attempt.journal()
                .tell(
                        PublishEvent.GIT_PUSH_STARTED,
                        attempt.number(),
                        startedData(attempt),
                        "Pushing to " + attempt.draft().headBranch().orElse("") + " of "
                                + attempt.project().repository() + ".");
    }

    /** Also puts the success into the draft. */
    static void tellSucceeded(Attempt attempt, String commit, @Nullable Long bytes) {
        PublishStatus draft = attempt.draft();
        Map<String, String> data = attempt.journal()
                .data(
                        "head-branch", draft.headBranch().orElse(""),
                        "remote", attempt.project().repository().web(),
                        "commit", commit);
        draft.pushed(commit, bytes);
        attempt.journal()
                .tellAndNote(
                        PublishEvent.GIT_PUSH_SUCCEEDED,
                        attempt.number(),
                        data,
                        "The branch " + draft.headBranch().orElse("") + " of "
                                + attempt.project().repository() + " is at " + commit + ".");
    }
}
