package dev.sessionpublish.sandbox;

import java.io.IOException;
import java.time.Duration;

/** An exec exceeded one of its {@link ExecLimits}. */
final class ExecTimeoutException extends IOException {
    private static final long serialVersionUID = 1;

    private final Limit limit;
    private final Duration duration;

    /** What was waited for when the limit was exceeded. */
    enum Limit {
        HEADER,
        CHAIN,
        SILENCE,
        WHOLE
    }

    ExecTimeoutException(Limit limit, Duration duration) {
        super("the exec exceeded its time limit");
        this.limit = limit;
        this.duration = duration;
    }

    Limit limit() {
        return limit;
    }

    /** The value of the limit. */
    Duration duration() {
        return duration;
    }
}
