package dev.sessionpublish.embedded;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocketFactory;

/**
 * A small HTTP/1.1 server over TLS on loopback, a thread per connection: reads and writes block, so neither side's
 * bytes pile up here. It is ours because a fault must be able to end a connection at any byte.
 */
final class HttpsListener implements AutoCloseable {
    /** Answers one request. */
    interface Handler {
        void handle(Exchange exchange) throws IOException;
    }

    private static final int LONGEST_LINE = 64 * 1024;

    private final ServerSocket server;
    private final SSLSocketFactory tls;
    private final Handler handler;
    private final List<LoggedRequest> log;
    private volatile boolean endingConnections;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "embedded-https");
        thread.setDaemon(true);
        return thread;
    });

    /** @param log gets each request as soon as its head was read */
    HttpsListener(TestCa ca, Handler handler, List<LoggedRequest> log) throws IOException {
        this.server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        this.tls = ca.serverContext().getSocketFactory();
        this.handler = handler;
        this.log = log;
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Ends each connection after one response, without saying so in it. */
    void endConnections() {
        endingConnections = true;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket each : connections) {
            each.close();
        }
        threads.shutdownNow();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket plain) {
        try (Socket socket = tls.createSocket(plain, InputStream.nullInputStream(), true)) {
            plain.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 32 * 1024);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 32 * 1024);
            boolean more = true;
            while (more) {
                Optional<Exchange> exchange = read(in, out, plain);
                if (exchange.isEmpty()) {
                    return;
                }
                handler.handle(exchange.get());
                more = exchange.get().finish() && !endingConnections;
            }
        } catch (IOException e) {
            // The client went away or was sent away; what it saw is its affair.
        } finally {
            connections.remove(plain);
        }
    }

    private Optional<Exchange> read(InputStream in, OutputStream out, Socket socket) throws IOException {
        String first = line(in);
        String[] words = first.split(" ");
        if (words.length != 3) {
            return Optional.empty();
        }
        Map<String, List<String>> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        int mark = words[1].indexOf('?');
        LoggedRequest request = new LoggedRequest(
                words[0],
                mark < 0 ? words[1] : words[1].substring(0, mark),
                mark < 0 ? "" : words[1].substring(mark + 1),
                Map.copyOf(headers));
        log.add(request);
        long length = request.header("transfer-encoding").isPresent()
                ? -1
                : request.header("content-length").map(Long::parseLong).orElse(0L);
        boolean expects = request.header("expect")
                .filter("100-continue"::equalsIgnoreCase)
                .isPresent();
        RequestBody body = new RequestBody(in, out, length, expects, request::received);
        return Optional.of(new Exchange(request, body, out, socket));
    }

    /** A line without its end; empty at the end of the stream too. */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (line.length() == LONGEST_LINE) {
                throw new IOException("a line of a request is too long");
            }
            line.append((char) c);
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }
}
