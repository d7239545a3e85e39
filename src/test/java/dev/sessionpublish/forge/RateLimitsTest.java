package dev.sessionpublish.forge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Token TOKEN = new Token("a");

    private final Ticking clock = new Ticking();
    private final RateLimits limits = new RateLimits(clock);
    private final Limiting asked = new Limiting();

    @Test
    void nothingIsAskedUntilTheTimeThatTheForgeNamed() throws Exception {
        asked.answer = limited(Duration.ofSeconds(30));
        Forge one = limits.enforce(asked, TOKEN);
        assertThat(refusal(one).retryAfter()).contains(Duration.ofSeconds(30));
        asked.answer = Optional.empty();

        clock.now = START.plusSeconds(10);
        RefusedException refusal = refusal(limits.enforce(asked, TOKEN));
        assertThat(refusal.reason()).isEqualTo(SharedReason.RATE_LIMITED);
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(20));
        assertThat(refusal).hasMessageContaining("until 2026-01-01T00:00:30Z");
        assertThat(asked.calls).isEqualTo(1);

        clock.now = START.plusSeconds(30);
        one.close(1);
        assertThat(asked.calls).isEqualTo(2);
    }

    @Test
    void anotherCredentialGoesOnAsking() throws Exception {
        asked.answer = limited(Duration.ofSeconds(30));
        refusal(limits.enforce(asked, TOKEN));
        asked.answer = Optional.empty();

        limits.enforce(asked, new Token("b")).close(1);

        assertThat(asked.calls).isEqualTo(2);
    }

    @Test
    void otherRefusalsKeepNobodyFromAsking() {
        asked.answer = Optional.of(
                new RefusedException(SharedReason.SERVER_ERROR, "down", Optional.of(Duration.ofSeconds(30))));
        refusal(limits.enforce(asked, TOKEN));
        refusal(limits.enforce(asked, TOKEN));

        assertThat(asked.calls).isEqualTo(2);
    }

    @Test
    void whatIsAskedForInErrorEndsAfterAnHour() throws Exception {
        asked.answer = limited(Duration.ofDays(1));
        refusal(limits.enforce(asked, TOKEN));
        asked.answer = Optional.empty();

        clock.now = START.plusSeconds(3_600);
        limits.enforce(asked, TOKEN).close(1);

        assertThat(asked.calls).isEqualTo(2);
    }

    private static Optional<RefusedException> limited(Duration wait) {
        return Optional.of(new RefusedException(SharedReason.RATE_LIMITED, "wait", Optional.of(wait)));
    }

    private static RefusedException refusal(Forge forge) {
        return catchThrowableOfType(RefusedException.class, () -> forge.close(1));
    }

    private static final class Ticking extends Clock {
        private Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** Answers every call alike, and counts them. */
    private static final class Limiting implements Forge {
        private Optional<RefusedException> answer = Optional.empty();
        private int calls;

        private void call() throws RefusedException {
            calls++;
            if (answer.isPresent()) {
                throw answer.get();
            }
        }

        @Override
        public Repository repository() throws RefusedException {
            call();
            return new Repository("acme/web", "main", Condition.ACTIVE, true, true, RateLimit.UNKNOWN);
        }

        @Override
        public List<PullRequest> pullRequestsOf(String headBranch) throws RefusedException {
            call();
            return List.of();
        }

        @Override
        public Opened open(NewPullRequest request) throws RefusedException {
            call();
            return new Opened(pullRequest(1), List.of());
        }

        @Override
        public List<String> complete(int number, NewPullRequest request) throws RefusedException {
            call();
            return List.of();
        }

        @Override
        public List<String> edit(int number, PullRequestEdit edit) throws RefusedException {
            call();
            return List.of();
        }

        @Override
        public PullRequest pullRequest(int number) throws RefusedException {
            call();
            return new PullRequest(
                    number,
                    "https://github.com/acme/web/pull/1",
                    State.OPEN,
                    false,
                    "a",
                    "main",
                    "0",
                    new Description("", ""));
        }

        @Override
        public Optional<String> identity() throws RefusedException {
            call();
            return Optional.empty();
        }

        @Override
        public boolean contains(String descendant, String commit) throws RefusedException {
            call();
            return false;
        }

        @Override
        public Snapshots snapshots(List<PullRequestRef> refs) throws RefusedException {
            call();
            return new Snapshots(Map.of(), Map.of(), Optional.empty(), RateLimit.UNKNOWN);
        }

        @Override
        public Optional<String> closedBy(int number) throws RefusedException {
            call();
            return Optional.empty();
        }

        @Override
        public void close(int number) throws RefusedException {
            call();
        }
    }
}
