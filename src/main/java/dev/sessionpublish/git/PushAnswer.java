package dev.sessionpublish.git;

import dev.sessionpublish.outcome.RefusedException;

/** What became of a push, when it wasn't clearly refused. */
public sealed interface PushAnswer {
    /** The remote reports that the branch was moved. */
    record Accepted() implements PushAnswer {}

    /**
     * The remote lacks objects that the pack builds on, or couldn't unpack it.
     *
     * @param otherwise what to say when the pack built on nothing but what was advertised
     */
    record ObjectsMissing(RefusedException otherwise) implements PushAnswer {}

    /**
     * Whether the branch was moved isn't known: it has to be looked at.
     *
     * @param otherwise what to say when it turns out unmoved
     */
    record Unsettled(RefusedException otherwise) implements PushAnswer {}
}
