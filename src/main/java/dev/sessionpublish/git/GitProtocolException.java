package dev.sessionpublish.git;

import java.io.IOException;

/** The peer sent bytes that violate git's protocol documents or exceed our limits. */
public final class GitProtocolException extends IOException {
    private static final long serialVersionUID = 1;

    public GitProtocolException(String message) {
        super(message);
    }
}
