package dev.sessionpublish.http;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * Carries the requests to the API of one host, for every credential. Each request has a time limit from first to last
 * byte, each answer a size limit of 10 MiB, unpacked. A request is sent once, and no redirect is followed: an answer
 * of any status comes back as it is.
 */
public final class RestApi {
    /** A hundred pull requests with long bodies. */
    private static final int LONGEST_ANSWER = 10 * 1024 * 1024;

    private final URI root;
    private final CloseableHttpClient client;
    private final ScheduledExecutorService alarms;
    private final Duration limit;

    /**
     * @param root of the API, as in {@code ForgeHost.apiUrl}
     * @param client neither follows redirects nor repeats requests; stays the caller's to close
     * @param alarms ends the requests that take too long
     * @param limit for one request and its answer
     */
    public RestApi(URI root, CloseableHttpClient client, ScheduledExecutorService alarms, Duration limit) {
        this.root = URI.create(root.toString().replaceFirst("/+$", ""));
        this.client = client;
        this.alarms = alarms;
        this.limit = limit;
    }

    /** Without a slash at its end. */
    public URI root() {
        return root;
    }

    /** @throws RefusedException {@code network} when there is no whole answer, {@code server-error} for one too long */
    public Answer exchange(HttpUriRequestBase request) throws RefusedException {
        Future<?> alarm = alarms.schedule(request::cancel, limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return client.execute(request, Api.REST.context(), RestApi::read);
        } catch (TooLong e) {
            throw new RefusedException(
                    SharedReason.SERVER_ERROR, "The API at " + root + " sent an answer of more than 10 MiB.");
        } catch (IOException e) {
            throw request.isCancelled()
                    ? new RefusedException(
                            SharedReason.NETWORK,
                            "The API at " + root + " did not answer whole within " + limit.toSeconds() + " seconds.")
                    : ConnectionFailure.explain(e, root.getAuthority());
        } finally {
            alarm.cancel(false);
        }
    }

    /**
     * Where a redirect leads.
     *
     * @throws RefusedException {@code unsupported-host} when that isn't below the API's own root
     */
    public URI target(URI from, Answer redirect) throws RefusedException {
        String location = redirect.header(HttpHeaders.LOCATION).orElse("");
        try {
            URI to = from.resolve(location).normalize();
            if (!location.isEmpty() && to.toString().startsWith(root + "/")) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            // Not a URL: refused as one that leads elsewhere.
        }
        throw new RefusedException(
                SharedReason.UNSUPPORTED_HOST,
                "The API at " + root + " redirects to somewhere else, which is not followed. Check the API URL of this"
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
        InputStream raw = response.getEntity().getContent();
        boolean packed = "gzip".equalsIgnoreCase(headers.remove("content-encoding"));
        byte[] body = (packed ? new GZIPInputStream(raw) : raw).readNBytes(LONGEST_ANSWER + 1);
        if (body.length > LONGEST_ANSWER) {
            throw new TooLong();
        }
        return new Answer(response.getCode(), headers, body);
    }

    private static final class TooLong extends IOException {
        private static final long serialVersionUID = 1;
    }
}
