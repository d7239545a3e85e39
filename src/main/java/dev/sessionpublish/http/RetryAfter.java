package dev.sessionpublish.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * How long an answer asks to wait: {@code Retry-After}, in seconds or as a date (RFC 9110 §10.2.3). A date is counted from
 * the answer's own, so that a clock that is wrong on either side changes nothing.
 */
public final class RetryAfter {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final long MOST_SECONDS = LONGEST.toSeconds();

    private RetryAfter() {}

    /**
     * @param header the value of a header of the answer, by its name
     * @return empty when nothing is asked that can be read; else between a second and a day
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

    /** When the answer was made, by the clock of who made it. */
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

    /** A wait that is asked for, made no shorter than a second and no longer than a day. */
    public static Duration bounded(Duration wait) {
        if (wait.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
