package dev.sessionpublish.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A complete response of an API, of bounded size.
 *
 * @param headers by lower-case name; the first value of each
 */
public record Answer(int status, Map<String, String> headers, byte[] body) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int START = 200;

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** A header with a whole number of at most 12 digits; otherwise empty. */
    public Optional<Long> number(String name) {
        return header(name).filter(text -> text.matches("\\d{1,12}")).map(Long::valueOf);
    }

    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    public boolean isRedirect() {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /** The wait that the response requests; see {@link RetryAfter}. */
    public Optional<Duration> retryAfter() {
        return RetryAfter.in(this::header);
    }

    /** The time of the response by the server's clock. */
    public Optional<Instant> date() {
        return RetryAfter.date(this::header);
    }

    /** The first bytes of the body as text. */
    public String start() {
        return new String(body, 0, Math.min(body.length, START), StandardCharsets.UTF_8);
    }

    /** The body as JSON; a missing node if it is not JSON. */
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
