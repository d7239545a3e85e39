package dev.sessionpublish.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sessionpublish.http.ForgeHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCaTest {

    @Test
    void aServerOfThisAuthorityIsTrustedByItsBundleAndByNothingElse(@TempDir Path directory) throws Exception {
        TestCa ca = TestCa.create(directory);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(ca.serverContext()));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            HttpGet get = new HttpGet("https://localhost:" + server.getAddress().getPort() + "/");
            try (var client = ForgeHttp.create(Optional.of(ca.caPem()), Duration.ofSeconds(10))) {
                assertThat(client.<Integer>execute(get, response -> response.getCode()))
                        .isEqualTo(204);
            }
            try (var client = ForgeHttp.create(Optional.empty(), Duration.ofSeconds(10))) {
                assertThatThrownBy(() -> client.execute(get, response -> response.getCode()))
                        .isInstanceOf(SSLHandshakeException.class);
            }
        } finally {
            server.stop(0);
        }
    }
}
