package dev.sessionpublish.outcome;

/** How a failure with a {@link Reason} is retried. */
public enum RetryClass {
    /** Not retried until the spec changes. */
    PERMANENT,
    /** Not retried until the spec, the project or its Secret changes. */
    WAKES_ON_PROJECT,
    /** Not retried until the spec changes or the pod gets the sandbox label. */
    WAKES_ON_SOURCE,
    /** Not retried until the spec changes or the operator restarts with a different setting. */
    WAKES_ON_SETTING,
    /** Retried with exponential backoff. */
    BACKOFF,
    /** Retried once. */
    ONCE
}
