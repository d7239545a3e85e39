package dev.sessionpublish.http;

import java.io.IOException;
import java.time.Duration;

/** A request was cancelled because it took too long, although the connection was not silent. */
public final class ExchangeTimeoutException extends IOException {
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final Duration limit;

    /** What took too long. */
    public enum Kind {
        /** The server accepted no part of the request's body. */
        UPLOAD,
        /** The server did not complete its response. */
        RESPONSE
    }

    public ExchangeTimeoutException(Kind kind, Duration limit, IOException cause) {
        super("the time limit of " + limit + " is exceeded (" + kind + ")", cause);
        this.kind = kind;
        this.limit = limit;
    }

    Kind kind() {
        return kind;
    }

    Duration limit() {
        return limit;
    }
}
