package dev.sessionpublish.outcome;

import java.time.Duration;
import java.util.Optional;

/**
 * A step failed. The message tells the user what to do. It must be cleaned and redacted before it is passed in (see
 * {@link SafeText} and {@link Redactor}), because it is copied to status, events and logs unchanged.
 */
public final class RefusedException extends Exception {
    private final Reason reason;
    private final transient Optional<Duration> retryAfter;

    public RefusedException(Reason reason, String message) {
        this(reason, message, Optional.empty());
    }

    /** @param retryAfter how long the server asked to wait; empty if it did not */
    public RefusedException(Reason reason, String message, Optional<Duration> retryAfter) {
        super(message);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    public Reason reason() {
        return reason;
    }

    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
