package dev.sessionpublish.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * Reads {@code Retry-After}, in seconds or as a date (RFC 9110 §10.2.3). A date is compared with the response's own
 * date, so that clock skew has no effect.
 */
public final class RetryAfter {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final long MOST_SECONDS = LONGEST.toSeconds();

    private RetryAfter() {}

    /**
     * @param header returns the value of a header of the response by its name
     * @return the wait, limited to between a second and a day; empty if the header is absent or invalid
     */
    public static Optional<Duration> in(Function<String, Optional<String>> header) {
        Optional<String> asked = header.apply(HttpHeaders.RETRY_AFTER).map(String::strip);
        return asked.filter(text -> text.matches("\\d+"))
                .map(RetryAfter::seconds)
                .or(() -> asked.flatMap(RetryAfter::time)
                        .map(then -> Duration.between(date(header).orElseGet(Instant::now), then)))
                .map(RetryAfter::bounded);
    }

    private static Duration seconds(String digits) {
        return Duration.ofSeconds(digits.length() > 9 ? MOST_SECONDS : Long.parseLong(digits));
    }

    /** The time of the response by the server's clock. */
    static Optional<Instant> date(Function<String, Optional<String>> header) {
        return header.apply(HttpHeaders.DATE).map(String::strip).flatMap(RetryAfter::time);
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Limits a wait to between a second and a day. */
    public static Duration bounded(Duration wait) {
        if (wait.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
