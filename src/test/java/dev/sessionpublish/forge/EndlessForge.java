package dev.sessionpublish.forge;

import dev.sessionpublish.embedded.TestCa;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;

/** A server over TLS whose responses never end; it holds a connection for as long as the client does. */
final class EndlessForge implements AutoCloseable {
    /** How a response never ends. */
    enum Way {
        BODY,
        DRIPPED_BODY,
        REFUSAL,
        DRIPPED_REFUSAL,
        GIANT_LENGTH,
        HEADER,
        HEADERS,
        DRIPPED_HEAD,
        INTERIM
    }

    private static final int DRIP_MILLIS = 20;

    private final SSLServerSocket server;
    private final Way way;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger served = new AtomicInteger();

    EndlessForge(TestCa ca, Way way) throws IOException {
        this.way = way;
        this.server = (SSLServerSocket)
                ca.serverContext().getServerSocketFactory().createServerSocket(0, 64, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    String authority() {
        return "localhost:" + server.getLocalPort();
    }

    /** The connections that the client has not ended. */
    int open() {
        return open.size();
    }

    int served() {
        return served.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                daemon(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "endless-forge");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = new BufferedOutputStream(socket.getOutputStream());
            while (true) {
                String head = head(in);
                served.incrementAndGet();
                if (head.startsWith("PUT /honest ")) {
                    in.skipNBytes(Content.lengthOf(head));
                    write(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    out.flush();
                } else {
                    answer(Content.of(head), out);
                }
            }
        } catch (IOException | InterruptedException e) {
            // The client has ended the connection.
        } finally {
            open.remove(socket);
        }
    }

    /** What a client expects: a content type, and how a response of it begins. */
    private record Content(String type, String begin) {
        private static Content of(String head) {
            if (head.contains("service=git-receive-pack")) {
                return new Content("application/x-git-receive-pack-advertisement", Refs.TEXT);
            }
            if (head.contains("service=git-upload-pack")) {
                return new Content(
                        "application/x-git-upload-pack-advertisement",
                        Refs.TEXT.replace("001f# service=git-receive-pack", "001e# service=git-upload-pack"));
            }
            if (head.contains("/git-receive-pack ")) {
                return new Content(
                        "application/x-git-receive-pack-result", "000eunpack ok\n0018ok refs/heads/topic\n0000");
            }
            return new Content("application/json", "{\"objects\":[\"");
        }

        private static long lengthOf(String head) {
            return Long.parseLong(head.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
        }
    }

    private void answer(Content content, OutputStream out) throws IOException, InterruptedException {
        String chunked = "Transfer-Encoding: chunked\r\n\r\n";
        String good = "HTTP/1.1 200 OK\r\nContent-Type: " + content.type + "\r\n";
        String bad = "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n";
        switch (way) {
            case BODY -> forever(out, good + chunked + chunk(content.begin), chunk("x".repeat(8000)), 0);
            case DRIPPED_BODY -> forever(out, good + chunked + chunk(content.begin), chunk("x"), DRIP_MILLIS);
            case REFUSAL -> forever(out, bad + chunked, chunk("x".repeat(8000)), 0);
            case DRIPPED_REFUSAL -> forever(out, bad + chunked, chunk("x"), DRIP_MILLIS);
            case GIANT_LENGTH ->
                forever(
                        out,
                        good + "Content-Length: " + Long.MAX_VALUE + "\r\n\r\n" + content.begin,
                        "x".repeat(8000),
                        0);
            case HEADER -> forever(out, "HTTP/1.1 200 OK\r\nX-Long: ", "x".repeat(8000), 0);
            case HEADERS -> forever(out, "HTTP/1.1 200 OK\r\n", "X-Many: x\r\n".repeat(100), 0);
            case DRIPPED_HEAD -> forever(out, "HTTP/1.1 200 OK\r\nX-Slow: ", "x", DRIP_MILLIS);
            case INTERIM -> forever(out, "", "HTTP/1.1 102 Processing\r\n\r\n", DRIP_MILLIS);
        }
    }

    private static void forever(OutputStream out, String begin, String part, long millis)
            throws IOException, InterruptedException {
        write(out, begin);
        while (true) {
            write(out, part);
            out.flush();
            if (millis > 0) {
                Thread.sleep(millis);
            }
        }
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket each : open) {
            each.close();
        }
    }

    /** Complete refs of a repository. */
    static final class Refs {
        static final String ID = "1".repeat(40);
        private static final String FIRST = ID + " refs/heads/main\0report-status ofs-delta\n";
        static final String TEXT =
                "001f# service=git-receive-pack\n0000" + String.format("%04x", FIRST.length() + 4) + FIRST + "0000";

        private Refs() {}
    }
}
