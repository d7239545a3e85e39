package dev.sessionpublish.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import dev.sessionpublish.embedded.TestCa;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSession;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.HttpHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which servers are trusted with a CA bundle: before and after it has changed, and on other hosts than the forge's. */
class ForgeTrustIT {
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";

    private static final String PASSWORD = "changeit";

    private static final String SESSION = "Session-Created";

    private static TestCa first;
    private static TestCa second;

    private final List<HttpsServer> servers = new ArrayList<>();

    @BeforeAll
    static void create(@TempDir Path directory) throws IOException {
        first = TestCa.create(directory.resolve("first"));
        second = TestCa.create(directory.resolve("second"));
    }

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
        System.clearProperty(TRUST_STORE);
        System.clearProperty(TRUST_STORE + "Password");
    }

    /** A directory as the kubelet mounts a ConfigMap: the file is a link through {@code ..data}, which is replaced. */
    private static Path mounted(Path directory, String version, Path pem) throws IOException {
        Files.createDirectories(directory.resolve(version));
        Files.copy(pem, directory.resolve(version).resolve("ca.pem"));
        Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of(version));
        Files.move(directory.resolve("..data_tmp"), directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        Path file = directory.resolve("ca.pem");
        if (!Files.isSymbolicLink(file)) {
            Files.createSymbolicLink(file, Path.of("..data", "ca.pem"));
        }
        return file;
    }

    @Test
    void aRotatedCaIsTrustedWithoutARestart(@TempDir Path directory) throws Exception {
        Path bundle = mounted(directory, "..1", first.caPem());
        try (CloseableHttpClient client = client(bundle)) {
            assertThat(status(client, "localhost", server(first))).isEqualTo(204);
            int rotated = server(second);
            assertThat(refusal(client, "localhost", rotated)).contains("is not issued by a trusted CA");

            mounted(directory, "..2", second.caPem());

            assertThat(status(client, "localhost", rotated)).isEqualTo(204);
            assertThat(refusal(client, "localhost", server(first))).contains("is not issued by a trusted CA");
        }
    }

    @Test
    void aBundleThatCanNotBeLoadedLeavesTheFormerOneInUseAndIsNamed(@TempDir Path directory) throws Exception {
        Path bundle = Files.copy(first.caPem(), directory.resolve("ca.pem"));
        try (CloseableHttpClient client = client(bundle)) {
            Files.writeString(bundle, "-----BEGIN CERTIFICATE-----\nhalf of on");

            assertThat(status(client, "localhost", server(first))).isEqualTo(204);
            int rotated = server(second);
            assertThat(refusal(client, "localhost", rotated))
                    .contains(bundle.toString(), "can't be loaded", "no restart is needed");

            Files.copy(second.caPem(), bundle, StandardCopyOption.REPLACE_EXISTING);
            assertThat(status(client, "localhost", rotated)).isEqualTo(204);
        }
    }

    @Test
    void aPublicCaIsTrustedBesideTheBundleOnOtherHostsThanTheForges(@TempDir Path directory) throws Exception {
        System.setProperty(TRUST_STORE + "Password", PASSWORD);
        System.setProperty(TRUST_STORE, store(second.caPem(), directory).toString());
        try (CloseableHttpClient client = client(first.caPem())) {
            int ofPublicCa = server(second);
            assertThat(status(client, "127.0.0.1", ofPublicCa)).isEqualTo(204);
            assertThat(refusal(client, "localhost", ofPublicCa)).contains("is not issued by a trusted CA");
            assertThat(status(client, "127.0.0.1", server(first))).isEqualTo(204);
        }
    }

    @Test
    void aSecondConnectionResumesTheSessionOfTheFirst(@TempDir Path directory) throws Exception {
        System.setProperty(TRUST_STORE + "Password", PASSWORD);
        System.setProperty(TRUST_STORE, store(first.caPem(), directory).toString());
        int port = server(first);

        for (Optional<Path> bundle : List.of(Optional.<Path>empty(), Optional.of(first.caPem()))) {
            try (CloseableHttpClient client = client(bundle)) {
                long begun = sessionOfNewConnection(client, port);
                await().until(() -> System.currentTimeMillis() > begun);

                assertThat(sessionOfNewConnection(client, port))
                        .as("%s", bundle)
                        .isEqualTo(begun);
            }
        }
    }

    /** When the TLS session of a connection was created that is closed after one request, in milliseconds. */
    private static long sessionOfNewConnection(CloseableHttpClient client, int port) throws IOException {
        HttpGet get = new HttpGet("https://localhost:" + port + "/");
        get.setHeader(HttpHeaders.CONNECTION, "close");
        return client.execute(
                get, response -> Long.parseLong(response.getHeader(SESSION).getValue()));
    }

    /** For a forge at {@code localhost}. */
    private static CloseableHttpClient client(Path bundle) throws IOException {
        return client(Optional.of(bundle));
    }

    private static CloseableHttpClient client(Optional<Path> bundle) throws IOException {
        return ForgeHttp.create(
                ForgeTrust.of(bundle, Set.of("localhost")),
                Duration.ofSeconds(20),
                Optional.empty(),
                RequestListener.NONE);
    }

    private static int status(CloseableHttpClient client, String host, int port) throws IOException {
        return client.execute(new HttpGet("https://" + host + ":" + port + "/"), response -> response.getCode());
    }

    private static String refusal(CloseableHttpClient client, String host, int port) {
        IOException failure = catchThrowableOfType(IOException.class, () -> status(client, host, port));
        return ConnectionFailure.explain(failure, host).getMessage();
    }

    /** @return its port */
    private int server(TestCa ca) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(ca.serverContext()));
        server.createContext("/", exchange -> {
            SSLSession session = ((HttpsExchange) exchange).getSSLSession();
            exchange.getResponseHeaders().set(SESSION, Long.toString(session.getCreationTime()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        servers.add(server);
        return server.getAddress().getPort();
    }

    private static Path store(Path pem, Path directory) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(pem)) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        Path file = directory.resolve("public.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }
}
