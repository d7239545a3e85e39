package dev.sessionpublish.forge;

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
 * Refuses calls with a credential whose rate limit at a host is exceeded, until the time that the forge named, for at
 * most an hour. Forges may block clients for longer if they continue to send requests. Thread-safe.
 *
 * @see <a href="https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api">GitHub</a>
 */
final class RateLimits {
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Clock clock;
    private final Map<Object, Instant> until = new HashMap<>();

    RateLimits(Clock clock) {
        this.clock = clock;
    }

    /**
     * Wraps a forge so that its calls are refused while the credential's rate limit is exceeded.
     *
     * @param account as of {@code Credential.account}
     */
    Forge enforce(Forge forge, Object account) {
        return new LimitedForge(forge, account);
    }

    private void requireNotExceeded(Object account) throws RefusedException {
        Instant now = clock.instant();
        Optional<Instant> end;
        synchronized (until) {
            until.values().removeIf(each -> !each.isAfter(now));
            end = Optional.ofNullable(until.get(account));
        }
        if (end.isPresent()) {
            throw new RefusedException(
                    SharedReason.RATE_LIMITED,
                    "The credential's rate limit at the forge is exceeded until " + end.get()
                            + ". The operator retries after that time.",
                    Optional.of(Duration.between(now, end.get())));
        }
    }

    private RefusedException recorded(Object account, RefusedException refusal) {
        if (refusal.reason() == SharedReason.RATE_LIMITED) {
            refusal.retryAfter()
                    .map(asked -> asked.compareTo(LONGEST) > 0 ? LONGEST : asked)
                    .map(clock.instant()::plus)
                    .ifPresent(end -> {
                        synchronized (until) {
                            until.merge(account, end, (a, b) -> a.isAfter(b) ? a : b);
                        }
                    });
        }
        return refusal;
    }

    private interface ForgeCall<T> {
        T run() throws RefusedException;
    }

    private final class LimitedForge implements Forge {
        private final Forge forge;
        private final Object account;

        private LimitedForge(Forge forge, Object account) {
            this.forge = forge;
            this.account = account;
        }

        private <T> T call(ForgeCall<T> call) throws RefusedException {
            requireNotExceeded(account);
            try {
                return call.run();
            } catch (RefusedException e) {
                throw recorded(account, e);
            }
        }

        @Override
        public RateLimit rateLimit() {
            return forge.rateLimit();
        }

        @Override
        public Repository repository() throws RefusedException {
            return call(forge::repository);
        }

        @Override
        public List<PullRequest> pullRequestsOf(String headBranch) throws RefusedException {
            return call(() -> forge.pullRequestsOf(headBranch));
        }

        @Override
        public Opened open(NewPullRequest request) throws RefusedException, PullRequestExistsException {
            requireNotExceeded(account);
            try {
                return forge.open(request);
            } catch (RefusedException e) {
                throw recorded(account, e);
            }
        }

        @Override
        public List<String> complete(int number, NewPullRequest request) throws RefusedException {
            return call(() -> forge.complete(number, request));
        }

        @Override
        public List<String> edit(int number, PullRequestEdit edit) throws RefusedException {
            return call(() -> forge.edit(number, edit));
        }

        @Override
        public PullRequest pullRequest(int number) throws RefusedException {
            return call(() -> forge.pullRequest(number));
        }

        @Override
        public Optional<String> identity() throws RefusedException {
            return call(forge::identity);
        }

        @Override
        public boolean contains(String descendant, String commit) throws RefusedException {
            return call(() -> forge.contains(descendant, commit));
        }

        @Override
        public Snapshots snapshots(List<PullRequestRef> refs) throws RefusedException {
            return call(() -> forge.snapshots(refs));
        }

        @Override
        public Optional<String> closedBy(int number) throws RefusedException {
            return call(() -> forge.closedBy(number));
        }

        @Override
        public void close(int number) throws RefusedException {
            call(() -> {
                forge.close(number);
                return number;
            });
        }
    }
}
