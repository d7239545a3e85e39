package dev.sessionpublish.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.embedded.TestCa;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to a server, or a load balancer, that ends connections without a word. */
class LiveConnectionIT {
    private static TestCa ca;

    @BeforeAll
    static void create(@TempDir Path directory) throws IOException {
        ca = TestCa.create(directory);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyRequestSucceedsAndNoneThatChangesSomethingIsSentTwice(boolean reset) throws Exception {
        try (EndingServer server = new EndingServer(reset);
                var client = ForgeHttp.create(Optional.of(ca.caPem()), Duration.ofSeconds(20))) {
            for (int n = 0; n < 20; n++) {
                for (String method : List.of("GET", "POST", "GET", "PATCH")) {
                    HttpUriRequestBase request = new HttpUriRequestBase(method, server.uri());
                    assertThat(client.<Integer>execute(request, response -> response.getCode()))
                            .as(method + " " + n)
                            .isEqualTo(200);
                }
            }
            assertThat(server.requests)
                    .filteredOn(line -> !line.startsWith("GET"))
                    .hasSize(40);
        }
    }

    /** Sends one response for each connection, and then ends the connection, or resets it when it is used again. */
    private static final class EndingServer implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        private final SSLSocketFactory tls = ca.serverContext().getSocketFactory();
        private final List<String> requests = new CopyOnWriteArrayList<>();
        private final boolean reset;

        private EndingServer(boolean reset) throws IOException {
            this.reset = reset;
            daemon(this::accept);
        }

        private URI uri() {
            return URI.create("https://localhost:" + server.getLocalPort() + "/");
        }

        private static void daemon(Runnable work) {
            Thread thread = new Thread(work, "ending-server");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            try {
                while (true) {
                    Socket plain = server.accept();
                    daemon(() -> serveOnce(plain));
                }
            } catch (IOException e) {
                // Closed.
            }
        }

        private void serveOnce(Socket plain) {
            try (plain;
                    SSLSocket socket = (SSLSocket) tls.createSocket(plain, null, true)) {
                serve(socket);
                if (reset && socket.getInputStream().read() >= 0) {
                    plain.setSoLinger(true, 0);
                    plain.close();
                }
            } catch (IOException e) {
                // The client has gone.
            }
        }

        private void serve(Socket socket) throws IOException {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 1);
            String line = in.readLine();
            if (line == null) {
                return;
            }
            requests.add(line);
            for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {}
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
