package dev.sessionpublish.forge.github;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.http.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.kohsuke.github.connector.GitHubConnectorRequest;

/**
 * Requests that the library has no method for: several fields at once, removals with a body, and GraphQL. They are sent
 * the way the library's are, and fail as those do.
 *
 * @param api the root of the REST API, such as {@code https://api.github.com} or {@code https://HOST/api/v3}
 */
record DirectRequests(URI api, GitHubRequests sender) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * @param path below the root of the API, percent-encoded
     * @param body null for none
     * @throws ErrorAnswerException for every status but 2xx
     */
    Answer send(String method, String path, @Nullable Object body) throws IOException {
        return exchange(method, api + path, body);
    }

    /** Who closed a pull request. The REST API reports it for the issue that each pull request is. */
    Optional<String> closedBy(String canonical, int number) throws IOException {
        JsonNode issue =
                send("GET", "/repos/" + canonical + "/issues/" + number, null).json();
        return Optional.ofNullable(issue.path("closed_by").path("login").textValue());
    }

    /**
     * Sends a query or mutation. GitHub answers most failures with status 200 and {@code errors}, which are the caller's
     * to read.
     *
     * @throws ErrorAnswerException for every status but 2xx
     * @see <a href="https://docs.github.com/en/graphql/guides/forming-calls-with-graphql">Forming calls</a>
     */
    Answer graphQl(String query, Map<String, ?> variables) throws IOException {
        return exchange("POST", graphQlUrl(), Map.of("query", query, "variables", variables));
    }

    /** GitHub Enterprise has it beside the REST API: {@code https://HOST/api/graphql}. */
    private String graphQlUrl() {
        return api.toString().replaceFirst("/v3/?$", "").replaceFirst("/$", "") + "/graphql";
    }

    private Answer exchange(String method, String url, @Nullable Object body) throws IOException {
        byte[] bytes = body == null ? new byte[0] : bytes(body);
        return sender.send(new Request(method, url(url), bytes)).answer();
    }

    private static byte[] bytes(Object body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a body that is no JSON", e);
        }
    }

    private static URL url(String text) {
        try {
            return URI.create(text).toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("the API has no https URL", e);
        }
    }

    private record Request(String method, URL url, byte[] content) implements GitHubConnectorRequest {
        @Override
        public Map<String, List<String>> allHeaders() {
            return Map.of("Accept", List.of("application/vnd.github+json"));
        }

        @Override
        public @Nullable String header(String name) {
            List<String> values = allHeaders().get(name);
            return values == null ? null : values.get(0);
        }

        @Override
        public String contentType() {
            return "application/json";
        }

        @Override
        public @Nullable InputStream body() {
            return hasBody() ? new ByteArrayInputStream(content) : null;
        }

        @Override
        public boolean hasBody() {
            return content.length > 0;
        }
    }
}
