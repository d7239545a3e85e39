package dev.sessionpublish.http;

import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.util.Optional;
import java.util.Set;

/**
 * What the operator proves its rights to a forge with: a {@link Token} that a user has stored, or one that the forge issues
 * on request and that expires.
 */
public interface Credential {
    /** The answers of a forge to a token that is revoked, or whose rights have changed since it was issued. */
    Set<Reason> MAY_BE_OUTDATED = Set.of(SharedReason.AUTH, SharedReason.FORBIDDEN, SharedReason.NOT_FOUND);

    /**
     * The token for a request that is sent now. An expiring token is valid for five more minutes.
     *
     * @throws RefusedException if the forge issues no token
     */
    Token token() throws RefusedException;

    /** Records that the forge rejects this token, so that {@link #token} does not return it again if there is another. */
    void rejected(Token token);

    /** Equal for credentials that share a rate limit. */
    Object account();

    /** Redacts every token of this credential, including those that are issued later. */
    Redactor redactor();

    /** The login under which the forge records what is done with this credential, where that is known without a request. */
    default Optional<String> login() throws RefusedException {
        return Optional.empty();
    }

    /** A request with a token. */
    @FunctionalInterface
    interface Request<T, E extends Exception> {
        T with(Token token) throws RefusedException, E;
    }

    /** Sends a request, and sends it once more if the forge rejects the token and this credential has another. */
    default <T, E extends Exception> T send(Request<T, E> request) throws RefusedException, E {
        Token token = token();
        try {
            return request.with(token);
        } catch (RefusedException e) {
            if (!MAY_BE_OUTDATED.contains(e.reason())) {
                throw e;
            }
            return request.with(another(token, e));
        }
    }

    /**
     * Sends a request that can't be sent twice. If the forge rejects the token and this credential has another, the refusal
     * is one that is retried.
     */
    default <T, E extends Exception> T sendOnce(Request<T, E> request) throws RefusedException, E {
        Token token = token();
        try {
            return request.with(token);
        } catch (RefusedException e) {
            if (e.reason() != SharedReason.AUTH) {
                throw e;
            }
            another(token, e);
            throw new RefusedException(
                    SharedReason.SERVER_ERROR,
                    "The forge rejected a token that it had issued itself. The operator retries with a new one.");
        }
    }

    /**
     * @return a token that the forge has not rejected
     * @throws RefusedException {@code why} if there is none; the forge's refusal if it issues none
     */
    private Token another(Token rejected, RefusedException why) throws RefusedException {
        rejected(rejected);
        Token next = token();
        if (next.equals(rejected)) {
            throw why;
        }
        return next;
    }
}
