package dev.sessionpublish.embedded;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request that the stand-in was sent, and what became of it.
 *
 * @param path without the query, and without {@code /api/v3}
 * @param query as sent, empty when there was none
 * @param headers by lower-case name
 * @param status of the answer; 0 when none was sent whole
 */
public record GitHubExchange(
        String method, String path, String query, Map<String, List<String>> headers, String body, int status) {

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))).map(values -> values.get(0));
    }

    /** {@code POST /repos/acme/web/pulls}. */
    public String line() {
        return method + " " + path;
    }
}
