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
 * Makes the HTTPS client of one forge host. It does nothing on its own: no redirect is followed, no cookie or
 * credential kept, no request repeated, no content decoded. An answer that arrives while a request's body is still
 * being sent ends the sending and is returned. No proxy is used but the one that is given.
 */
public final class ForgeHttp {
    private static final int CONNECTIONS_PER_HOST = 64;
    private static final String REACHED = ForgeHttp.class.getName() + ".reached";

    private ForgeHttp() {}

    /** As {@link #create(Optional, Duration, Optional, RequestListener)}, without a proxy, and nobody listens. */
    public static CloseableHttpClient create(Optional<Path> caBundle, Duration timeout) throws IOException {
        return create(caBundle, timeout, Optional.empty(), RequestListener.NONE);
    }

    /**
     * @param caBundle PEM certificates trusted instead of the JVM's
     * @param timeout for connecting, and for the longest silence on a connection
     * @param listener is told of the requests that are executed in the context of an {@link Api}
     * @throws IOException when the bundle can't be read or holds no certificate
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
                .addExecInterceptorFirst("listener", (request, scope, chain) -> told(listener, request, scope, chain))
                .addExecInterceptorBefore(
                        ChainElement.CONNECT.name(), "no-answers-of-proxies", ForgeHttp::onlyFromTheHost)
                .addExecInterceptorAfter(ChainElement.CONNECT.name(), "reached", ForgeHttp::reached)
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

    private static ClassicHttpResponse told(
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

    /** A proxy's refusal of CONNECT would come back as if it were the host's answer to the request. */
    private static ClassicHttpResponse onlyFromTheHost(
            ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) throws IOException, HttpException {
        ClassicHttpResponse response = chain.proceed(request, scope);
        if (scope.clientContext.getAttribute(REACHED) == null) {
            response.close();
            throw new ProxyRefusedException(response.getCode());
        }
        return response;
    }

    private static ClassicHttpResponse reached(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        scope.clientContext.setAttribute(REACHED, true);
        return chain.proceed(request, scope);
    }

    /** For the proxy alone: those of forges are sent by who asks, or not at all. */
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
                    throw new IOException(caBundle.get() + " holds no certificate");
                }
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the CA bundle " + caBundle.map(Path::toString).orElse("of the JVM") + " can't be used: "
                            + e.getMessage(),
                    e);
        }
    }
}
