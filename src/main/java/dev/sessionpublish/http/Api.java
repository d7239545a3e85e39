package dev.sessionpublish.http;

import java.time.Duration;
import java.util.Optional;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.protocol.HttpContext;

/** The API of a forge that a request uses. */
public enum Api {
    GIT("git"),
    LFS("lfs"),
    REST("rest");

    private static final String KEY = Api.class.getName();
    private static final String LIMIT = KEY + ".limit";

    private final String word;

    Api(String word) {
        this.word = word;
    }

    /** The value of the metrics' label. */
    public String word() {
        return word;
    }

    /** The context to execute a request in, so that a {@link RequestListener} knows its API. */
    public HttpContext context() {
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(KEY, this);
        return context;
    }

    /**
     * Like {@link #context()}, with a time limit of its own.
     *
     * @param limit of the whole exchange, or of the response alone if the request's body is streamed
     */
    public HttpContext context(Duration limit) {
        HttpContext context = context();
        context.setAttribute(LIMIT, limit);
        return context;
    }

    static Optional<Duration> limit(HttpContext context) {
        return Optional.ofNullable(context.getAttribute(LIMIT)).map(Duration.class::cast);
    }

    static Optional<Api> of(HttpContext context) {
        return Optional.ofNullable(context.getAttribute(KEY)).map(Api.class::cast);
    }
}
