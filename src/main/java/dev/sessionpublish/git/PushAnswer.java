package dev.sessionpublish.git;

import dev.sessionpublish.outcome.RefusedException;

/** The outcome of a push that the remote did not definitely reject. */
public sealed interface PushAnswer {
    /** The remote reports that it updated the branch. */
    record Accepted() implements PushAnswer {}

    /**
     * The remote lacks objects that the pack builds on, or could not unpack it.
     *
     * @param otherwise the failure to report if the pack built only on advertised commits
     * @param certain whether the remote names missing objects as the cause
     */
    record ObjectsMissing(RefusedException otherwise, boolean certain) implements PushAnswer {}

    /**
     * It is unknown whether the branch was updated. The caller must read the branch.
     *
     * @param otherwise the failure to report if the branch was not updated
     */
    record Unsettled(RefusedException otherwise) implements PushAnswer {}
}
