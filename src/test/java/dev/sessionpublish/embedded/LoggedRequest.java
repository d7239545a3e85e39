package dev.sessionpublish.embedded;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** One request that a stand-in got; in the log from the moment its head was read, so its numbers may still grow. */
public final class LoggedRequest {
    private final String method;
    private final String path;
    private final String query;
    private final Map<String, List<String>> headers;
    private final AtomicLong bytesIn = new AtomicLong();
    private final AtomicLong bytesOut = new AtomicLong();
    private volatile int status;

    LoggedRequest(String method, String path, String query, Map<String, List<String>> headers) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
    }

    public String method() {
        return method;
    }

    /** As sent, not decoded. */
    public String path() {
        return path;
    }

    /** As sent, without the question mark; empty when there was none. */
    public String query() {
        return query;
    }

    /** Names in lower case; the credential is among them. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    /** Bytes of the request's body that were read, without the framing of chunks. */
    public long bytesIn() {
        return bytesIn.get();
    }

    /** Bytes of the answer's body that were written, without the framing of chunks. */
    public long bytesOut() {
        return bytesOut.get();
    }

    /** What was answered; 0 when nothing was, or not yet. */
    public int status() {
        return status;
    }

    void received(long bytes) {
        bytesIn.addAndGet(bytes);
    }

    void sent(long bytes) {
        bytesOut.addAndGet(bytes);
    }

    void answered(int code) {
        status = code;
    }

    @Override
    public String toString() {
        return method + " " + path + (query.isEmpty() ? "" : "?" + query) + " -> " + status;
    }
}
