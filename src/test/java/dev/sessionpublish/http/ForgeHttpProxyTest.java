package dev.sessionpublish.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sessionpublish.embedded.TestCa;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client of forges behind a proxy that is none of ours to trust: it sees a name, a port and bytes. */
class ForgeHttpProxyTest {
    private static final String LOGIN = "Basic YWRhOmxvdmU="; // ada:love

    private TestCa ca;
    private HttpsServer forge;
    private URI page;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        ca = TestCa.create(directory);
        forge = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        forge.setHttpsConfigurator(new HttpsConfigurator(ca.serverContext()));
        forge.createContext("/", exchange -> {
            boolean leaked = exchange.getRequestHeaders().containsKey("Proxy-Authorization");
            exchange.sendResponseHeaders(leaked ? 500 : 200, -1);
            exchange.close();
        });
        forge.start();
        page = URI.create("https://localhost:" + forge.getAddress().getPort() + "/");
    }

    @AfterEach
    void stop() {
        forge.stop(0);
    }

    @Test
    void theForgeIsReachedThroughATunnelWithItsOwnCertificateChecked() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy("")) {
            assertThat(get(proxy(proxy.port(), ""), Optional.of(ca.caPem()))).isEqualTo(200);
            assertThat(proxy.connects()).containsExactly("CONNECT localhost:" + page.getPort() + " HTTP/1.1");

            assertThat(refusal(proxy(proxy.port(), ""), Optional.empty())).contains("is not issued by a trusted CA");
        }
    }

    @Test
    void theProxysLoginGoesToTheProxyAlone() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy(LOGIN)) {
            assertThat(get(proxy(proxy.port(), "ada"), Optional.of(ca.caPem()))).isEqualTo(200);
            assertThat(proxy.connects()).hasSize(1);
        }
    }

    @Test
    void aProxyThatRefusesIsNamed() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy(LOGIN)) {
            assertThat(refusal(proxy(proxy.port(), ""), Optional.of(ca.caPem())))
                    .contains("The proxy refuses to connect to " + page.getAuthority(), "HTTPS_PROXY");
            assertThat(proxy.connects()).isEmpty();
        }
    }

    @Test
    void aProxyThatIsDownIsToldOf() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertThat(refusal(proxy(free, ""), Optional.of(ca.caPem()))).contains("that the proxy is running");
    }

    @Test
    void anExceptedHostIsReachedWithoutIt() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy("")) {
            var excepting = new HttpProxy("127.0.0.1", proxy.port(), "", "", List.of("localhost"));

            assertThat(get(excepting, Optional.of(ca.caPem()))).isEqualTo(200);
            assertThat(proxy.connects()).isEmpty();
        }
    }

    private static HttpProxy proxy(int port, String user) {
        return new HttpProxy("127.0.0.1", port, user, user.isEmpty() ? "" : "love", List.of("other.example"));
    }

    private int get(HttpProxy proxy, Optional<Path> caBundle) throws IOException {
        try (var client = ForgeHttp.create(
                ForgeTrust.of(caBundle, Set.of()), Duration.ofSeconds(30), Optional.of(proxy), RequestListener.NONE)) {
            return client.execute(new HttpGet(page), response -> response.getCode());
        }
    }

    private String refusal(HttpProxy proxy, Optional<Path> caBundle) {
        IOException failure = catchThrowableOfType(IOException.class, () -> get(proxy, caBundle));
        return ConnectionFailure.explain(failure, page.getAuthority()).getMessage();
    }
}
