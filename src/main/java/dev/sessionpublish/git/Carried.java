package dev.sessionpublish.git;

import dev.sessionpublish.outcome.RefusedException;
import java.io.IOException;

/** Carries a {@link RefusedException} through the HTTP client's response handler, which only allows I/O exceptions. */
public final class Carried extends IOException {
    private static final long serialVersionUID = 1;

    private final RefusedException refusal;

    public Carried(RefusedException refusal) {
        super(refusal);
        this.refusal = refusal;
    }

    /** A request whose response handler may throw {@link Carried}. */
    @FunctionalInterface
    public interface Request<T> {
        T send() throws IOException;
    }

    public static <T> T through(Request<T> request) throws IOException, RefusedException {
        try {
            return request.send();
        } catch (Carried e) {
            throw e.refusal;
        }
    }
}
