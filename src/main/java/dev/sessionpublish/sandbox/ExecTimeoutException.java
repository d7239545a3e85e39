package dev.sessionpublish.sandbox;

import java.io.IOException;

/** An exec exceeded its time limit. */
final class ExecTimeoutException extends IOException {
    private static final long serialVersionUID = 1;

    ExecTimeoutException() {
        super("the exec exceeded its time limit");
    }
}
