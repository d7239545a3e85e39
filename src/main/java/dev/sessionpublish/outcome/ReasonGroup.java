package dev.sessionpublish.outcome;

/** The part of a publish in which a {@link Reason} first occurs, in the order of the table in docs/reasons.md. */
public enum ReasonGroup {
    PROJECT,
    SOURCE,
    CONTENT,
    PUSH,
    PULL_REQUEST,
    ANY
}
