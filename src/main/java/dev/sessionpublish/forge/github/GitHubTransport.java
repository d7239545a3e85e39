package dev.sessionpublish.forge.github;

import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.RestApi;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.kohsuke.github.connector.GitHubConnector;
import org.kohsuke.github.connector.GitHubConnectorRequest;
import org.kohsuke.github.connector.GitHubConnectorResponse;

/**
 * Sends the library's requests to one host. Only the GET of a repository follows redirects, at most {@value
 * #MOST_REDIRECTS} and only below the API's root; only this GET is conditional. Every failure and error response is an
 * exception: {@link NoAnswerException} or {@link ErrorAnswerException}.
 */
public final class GitHubTransport implements GitHubConnector {
    private static final int MOST_REDIRECTS = 3;
    private static final Pattern REPOSITORY = Pattern.compile(".*/(repos/[^/?]+/[^/?]+|repositories/[^/?]+)");

    private final RestApi api;
    private final EtagCache etags = new EtagCache();

    public GitHubTransport(RestApi api) {
        this.api = api;
    }

    @Override
    public ConnectorResponse send(GitHubConnectorRequest request) throws IOException {
        URI uri = URI.create(request.url().toString());
        boolean repository = request.method().equals("GET")
                && REPOSITORY.matcher(uri.toString()).matches();
        Answer answer = repository ? conditional(request, uri) : exchange(request, uri, Optional.empty());
        for (int hops = 0; repository && answer.isRedirect() && hops < MOST_REDIRECTS; hops++) {
            uri = target(uri, answer);
            answer = conditional(request, uri);
        }
        if (!answer.isSuccess()) {
            throw new ErrorAnswerException(answer);
        }
        return new ConnectorResponse(request, answer);
    }

    /**
     * Sends a query to GraphQL, whose URL is {@code /graphql} on api.github.com and {@code /api/graphql} on GitHub
     * Enterprise. Returns any response.
     *
     * @see <a href="https://docs.github.com/en/graphql/guides/forming-calls-with-graphql">Forming calls</a>
     */
    Answer query(Token token, byte[] body) throws RefusedException {
        String root = api.root().toString();
        HttpUriRequestBase http =
                new HttpUriRequestBase("POST", URI.create(root.replaceFirst("/api/v3$", "/api") + "/graphql"));
        http.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token.value());
        http.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
        return api.exchange(http);
    }

    private Answer conditional(GitHubConnectorRequest request, URI uri) throws IOException {
        String authorization =
                Optional.ofNullable(request.header(HttpHeaders.AUTHORIZATION)).orElse("");
        String key = EtagCache.key(authorization, uri.toString());
        Optional<EtagCache.CachedAnswer> kept = etags.get(key);
        Answer answer = exchange(request, uri, kept.map(EtagCache.CachedAnswer::etag));
        if (answer.status() == 304 && kept.isPresent()) {
            return new Answer(200, answer.headers(), kept.get().body());
        }
        etags.put(key, answer);
        return answer;
    }

    private URI target(URI from, Answer redirect) throws NoAnswerException {
        try {
            return api.target(from, redirect);
        } catch (RefusedException e) {
            throw new NoAnswerException(e);
        }
    }

    private Answer exchange(GitHubConnectorRequest request, URI uri, Optional<String> etag) throws IOException {
        HttpUriRequestBase http = new HttpUriRequestBase(request.method(), uri);
        request.allHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)) {
                values.forEach(value -> http.addHeader(name, value));
            }
        });
        etag.ifPresent(known -> http.setHeader(HttpHeaders.IF_NONE_MATCH, known));
        InputStream body = request.body();
        if (body != null) {
            http.setEntity(new ByteArrayEntity(body.readAllBytes(), ContentType.APPLICATION_JSON));
        }
        try {
            return api.exchange(http);
        } catch (RefusedException e) {
            throw new NoAnswerException(e);
        }
    }

    /** A successful response in the library's form. */
    static final class ConnectorResponse extends GitHubConnectorResponse {
        private final Answer answer;

        private ConnectorResponse(GitHubConnectorRequest request, Answer answer) {
            super(request, answer.status(), lists(answer.headers()));
            this.answer = answer;
        }

        private static Map<String, List<String>> lists(Map<String, String> headers) {
            Map<String, List<String>> lists = new HashMap<>();
            headers.forEach((name, value) -> lists.put(name, List.of(value)));
            return lists;
        }

        Answer answer() {
            return answer;
        }

        @Override
        public InputStream bodyStream() {
            return new ByteArrayInputStream(answer.body());
        }

        @Override
        public void close() {
            // The response is already in memory.
        }
    }
}
