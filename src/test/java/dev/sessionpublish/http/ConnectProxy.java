package dev.sessionpublish.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A proxy on loopback that does CONNECT and nothing else, for who has the right login. */
final class ConnectProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final List<String> connects = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String authorization;

    /** @param authorization what {@code Proxy-Authorization} must be; empty for a proxy that lets everyone through */
    ConnectProxy(String authorization) throws IOException {
        this.authorization = authorization;
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** The request lines of those who were let through. */
    List<String> connects() {
        return List.copyOf(connects);
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket client = server.accept();
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII), 1);
            String request = in.readLine();
            while (request != null) {
                boolean allowed = authorization.isEmpty();
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    allowed |= line.equalsIgnoreCase("Proxy-Authorization: " + authorization);
                }
                if (allowed) {
                    connects.add(request);
                    tunnel(client, Integer.parseInt(request.replaceFirst("CONNECT localhost:(\\d+) .*", "$1")));
                    return;
                }
                answer(
                        client,
                        "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                                + "Content-Length: 0");
                request = in.readLine();
            }
        } catch (IOException e) {
            // One side has gone.
        }
    }

    private void tunnel(Socket client, int port) throws IOException {
        try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
            answer(client, "200 Connection established");
            threads.execute(() -> {
                try {
                    target.getInputStream().transferTo(client.getOutputStream());
                    client.shutdownOutput();
                } catch (IOException e) {
                    // One side has gone.
                }
            });
            client.getInputStream().transferTo(target.getOutputStream());
        }
    }

    private static void answer(Socket client, String head) throws IOException {
        client.getOutputStream().write(("HTTP/1.1 " + head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
