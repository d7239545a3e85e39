package dev.sessionpublish.http;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Creates the HTTPS client of one forge host. The client follows no redirects, keeps no cookies or credentials, decodes
 * no content and sends a request once ({@link LiveConnection} has the exception). A response that arrives while the
 * request body is being sent stops the sending and is returned. Every exchange has a time limit, and is cancelled when
 * its response is closed before its end ({@link ExchangeLimit}). Only the given proxy is used.
 */
public final class ForgeHttp {
    private static final int CONNECTIONS_PER_HOST = 64;
    /**
     * The longest line of a response's head or of its chunks' heads, in bytes. Common reverse proxies reject whole heads of
     * this size.
     */
    static final int LONGEST_LINE = 8 * 1024;

    static final int MOST_HEADERS = 100;
    /** Firewalls and load balancers forget idle connections without telling either side, rarely this early. */
    private static final TimeValue LONGEST_IDLE = TimeValue.ofSeconds(30);
    /** The time limit of an exchange, as a multiple of the longest silence. */
    private static final int LONGEST_EXCHANGE = 10;

    private static final String CONNECTED = ForgeHttp.class.getName() + ".connected";

    private ForgeHttp() {}

    /**
     * Like {@link #create(ForgeTrust, Duration, Optional, RequestListener)}, without a proxy and a listener.
     *
     * @throws IOException if the bundle can't be read or contains no certificate
     */
    public static CloseableHttpClient create(Optional<Path> caBundle, Duration timeout) throws IOException {
        return create(ForgeTrust.of(caBundle, Set.of()), timeout, Optional.empty(), RequestListener.NONE);
    }

    /**
     * @param timeout for connecting, and for the longest silence on a connection; a whole exchange may take {@value
     *     #LONGEST_EXCHANGE} times as long, unless its {@link Api#context} has another limit
     * @param listener called for requests that are executed in the context of an {@link Api}
     */
    public static CloseableHttpClient create(
            ForgeTrust trust, Duration timeout, Optional<HttpProxy> proxy, RequestListener listener) {
        Timeout limit = Timeout.of(timeout);
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(trust)
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxLineLength(LONGEST_LINE)
                                .setMaxHeaderCount(MOST_HEADERS)
                                .build())
                        .responseOutOfOrderStrategy(MonitoringResponseOutOfOrderStrategy.INSTANCE)
                        .build())
                .setMaxConnTotal(4 * CONNECTIONS_PER_HOST)
                .setMaxConnPerRoute(CONNECTIONS_PER_HOST)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(limit)
                        .setSocketTimeout(limit)
                        .setTimeToLive(Timeout.ofMinutes(5))
                        .setValidateAfterInactivity(Timeout.ofSeconds(2))
                        .build())
                .build();
        ScheduledThreadPoolExecutor alarms = alarms();
        return new ClosingBuilder(alarms::shutdownNow)
                .setConnectionManager(connections)
                .setRoutePlanner(routes(proxy))
                .setDefaultCredentialsProvider(credentials(proxy))
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(limit)
                        .setResponseTimeout(limit)
                        .build())
                .addExecInterceptorFirst(
                        "exchange-limit", new ExchangeLimit(alarms, timeout.multipliedBy(LONGEST_EXCHANGE)))
                .addExecInterceptorBefore(ChainElement.PROTOCOL.name(), "live-connection", new LiveConnection())
                .addExecInterceptorFirst("listener", (request, scope, chain) -> timed(listener, request, scope, chain))
                .addExecInterceptorBefore(
                        ChainElement.CONNECT.name(), "reject-proxy-responses", ForgeHttp::rejectProxyResponse)
                .addExecInterceptorAfter(ChainElement.CONNECT.name(), "mark-connected", ForgeHttp::markConnected)
                .setKeepAliveStrategy(ForgeHttp::keptFor)
                .setUserAgent("session-publish-operator")
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableAutomaticRetries()
                .disableContentCompression()
                .build();
    }

    private static TimeValue keptFor(HttpResponse response, HttpContext context) {
        TimeValue asked = DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(response, context);
        return TimeValue.isPositive(asked) && asked.compareTo(LONGEST_IDLE) < 0 ? asked : LONGEST_IDLE;
    }

    /** Has a thread only while an exchange is under way, and shortly afterwards. */
    private static ScheduledThreadPoolExecutor alarms() {
        ScheduledThreadPoolExecutor alarms = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "forge-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        alarms.setRemoveOnCancelPolicy(true);
        alarms.setKeepAliveTime(10, TimeUnit.SECONDS);
        alarms.allowCoreThreadTimeOut(true);
        return alarms;
    }

    /** Builds a client that also closes something of ours. */
    private static final class ClosingBuilder extends HttpClientBuilder {
        private ClosingBuilder(Closeable part) {
            addCloseable(part);
        }
    }

    private static HttpRoutePlanner routes(Optional<HttpProxy> proxy) {
        return new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE) {
            @Override
            protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
                int port = DefaultSchemePortResolver.INSTANCE.resolve(target);
                return proxy.filter(each -> each.isFor(target.getHostName(), port))
                        .map(each -> new HttpHost("http", each.host(), each.port()))
                        .orElse(null);
            }
        };
    }

    private static ClassicHttpResponse timed(
            RequestListener listener, ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        long begin = System.nanoTime();
        OptionalInt status = OptionalInt.empty();
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            status = OptionalInt.of(response.getCode());
            return response;
        } finally {
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            OptionalInt answered = status;
            Api.of(scope.clientContext).ifPresent(api -> listener.ended(api, request.getMethod(), answered, took));
        }
    }

    /** Throws if the response is the proxy's answer to CONNECT, which would otherwise look like the host's response. */
    private static ClassicHttpResponse rejectProxyResponse(
            ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) throws IOException, HttpException {
        scope.clientContext.removeAttribute(CONNECTED);
        ClassicHttpResponse response = chain.proceed(request, scope);
        if (scope.clientContext.getAttribute(CONNECTED) == null) {
            response.close();
            throw new ProxyRefusedException(response.getCode());
        }
        return response;
    }

    private static ClassicHttpResponse markConnected(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        scope.clientContext.setAttribute(CONNECTED, true);
        return chain.proceed(request, scope);
    }

    /** The proxy's credentials. Callers send the forges' credentials themselves. */
    private static CredentialsProvider credentials(Optional<HttpProxy> proxy) {
        BasicCredentialsProvider credentials = new BasicCredentialsProvider();
        proxy.filter(each -> !each.user().isEmpty())
                .ifPresent(each -> credentials.setCredentials(
                        new AuthScope(each.host(), each.port()),
                        new UsernamePasswordCredentials(
                                each.user(), each.password().toCharArray())));
        return credentials;
    }
}
