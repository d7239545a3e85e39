package dev.sessionpublish.http;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * Sends requests to the REST API of one host, for all credentials. Each request including its response has a time
 * limit. Each response has the limits of {@link AnswerBody}. Compressed responses are neither asked for nor read. Requests
 * are sent as {@link ForgeHttp} says, redirects are not followed, and a response with any status is returned.
 */
public final class RestApi {
    private final URI root;
    private final CloseableHttpClient client;
    private final Duration limit;

    /**
     * @param root the root of the API, as in {@code ForgeHost.apiUrl}
     * @param client follows no redirects and repeats no requests; the caller closes it
     * @param limit the time limit of a request and its response
     */
    public RestApi(URI root, CloseableHttpClient client, Duration limit) {
        this.root = URI.create(root.toString().replaceFirst("/+$", ""));
        this.client = client;
        this.limit = limit;
    }

    /** The root of the API, without a trailing slash. */
    public URI root() {
        return root;
    }

    /**
     * @throws RefusedException {@code network} if the response is missing or incomplete, or if other long responses leave no
     *     memory for it; {@code server-error} if it is too long or compressed
     */
    public Answer exchange(HttpUriRequestBase request) throws RefusedException {
        request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
        try {
            return client.execute(request, Api.REST.context(limit), RestApi::read);
        } catch (AnswerBody.UnreadableException e) {
            String fact = "The response of the API at " + root + " " + e.getMessage();
            throw e.isTransient()
                    ? new RefusedException(SharedReason.NETWORK, fact + ". The operator retries.")
                    : new RefusedException(
                            SharedReason.SERVER_ERROR,
                            fact + ". Check the API URL of this host in the forges file, and whether a proxy answers"
                                    + " in its place.");
        } catch (IOException e) {
            throw ConnectionFailure.explain(e, root.getAuthority());
        }
    }

    /**
     * The target of a redirect.
     *
     * @throws RefusedException {@code unsupported-host} if the target is not below the API's root
     */
    public URI target(URI from, Answer redirect) throws RefusedException {
        String location = redirect.header(HttpHeaders.LOCATION).orElse("");
        try {
            URI to = from.resolve(location).normalize();
            if (!location.isEmpty() && to.toString().startsWith(root + "/")) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            // Reported below, like other invalid targets.
        }
        throw new RefusedException(
                SharedReason.UNSUPPORTED_HOST,
                "The API at " + root
                        + " redirects to a URL outside of it, which is not followed. Check the API URL of this"
                        + " host in the forges file.");
    }

    private static Answer read(ClassicHttpResponse response) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (Header each : response.getHeaders()) {
            headers.putIfAbsent(each.getName().toLowerCase(Locale.ROOT), each.getValue());
        }
        if (response.getEntity() == null) {
            return new Answer(response.getCode(), headers, new byte[0]);
        }
        String encoding = headers.getOrDefault("content-encoding", "identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            throw AnswerBody.UnreadableException.encoded();
        }
        return new Answer(
                response.getCode(),
                headers,
                AnswerBody.read(response.getEntity().getContent()));
    }
}
