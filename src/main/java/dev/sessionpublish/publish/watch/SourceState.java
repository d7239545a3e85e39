package dev.sessionpublish.publish.watch;

/** A publish's source, as it was last seen. */
public enum SourceState {
    /** There is none, or the pod lacks the sandbox label. */
    UNKNOWN,
    /** It exists, a pod with the sandbox label. */
    NOT_READY,
    READY
}
