package dev.sessionpublish.outcome;

/** What happens after a {@link Reason}. */
public enum RetryClass {
    /** Nothing more until the spec, or what the reason names, changes. */
    PERMANENT,
    /** Permanent too, but the project or its Secret appearing or changing starts the publish again. */
    WAKES_ON_PROJECT,
    /** Permanent too, until the operator starts with the setting that it names. */
    WAKES_ON_SETTING,
    /** Tried again with growing delays until it succeeds, is mended or is deleted. */
    BACKOFF,
    /** Tried again one time; the second time it is permanent. */
    ONCE
}
