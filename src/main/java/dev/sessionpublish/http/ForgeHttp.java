package dev.sessionpublish.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Creates the HTTPS client of one forge host. The client follows no redirects, keeps no cookies or credentials, repeats
 * no requests and decodes no content. A response that arrives while the request body is being sent stops the sending
 * and is returned. Only the given proxy is used.
 */
public final class ForgeHttp {
    private static final int CONNECTIONS_PER_HOST = 64;
    private static final String CONNECTED = ForgeHttp.class.getName() + ".connected";

    private ForgeHttp() {}

    /** Like {@link #create(Optional, Duration, Optional, RequestListener)}, without a proxy and a listener. */
    public static CloseableHttpClient create(Optional<Path> caBundle, Duration timeout) throws IOException {
        return create(caBundle, timeout, Optional.empty(), RequestListener.NONE);
    }

    /**
     * @param caBundle PEM certificates to trust instead of the JVM's
     * @param timeout for connecting, and for the longest silence on a connection
     * @param listener called for requests that are executed in the context of an {@link Api}
     * @throws IOException if the bundle can't be read or contains no certificate
     */
    public static CloseableHttpClient create(
            Optional<Path> caBundle, Duration timeout, Optional<HttpProxy> proxy, RequestListener listener)
            throws IOException {
        Timeout limit = Timeout.of(timeout);
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(trusting(caBundle)))
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
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
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setRoutePlanner(routes(proxy))
                .setDefaultCredentialsProvider(credentials(proxy))
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(limit)
                        .setResponseTimeout(limit)
                        .build())
                .addExecInterceptorFirst("listener", (request, scope, chain) -> timed(listener, request, scope, chain))
                .addExecInterceptorBefore(
                        ChainElement.CONNECT.name(), "reject-proxy-responses", ForgeHttp::rejectProxyResponse)
                .addExecInterceptorAfter(ChainElement.CONNECT.name(), "mark-connected", ForgeHttp::markConnected)
                .setUserAgent("session-publish-operator")
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableAutomaticRetries()
                .disableContentCompression()
                .build();
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

    private static SSLContext trusting(Optional<Path> caBundle) throws IOException {
        try {
            if (caBundle.isEmpty()) {
                return SSLContext.getDefault();
            }
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            try (InputStream pem = Files.newInputStream(caBundle.get())) {
                int n = 0;
                for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                    trusted.setCertificateEntry("ca-" + n++, each);
                }
                if (n == 0) {
                    throw new IOException(caBundle.get() + " contains no certificate");
                }
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the CA bundle " + caBundle.map(Path::toString).orElse("of the JVM") + " is invalid: "
                            + e.getMessage(),
                    e);
        }
    }
}
