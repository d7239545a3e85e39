package dev.sessionpublish.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port that answers HTTP requests with one thread of its own, which never waits for a client. Held connections can
 * stall neither it nor one another: each is cut after a while, and when there are too many, the oldest one of the address
 * with the most is cut for a new one. A client that sends its request at once is therefore answered, however many
 * connections others hold.
 */
final class HttpPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);
    private static final int BACKLOG = 1024;
    /** How often overdue connections are looked for while there are any. */
    private static final Duration TICK = Duration.ofMillis(250);

    /**
     * @param connections how many are open at the same time
     * @param exchange how long a connection may last, from its first byte to its last
     */
    record Limits(int connections, Duration exchange) {}

    private final ServerSocketChannel server;
    private final Selector selector;
    private final SelectionKey accepting;
    private final int port;
    private final Limits limits;
    private final Function<RequestLine, HttpAnswer> answers;
    private final Thread thread;
    /** Oldest first. */
    private final Set<HttpConnection> connections = new LinkedHashSet<>();

    private HttpPort(
            String name,
            ServerSocketChannel server,
            Selector selector,
            Limits limits,
            Function<RequestLine, HttpAnswer> answers)
            throws IOException {
        this.server = server;
        this.selector = selector;
        this.limits = limits;
        this.answers = answers;
        this.port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        server.configureBlocking(false);
        this.accepting = server.register(selector, SelectionKey.OP_ACCEPT);
        this.thread = new Thread(this::serve, name);
        thread.setDaemon(true);
    }

    /**
     * Listens on all addresses.
     *
     * @param name of the thread
     * @param port 0 for any free port
     * @param answers called in the port's thread for each GET or HEAD
     * @throws IOException if the port can't be bound
     */
    static HttpPort open(String name, int port, Limits limits, Function<RequestLine, HttpAnswer> answers)
            throws IOException {
        Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.bind(new InetSocketAddress(port), BACKLOG);
            HttpPort opened = new HttpPort(name, server, selector, limits, answers);
            opened.thread.start();
            return opened;
        } catch (IOException e) {
            server.close();
            selector.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        try (server;
                selector) {
            while (!thread.isInterrupted()) {
                selector.select(connections.isEmpty() && accepts() ? 0 : TICK.toMillis());
                selector.selectedKeys().stream()
                        .map(SelectionKey::attachment)
                        .filter(HttpConnection.class::isInstance)
                        .map(HttpConnection.class::cast)
                        .forEach(this::proceed);
                cutOverdue();
                if (!accepts()) {
                    accepting.interestOps(SelectionKey.OP_ACCEPT);
                } else if (selector.selectedKeys().contains(accepting)) {
                    accept();
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            LOG.error("Port {} is no longer served", port, e);
        } finally {
            connections.forEach(HttpConnection::close);
        }
    }

    private boolean accepts() {
        return accepting.interestOps() != 0;
    }

    /** Accepts fewer at a time than may be open, so that each is read from before it could be cut for another. */
    private void accept() {
        try {
            for (int i = 0; i < Math.max(1, limits.connections / 2); i++) {
                SocketChannel channel = server.accept();
                if (channel == null) {
                    return;
                }
                if (connections.size() >= limits.connections) {
                    cutOne();
                }
                add(channel);
            }
        } catch (IOException e) {
            LOG.warn("Port {} can't accept a connection: {}", port, e.getMessage());
            cutOne();
            accepting.interestOps(0);
        }
    }

    private void add(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        HttpConnection connection = new HttpConnection(channel, key);
        key.attach(connection);
        connections.add(connection);
        proceed(connection);
    }

    private void proceed(HttpConnection connection) {
        boolean goesOn;
        try {
            goesOn = connection.proceed(this::answer);
        } catch (IOException e) {
            goesOn = false;
        }
        if (!goesOn) {
            cut(connection);
        }
    }

    private HttpAnswer answer(RequestLine request) {
        try {
            return answers.apply(request);
        } catch (RuntimeException e) {
            LOG.error("No answer to {} {}", request.method(), request.path(), e);
            return HttpAnswer.FAILED;
        }
    }

    private void cutOverdue() {
        List<HttpConnection> overdue = connections.stream()
                .takeWhile(each -> each.ageNanos() > limits.exchange.toNanos())
                .toList();
        overdue.forEach(this::cut);
    }

    private void cutOne() {
        connections.stream()
                .collect(Collectors.groupingBy(HttpConnection::peer, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .max(Comparator.comparingInt(List::size))
                .ifPresent(most -> cut(most.get(0)));
    }

    private void cut(HttpConnection connection) {
        connections.remove(connection);
        connection.close();
    }
}
