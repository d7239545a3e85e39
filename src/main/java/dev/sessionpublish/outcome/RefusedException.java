package dev.sessionpublish.outcome;

import java.time.Duration;
import java.util.Optional;

/**
 * A step that did not succeed, with the reason and a sentence a person can act on. The message has been cleaned and
 * redacted by whoever made it ({@link SafeText}, {@link Redactor}): it may go to status, events and logs as it is.
 */
public final class RefusedException extends Exception {
    private final Reason reason;
    private final transient Optional<Duration> retryAfter;

    public RefusedException(Reason reason, String message) {
        this(reason, message, Optional.empty());
    }

    /** @param retryAfter how long the other side asked us to wait, when it did */
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
