package dev.sessionpublish.forge.github;

import dev.sessionpublish.http.ConnectionFailure;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.kohsuke.github.connector.GitHubConnector;
import org.kohsuke.github.connector.GitHubConnectorRequest;
import org.kohsuke.github.connector.GitHubConnectorResponse;

/**
 * Carries the API requests of one host, for every credential. Each request has a time limit from first to last byte,
 * each answer a size limit of {@value #LONGEST_ANSWER} bytes, unpacked. A request is sent once. Only the GET of a
 * repository follows redirects, at most {@value #MOST_REDIRECTS} and below the API's own root; it is also the one
 * that is asked conditionally. Everything but success is an exception: {@link Answer.Unwelcome} or
 * {@link Unanswered}.
 */
public final class GitHubTransport implements GitHubConnector {
    /** A hundred pull requests with the longest bodies there may be. */
    private static final int LONGEST_ANSWER = 10 * 1024 * 1024;

    private static final int MOST_REDIRECTS = 3;
    private static final Pattern REPOSITORY = Pattern.compile(".*/(repos/[^/?]+/[^/?]+|repositories/[^/?]+)");

    private final URI root;
    private final CloseableHttpClient client;
    private final ScheduledExecutorService alarms;
    private final Duration limit;
    private final EtagCache etags = new EtagCache();

    /**
     * @param root of the API, as in {@code ForgeHost.apiUrl}
     * @param client neither follows redirects nor repeats requests; stays the caller's to close
     * @param alarms ends the requests that take too long
     * @param limit for one request and its answer
     */
    public GitHubTransport(URI root, CloseableHttpClient client, ScheduledExecutorService alarms, Duration limit) {
        this.root = URI.create(root.toString().replaceFirst("/+$", ""));
        this.client = client;
        this.alarms = alarms;
        this.limit = limit;
    }

    @Override
    public Answered send(GitHubConnectorRequest request) throws IOException {
        URI uri = URI.create(request.url().toString());
        boolean repository = request.method().equals("GET")
                && REPOSITORY.matcher(uri.toString()).matches();
        Answer answer = repository ? conditional(request, uri) : exchange(request, uri, Optional.empty());
        for (int hops = 0; repository && answer.isRedirect() && hops < MOST_REDIRECTS; hops++) {
            uri = target(uri, answer);
            answer = conditional(request, uri);
        }
        if (answer.status() < 200 || answer.status() >= 300) {
            throw new Answer.Unwelcome(answer);
        }
        return new Answered(request, answer);
    }

    private Answer conditional(GitHubConnectorRequest request, URI uri) throws IOException {
        String authorization =
                Optional.ofNullable(request.header(HttpHeaders.AUTHORIZATION)).orElse("");
        String key = EtagCache.key(authorization, uri.toString());
        Optional<EtagCache.Kept> kept = etags.get(key);
        Answer answer = exchange(request, uri, kept.map(EtagCache.Kept::etag));
        if (answer.status() == 304 && kept.isPresent()) {
            return new Answer(200, answer.headers(), kept.get().body());
        }
        etags.put(key, answer);
        return answer;
    }

    private URI target(URI from, Answer answer) throws IOException {
        String location = answer.header(HttpHeaders.LOCATION).orElse("");
        try {
            URI to = from.resolve(location).normalize();
            if (!location.isEmpty() && to.toString().startsWith(root + "/")) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            // Not a URL: refused as one that leads elsewhere.
        }
        throw new Unanswered(new RefusedException(
                Reason.UNSUPPORTED_HOST,
                "The API at " + root + " redirects to somewhere else, which is not followed. Check the API URL of this"
                        + " host in the forges file."));
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
        Future<?> alarm = alarms.schedule(http::cancel, limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return client.execute(http, this::read);
        } catch (Unanswered e) {
            throw e;
        } catch (IOException e) {
            throw new Unanswered(
                    http.isCancelled()
                            ? new RefusedException(
                                    Reason.NETWORK,
                                    "The API at " + root + " did not answer whole within " + limit.toSeconds()
                                            + " seconds.")
                            : ConnectionFailure.explain(e, root.getAuthority()));
        } finally {
            alarm.cancel(false);
        }
    }

    private Answer read(ClassicHttpResponse response) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (Header each : response.getHeaders()) {
            headers.putIfAbsent(each.getName().toLowerCase(Locale.ROOT), each.getValue());
        }
        if (response.getEntity() == null) {
            return new Answer(response.getCode(), headers, new byte[0]);
        }
        InputStream raw = response.getEntity().getContent();
        boolean packed = "gzip".equalsIgnoreCase(headers.remove("content-encoding"));
        byte[] body = (packed ? new GZIPInputStream(raw) : raw).readNBytes(LONGEST_ANSWER + 1);
        if (body.length > LONGEST_ANSWER) {
            throw new Unanswered(new RefusedException(
                    Reason.SERVER_ERROR, "The API at " + root + " sent an answer of more than 10 MiB."));
        }
        return new Answer(response.getCode(), headers, body);
    }

    /** A success, as the library wants it. */
    static final class Answered extends GitHubConnectorResponse {
        private final Answer answer;

        private Answered(GitHubConnectorRequest request, Answer answer) {
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
            // Everything has been read.
        }
    }
}
