package dev.sessionpublish.embedded.cluster;

import java.time.Instant;
import java.util.List;

/**
 * A request and the code of its answer.
 *
 * @param argv the command of an exec as it was asked for; else empty
 */
public record AuditEntry(Instant time, ApiRequest request, int code, List<String> argv) {
    public String verb() {
        return request.verb();
    }

    public String path() {
        return request.path();
    }

    public String userAgent() {
        return request.userAgent();
    }
}
