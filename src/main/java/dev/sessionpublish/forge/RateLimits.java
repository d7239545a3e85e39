package dev.sessionpublish.forge;

import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps a credential whose rate limit is used up at a host from asking on: until the time that the forge named, but for
 * at most an hour, every further call is refused as the forge would refuse it. Who goes on asking in that time may be
 * locked out for longer. Safe for many threads.
 *
 * @see <a href="https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api">GitHub</a>
 */
final class RateLimits {
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Clock clock;
    private final Map<Token, Instant> until = new HashMap<>();

    RateLimits(Clock clock) {
        this.clock = clock;
    }

    /** The same repository, asked only while the credential may. */
    Forge heed(Forge forge, Token token) {
        return new Heeding(forge, token);
    }

    private void requireLeave(Token token) throws RefusedException {
        Instant now = clock.instant();
        Optional<Instant> end;
        synchronized (until) {
            until.values().removeIf(each -> !each.isAfter(now));
            end = Optional.ofNullable(until.get(token));
        }
        if (end.isPresent()) {
            throw new RefusedException(
                    SharedReason.RATE_LIMITED,
                    "The forge has said that the rate limit of the credential is used up until " + end.get()
                            + ": it is not asked before.",
                    Optional.of(Duration.between(now, end.get())));
        }
    }

    private RefusedException heeded(Token token, RefusedException refusal) {
        if (refusal.reason() == SharedReason.RATE_LIMITED) {
            refusal.retryAfter()
                    .map(asked -> asked.compareTo(LONGEST) > 0 ? LONGEST : asked)
                    .map(clock.instant()::plus)
                    .ifPresent(end -> {
                        synchronized (until) {
                            until.merge(token, end, (a, b) -> a.isAfter(b) ? a : b);
                        }
                    });
        }
        return refusal;
    }

    private interface Call<T> {
        T run() throws RefusedException;
    }

    private final class Heeding implements Forge {
        private final Forge forge;
        private final Token token;

        private Heeding(Forge forge, Token token) {
            this.forge = forge;
            this.token = token;
        }

        private <T> T ask(Call<T> call) throws RefusedException {
            requireLeave(token);
            try {
                return call.run();
            } catch (RefusedException e) {
                throw heeded(token, e);
            }
        }

        @Override
        public RateLimit rateLimit() {
            return forge.rateLimit();
        }

        @Override
        public Repository repository() throws RefusedException {
            return ask(forge::repository);
        }

        @Override
        public List<PullRequest> pullRequestsOf(String headBranch) throws RefusedException {
            return ask(() -> forge.pullRequestsOf(headBranch));
        }

        @Override
        public Opened open(NewPullRequest request) throws RefusedException, PullRequestExistsException {
            requireLeave(token);
            try {
                return forge.open(request);
            } catch (RefusedException e) {
                throw heeded(token, e);
            }
        }

        @Override
        public List<String> complete(int number, NewPullRequest request) throws RefusedException {
            return ask(() -> forge.complete(number, request));
        }

        @Override
        public PullRequest pullRequest(int number) throws RefusedException {
            return ask(() -> forge.pullRequest(number));
        }

        @Override
        public void close(int number) throws RefusedException {
            ask(() -> {
                forge.close(number);
                return number;
            });
        }
    }
}
