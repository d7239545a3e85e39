package dev.sessionpublish.forge.github;

import dev.sessionpublish.outcome.RefusedException;
import java.io.IOException;

/**
 * There is no answer to act on, on its way through the library: a plain {@link IOException}, because the library
 * sleeps and repeats a request, POSTs included, when it sees a socket's or a handshake's own exception.
 */
final class Unanswered extends IOException {
    private static final long serialVersionUID = 1;

    private final RefusedException refusal;

    Unanswered(RefusedException refusal) {
        super(refusal.getMessage());
        this.refusal = refusal;
    }

    RefusedException refusal() {
        return refusal;
    }
}
