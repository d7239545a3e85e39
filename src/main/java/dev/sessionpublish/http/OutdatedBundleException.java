package dev.sessionpublish.http;

import java.io.IOException;
import java.nio.file.Path;

/** A TLS handshake failed while a CA bundle's former content is in use, because the present one can't be loaded. */
final class OutdatedBundleException extends IOException {
    private static final long serialVersionUID = 1;

    private final String file;

    OutdatedBundleException(Path file, IOException cause) {
        super("the TLS handshake failed, and the CA bundle can't be loaded", cause);
        this.file = file.toString();
    }

    String file() {
        return file;
    }
}
