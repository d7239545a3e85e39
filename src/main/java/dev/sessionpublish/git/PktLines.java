package dev.sessionpublish.git;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads pkt-lines (git's gitprotocol-common: four hexadecimal digits with the length including themselves, then at most
 * 65,516 bytes). {@code 0000} is a flush. {@code 0001} and {@code 0002} belong to protocol version 2, which is not
 * supported; they, {@code 0003} and non-hexadecimal lengths are errors.
 */
final class PktLines {
    static final int MAX_LENGTH = 65_520;

    private final InputStream in;

    PktLines(InputStream in) {
        this.in = in;
    }

    /**
     * The next line's bytes; empty for a flush.
     *
     * @throws EOFException if the input ends, in a line or between two lines
     */
    Optional<byte[]> next() throws IOException {
        byte[] head = in.readNBytes(4);
        if (head.length < 4) {
            throw new EOFException("the response ends early");
        }
        int length = 0;
        for (byte digit : head) {
            int value = digit < 0 ? -1 : Character.digit((char) digit, 16);
            if (value < 0) {
                throw new GitProtocolException("a pkt-line does not start with four hexadecimal digits");
            }
            length = length * 16 + value;
        }
        if (length == 0) {
            return Optional.empty();
        }
        if (length < 4 || length > MAX_LENGTH) {
            throw new GitProtocolException("a pkt-line has the invalid length " + length);
        }
        byte[] line = in.readNBytes(length - 4);
        if (line.length < length - 4) {
            throw new EOFException("the response ends within a pkt-line");
        }
        return Optional.of(line);
    }

    /** The next line as text, without its line feed; empty for a flush. Malformed UTF-8 becomes U+FFFD. */
    Optional<String> nextText() throws IOException {
        return next().map(line -> {
            int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
            return new String(line, 0, end, StandardCharsets.UTF_8);
        });
    }

    /** Encodes a line to send. */
    static byte[] encode(byte[] payload) {
        if (payload.length > MAX_LENGTH - 4) {
            throw new IllegalArgumentException("a pkt-line holds at most 65,516 bytes");
        }
        byte[] length = String.format("%04x", payload.length + 4).getBytes(StandardCharsets.US_ASCII);
        byte[] line = new byte[payload.length + 4];
        System.arraycopy(length, 0, line, 0, 4);
        System.arraycopy(payload, 0, line, 4, payload.length);
        return line;
    }
}
