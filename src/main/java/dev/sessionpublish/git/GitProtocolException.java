package dev.sessionpublish.git;

import java.io.IOException;

/** Bytes that are not what git's protocol documents allow, or more of them than we take. */
public final class GitProtocolException extends IOException {
    private static final long serialVersionUID = 1;

    public GitProtocolException(String message) {
        super(message);
    }
}
