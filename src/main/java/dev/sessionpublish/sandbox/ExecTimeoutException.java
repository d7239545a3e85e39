package dev.sessionpublish.sandbox;

import java.io.IOException;

/** An exec has taken longer than it may. */
final class ExecTimeoutException extends IOException {
    private static final long serialVersionUID = 1;

    ExecTimeoutException() {
        super("the time for the exec is used up");
    }
}
