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
import org.kohsuke.github.connector.GitHubConnectorRequest;
import org.kohsuke.github.connector.GitHubConnectorResponse;

/**
 * Sends the library's requests to one host. Only the GET of a repository follows redirects, at most {@value
 * #MOST_REDIRECTS} and only below the API's root; only this GET is conditional. Every failure and error response is an
 * exception: {@link NoAnswerException} or {@link ErrorAnswerException}.
 */
public final class GitHubTransport {
    private static final int MOST_REDIRECTS = 3;
    private static final Pattern REPOSITORY = Pattern.compile(".*/(repos/[^/?]+/[^/?]+|repositories/[^/?]+)");

    private final RestApi api;
    private final EtagCache etags = new EtagCache();

    public GitHubTransport(RestApi api) {
        this.api = api;
    }

    ConnectorResponse send(GitHubConnectorRequest request, Token token) throws IOException {
        URI uri = URI.create(request.url().toString());
        boolean repository = request.method().equals("GET")
                && REPOSITORY.matcher(uri.toString()).matches();
        Answer answer = repository ? conditional(request, uri, token) : exchange(request, uri, token, Optional.empty());
        for (int hops = 0; repository && answer.isRedirect() && hops < MOST_REDIRECTS; hops++) {
            uri = target(uri, answer);
            answer = conditional(request, uri, token);
        }
        if (!answer.isSuccess()) {
            throw new ErrorAnswerException(answer);
        }
        return new ConnectorResponse(request, answer);
    }

    private Answer conditional(GitHubConnectorRequest request, URI uri, Token token) throws IOException {
        String key = EtagCache.key(token.value(), uri.toString());
        Optional<EtagCache.CachedAnswer> kept = etags.get(key);
        Answer answer = exchange(request, uri, token, kept.map(EtagCache.CachedAnswer::etag));
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

    private Answer exchange(GitHubConnectorRequest request, URI uri, Token token, Optional<String> etag)
            throws IOException {
        HttpUriRequestBase http = new HttpUriRequestBase(request.method(), uri);
        request.allHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)) {
                values.forEach(value -> http.addHeader(name, value));
            }
        });
        http.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token.value());
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
