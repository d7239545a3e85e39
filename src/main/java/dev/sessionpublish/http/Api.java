package dev.sessionpublish.http;

import java.util.Optional;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Which of a forge's interfaces a request is for. */
public enum Api {
    GIT("git"),
    LFS("lfs"),
    REST("rest");

    private static final String KEY = Api.class.getName();

    private final String word;

    Api(String word) {
        this.word = word;
    }

    /** As metrics name it. */
    public String word() {
        return word;
    }

    /** What one request is executed in, so that whoever listens knows what it was for. */
    public HttpContext context() {
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(KEY, this);
        return context;
    }

    static Optional<Api> of(HttpContext context) {
        return Optional.ofNullable(context.getAttribute(KEY)).map(Api.class::cast);
    }
}
