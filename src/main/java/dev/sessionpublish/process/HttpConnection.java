package dev.sessionpublish.process;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer on a connection that never blocks. What follows the request's head is read and dropped, so
 * that the answer isn't lost to a reset.
 */
final class HttpConnection {
    private static final int LONGEST_HEAD = 8 * 1024;
    /** One write takes no more: the JDK copies what it writes out of the heap. */
    private static final int LONGEST_WRITE = 64 * 1024;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final InetAddress peer;
    private final long accepted = System.nanoTime();
    private final ByteBuffer in = ByteBuffer.allocate(LONGEST_HEAD);
    /** How much of the head has been searched for the empty line that ends it. */
    private int searched;

    private boolean lineIsEmpty;
    private @Nullable ByteBuffer out;

    HttpConnection(SocketChannel channel, SelectionKey key) {
        this.channel = channel;
        this.key = key;
        this.peer = channel.socket().getInetAddress();
    }

    InetAddress peer() {
        return peer;
    }

    /** How long ago it was accepted. */
    long ageNanos() {
        return System.nanoTime() - accepted;
    }

    /**
     * Reads and writes as much as is possible without waiting.
     *
     * @return false when it has ended
     * @throws IOException if the other end has reset it
     */
    boolean proceed(Function<RequestLine, HttpAnswer> answers) throws IOException {
        if (out == null) {
            int read = channel.read(in);
            Optional<ByteBuffer> answer = answer(answers);
            if (answer.isEmpty()) {
                return read >= 0;
            }
            out = answer.get();
            key.interestOps(SelectionKey.OP_WRITE);
        }
        if (out.hasRemaining()) {
            out.position(out.position() + channel.write(part(out)));
            if (out.hasRemaining()) {
                return true;
            }
            channel.shutdownOutput();
            key.interestOps(SelectionKey.OP_READ);
        }
        return channel.read(in.clear()) >= 0;
    }

    void close() {
        key.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
    }

    /** The answer, if the head has arrived or is too large. */
    private Optional<ByteBuffer> answer(Function<RequestLine, HttpAnswer> answers) {
        for (; searched < in.position(); searched++) {
            byte each = in.get(searched);
            if (each == '\n' && lineIsEmpty) {
                return Optional.of(answer(new String(in.array(), 0, searched, StandardCharsets.ISO_8859_1), answers));
            }
            lineIsEmpty = each == '\n' || lineIsEmpty && each == '\r';
        }
        return in.hasRemaining() ? Optional.empty() : Optional.of(HttpAnswer.HEAD_TOO_LARGE.bytes(true));
    }

    private static ByteBuffer answer(String head, Function<RequestLine, HttpAnswer> answers) {
        Optional<RequestLine> line = head.stripLeading().lines().findFirst().flatMap(RequestLine::parse);
        HttpAnswer answer = line.map(each -> each.isRead() ? answers.apply(each) : HttpAnswer.NOT_ALLOWED)
                .orElse(HttpAnswer.BAD_REQUEST);
        return answer.bytes(line.stream().noneMatch(RequestLine::isHead));
    }

    private static ByteBuffer part(ByteBuffer whole) {
        return whole.slice(whole.position(), Math.min(whole.remaining(), LONGEST_WRITE));
    }
}
