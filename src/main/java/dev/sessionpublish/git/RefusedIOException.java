package dev.sessionpublish.git;

import dev.sessionpublish.outcome.RefusedException;
import java.io.IOException;

/** Carries a {@link RefusedException} through the HTTP client's response handler, which only allows I/O exceptions. */
public final class RefusedIOException extends IOException {
    private static final long serialVersionUID = 1;

    private final RefusedException refusal;

    public RefusedIOException(RefusedException refusal) {
        super(refusal);
        this.refusal = refusal;
    }

    /** A request whose response handler may throw {@link RefusedIOException}. */
    @FunctionalInterface
    public interface HttpRequest<T> {
        T send() throws IOException;
    }

    public static <T> T unwrap(HttpRequest<T> request) throws IOException, RefusedException {
        try {
            return request.send();
        } catch (RefusedIOException e) {
            throw e.refusal;
        }
    }
}
