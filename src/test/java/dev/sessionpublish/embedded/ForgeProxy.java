package dev.sessionpublish.embedded;

import dev.sessionpublish.http.ForgeHttp;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.net.URIAuthority;

/**
 * A reverse proxy over TLS on loopback in front of a real forge: it hands every request on, as it is and under the name
 * by which it was asked, and meets it with {@link Fault}s on request. A forge that can't be reached is a reset.
 */
public final class ForgeProxy implements AutoCloseable {
    private static final Set<String> OF_ONE_CONNECTION =
            Set.of("host", "connection", "keep-alive", "transfer-encoding", "content-length", "expect", "te");

    private final HttpHost forge;
    private final CloseableHttpClient client;
    private final List<LoggedRequest> log = new CopyOnWriteArrayList<>();
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final HttpsListener listener;

    private ForgeProxy(TestCa ca, URI forge, Path caPem) throws IOException {
        this.forge = new HttpHost(forge.getScheme(), forge.getHost(), forge.getPort());
        this.client = ForgeHttp.create(Optional.of(caPem), Duration.ofSeconds(120));
        this.listener = new HttpsListener(ca, this::handle, log);
    }

    /**
     * @param ca of the proxy's own certificate
     * @param caPem that the forge's certificate is checked with
     */
    public static ForgeProxy start(TestCa ca, URI forge, Path caPem) throws IOException {
        return new ForgeProxy(ca, forge, caPem);
    }

    /** {@code localhost:PORT}. */
    public String authority() {
        return "localhost:" + listener.port();
    }

    /** Meets the next requests that match. */
    public Fault fault(Fault fault) {
        faults.add(fault);
        return fault;
    }

    /** All that was asked so far, in order. */
    public List<LoggedRequest> requests() {
        return List.copyOf(log);
    }

    private void handle(Exchange exchange) throws IOException {
        Optional<Fault> fault =
                faults.stream().filter(each -> each.takes(exchange.request())).findFirst();
        if (fault.isPresent()) {
            fault.get().apply(exchange, (body, answer) -> forward(exchange, body, answer));
        } else {
            forward(exchange, exchange.body(), exchange::answer);
        }
    }

    private void forward(Exchange exchange, InputStream body, Fault.Answer answer) throws IOException {
        HttpUriRequestBase request = request(exchange.request(), body);
        boolean[] answered = new boolean[1];
        try {
            client.execute(forge, request, response -> {
                answered[0] = true;
                pass(response, answer);
                return response;
            });
        } catch (IOException e) {
            if (answered[0]) {
                throw e;
            }
            exchange.reset();
        }
    }

    private HttpUriRequestBase request(LoggedRequest from, InputStream body) {
        String query = from.query().isEmpty() ? "" : "?" + from.query();
        HttpUriRequestBase request = new HttpUriRequestBase(from.method(), URI.create(from.path() + query));
        request.setAuthority(new URIAuthority("localhost", listener.port()));
        from.headers().forEach((name, values) -> {
            if (!OF_ONE_CONNECTION.contains(name)) {
                values.forEach(value -> request.addHeader(name, value));
            }
        });
        request.setHeader("Connection", "close");
        boolean chunked = from.header("transfer-encoding").isPresent();
        long length = from.header("content-length").map(Long::parseLong).orElse(chunked ? -1L : 0L);
        if (length != 0) {
            request.setEntity(new InputStreamEntity(body, length, null));
        }
        return request;
    }

    private static void pass(ClassicHttpResponse response, Fault.Answer answer) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header each : response.getHeaders()) {
            if (!OF_ONE_CONNECTION.contains(each.getName().toLowerCase(Locale.ROOT))) {
                headers.put(each.getName(), each.getValue());
            }
        }
        try (OutputStream out = answer.begin(response.getCode(), headers)) {
            if (response.getEntity() != null) {
                response.getEntity().getContent().transferTo(out);
            }
        }
    }

    /** Lets go of what it holds, and of every connection. */
    @Override
    public void close() throws IOException {
        listener.close();
        faults.forEach(Fault::release);
        client.close();
    }
}
