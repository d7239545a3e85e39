package dev.sessionpublish.outcome;

/** The part of a publish that a {@link Reason} first belongs to, in the order of the table in docs/reasons.md. */
public enum Stage {
    PROJECT,
    SOURCE,
    CONTENT,
    PUSH,
    PULL_REQUEST,
    ANY
}
