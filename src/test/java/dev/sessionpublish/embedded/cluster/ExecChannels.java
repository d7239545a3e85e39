package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The streams of an exec over one WebSocket, by the remote command protocols v4 and v5: each message begins with the
 * number of its channel. Memory is bounded both ways: a slow client holds the process, a slow process the client.
 */
final class ExecChannels {
    private static final byte STDIN = 0;
    static final byte STDOUT = 1;
    static final byte STDERR = 2;
    private static final byte ERROR = 3;
    private static final int CLOSE = 255;
    private static final int CHUNK = 16 * 1024;
    private static final int STDIN_HELD = 256 * 1024;
    private static final Buffer END = Buffer.buffer();

    private final ServerWebSocket socket;
    private final LinkedBlockingQueue<Buffer> input = new LinkedBlockingQueue<>();
    private final AtomicInteger held = new AtomicInteger();
    private final Object drained = new Object();
    private volatile Future<Void> lastWrite = Future.succeededFuture();
    private volatile boolean gone;

    ExecChannels(ServerWebSocket socket, Runnable whenGone) {
        this.socket = socket;
        socket.drainHandler(any -> wakeWriters());
        socket.exceptionHandler(any -> {});
        socket.closeHandler(any -> {
            gone = true;
            input.add(END);
            wakeWriters();
            whenGone.run();
        });
        socket.binaryMessageHandler(this::receive);
    }

    private void wakeWriters() {
        synchronized (drained) {
            drained.notifyAll();
        }
    }

    private void receive(Buffer message) {
        if (message.length() == 0) {
            return;
        }
        int channel = message.getUnsignedByte(0);
        if (channel == STDIN && message.length() > 1) {
            input.add(message.slice(1, message.length()));
            if (held.addAndGet(message.length() - 1) > STDIN_HELD) {
                socket.pause();
            }
        } else if (channel == CLOSE && message.length() > 1 && message.getByte(1) == STDIN) {
            input.add(END);
        }
    }

    /** Tells the client that the streams are there, as the real server does: an empty message. */
    void open(byte channel) throws IOException {
        send(channel, new byte[0], 0);
    }

    /** Copies what the client sends until it closes its stdin or goes away. */
    void copyInput(OutputStream to) {
        boolean broken = false;
        try {
            for (Buffer next = input.take(); next != END; next = input.take()) {
                if (!broken) {
                    broken = !write(next, to);
                }
                if (held.addAndGet(-next.length()) <= STDIN_HELD) {
                    socket.resume();
                }
            }
            to.close();
        } catch (IOException e) {
            return; // the process has ended before its input
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean write(Buffer next, OutputStream to) {
        try {
            to.write(next.getBytes());
            to.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Copies until the stream ends, or up to a number of bytes.
     *
     * @param limit -1 for none
     * @return whether the stream ended before the limit
     */
    boolean copyOutput(InputStream from, byte channel, long limit) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long left = limit < 0 ? Long.MAX_VALUE : limit;
        while (left > 0) {
            int read = from.read(chunk, 0, (int) Math.min(chunk.length, left));
            if (read < 0) {
                return true;
            }
            send(channel, chunk, read);
            left -= read;
        }
        return false;
    }

    private void send(byte channel, byte[] bytes, int length) throws IOException {
        try {
            awaitRoom();
            lastWrite = socket.writeBinaryMessage(
                    Buffer.buffer(length + 1).appendByte(channel).appendBytes(bytes, 0, length));
        } catch (IllegalStateException e) {
            throw new IOException("the client has gone", e); // as the socket says it when it closes meanwhile
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void awaitRoom() throws IOException, InterruptedException {
        synchronized (drained) {
            while (!gone && socket.writeQueueFull()) {
                drained.wait(1_000);
            }
        }
        if (gone) {
            throw new IOException("the client has gone");
        }
    }

    /** Runs something once what was sent has left this process. */
    void afterLastWrite(Runnable action) {
        lastWrite.onComplete(any -> action.run());
    }

    /** Ends in order: the status on the error channel, then a close frame; a client that has gone gets neither. */
    void finish(JsonNode status) throws IOException {
        byte[] text = Json.write(status).getBytes(StandardCharsets.UTF_8);
        send(ERROR, text, text.length);
        socket.close((short) 1000, "");
    }
}
