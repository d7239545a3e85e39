package dev.sessionpublish.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * What an API answered, whole and bounded.
 *
 * @param headers by lower-case name, the first of each
 */
public record Answer(int status, Map<String, String> headers, byte[] body) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofHours(24);

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** A header that is a whole number of at most 12 digits; empty when it is none. */
    public Optional<Long> number(String name) {
        return header(name).filter(text -> text.matches("\\d{1,12}")).map(Long::valueOf);
    }

    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    public boolean isRedirect() {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /**
     * What {@code Retry-After} says, in seconds or as a date (RFC 9110 §10.2.3), between a second and a day. A date is
     * counted from the answer's own, so that a clock that is wrong on either side changes nothing.
     */
    public Optional<Duration> retryAfter() {
        return number(HttpHeaders.RETRY_AFTER)
                .map(Duration::ofSeconds)
                .or(() -> time(HttpHeaders.RETRY_AFTER)
                        .map(then -> Duration.between(date().orElseGet(Instant::now), then)))
                .map(Answer::bounded);
    }

    /** When it was made, by the clock of who made it. */
    public Optional<Instant> date() {
        return time(HttpHeaders.DATE);
    }

    private Optional<Instant> time(String name) {
        try {
            return header(name).map(text -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip(), Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A wait that an API asks for, made no shorter than a second and no longer than a day. */
    public static Duration bounded(Duration wait) {
        if (wait.compareTo(SHORTEST_WAIT) < 0) {
            return SHORTEST_WAIT;
        }
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    /** The body as JSON; a missing node when it is none. */
    public JsonNode json() {
        try {
            JsonNode parsed = JSON.readTree(body);
            return parsed == null ? MissingNode.getInstance() : parsed;
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }
}
