package dev.sessionpublish.forge.github;

import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.RetryAfter;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Recognizes responses to an exceeded primary or secondary rate limit.
 *
 * @see <a href="https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api">Rate limits</a>
 */
record GitHubRateLimits(GitHubQuotes quotes, Clock clock) {
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(60);

    /** The limit that a response reports. Some have none, such as those of a gateway. */
    static Optional<Forge.RateLimit> reported(Answer answer) {
        Optional<Long> remaining = answer.number("X-RateLimit-Remaining");
        Optional<Long> limit = answer.number("X-RateLimit-Limit");
        Optional<Long> reset = answer.number("X-RateLimit-Reset");
        return remaining.isPresent() && limit.isPresent() && reset.isPresent()
                ? Optional.of(new Forge.RateLimit(
                        (int) Math.min(remaining.get(), Integer.MAX_VALUE),
                        (int) Math.min(limit.get(), Integer.MAX_VALUE),
                        reset.get()))
                : Optional.empty();
    }

    boolean isExceeded(GitHubError error) {
        return switch (error.status()) {
            case 429 -> true;
            case 403 ->
                error.header("Retry-After").isPresent()
                        || isUsedUp(error)
                        || error.says("secondary rate limit")
                        || error.says("abuse detection")
                        || error.says("rate limit exceeded")
                        || error.says("login attempts exceeded");
            case 422 -> error.says("submitted too quickly");
            default -> false;
        };
    }

    RefusedException refusal(GitHubError error) {
        Duration wait = error.answer().retryAfter().or(() -> untilReset(error)).orElse(DEFAULT_WAIT);
        return new RefusedException(
                SharedReason.RATE_LIMITED,
                "GitHub's rate limit for the token is exceeded. The operator retries in " + wait.toSeconds()
                        + " seconds." + quotes.suffix(error),
                Optional.of(wait));
    }

    private static boolean isUsedUp(GitHubError error) {
        return error.header("x-ratelimit-remaining").equals(Optional.of("0"));
    }

    private Optional<Duration> untilReset(GitHubError error) {
        if (!isUsedUp(error)) {
            return Optional.empty();
        }
        long now = error.answer().date().orElseGet(clock::instant).getEpochSecond();
        return error.answer()
                .number("x-ratelimit-reset")
                .map(epoch -> Duration.ofSeconds(epoch - now + 1))
                .map(RetryAfter::bounded);
    }
}
