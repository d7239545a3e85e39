package dev.sessionpublish.http;

import java.io.IOException;

/** The proxy answered in place of the host: it made no tunnel. */
final class ProxyRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;

    ProxyRefusedException(int status) {
        super("the proxy answered CONNECT with " + status);
        this.status = status;
    }

    int status() {
        return status;
    }
}
