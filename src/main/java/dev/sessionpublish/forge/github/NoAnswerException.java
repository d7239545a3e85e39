package dev.sessionpublish.forge.github;

import dev.sessionpublish.outcome.RefusedException;
import java.io.IOException;

/**
 * A request without a usable response. It is a plain {@link IOException}, because the library waits and repeats
 * requests, even POSTs, on socket and handshake exceptions.
 */
final class NoAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    private final RefusedException refusal;

    NoAnswerException(RefusedException refusal) {
        super(refusal.getMessage());
        this.refusal = refusal;
    }

    RefusedException refusal() {
        return refusal;
    }
}
