package dev.sessionpublish.http;

import java.io.IOException;

/** The proxy refused to open a tunnel to the host. */
final class ProxyRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;

    ProxyRefusedException(int status) {
        super("the proxy returned status " + status + " for CONNECT");
        this.status = status;
    }

    int status() {
        return status;
    }
}
