package dev.sessionpublish.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections that a client opens, sends something on, and then leaves as they are. */
final class HeldConnections implements AutoCloseable {
    private final List<Socket> sockets = new ArrayList<>();

    /**
     * Opens some more.
     *
     * @param from the address on this host that they come from
     * @param sent on each, once
     */
    void open(int count, String from, int port, String sent) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket();
            sockets.add(socket);
            socket.setReceiveBufferSize(4096);
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** How many the other end still keeps, as far as it shows without taking more than a byte of what it sent. */
    long kept() {
        return sockets.stream().filter(HeldConnections::isKept).count();
    }

    private static boolean isKept(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() >= 0;
        } catch (java.net.SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
