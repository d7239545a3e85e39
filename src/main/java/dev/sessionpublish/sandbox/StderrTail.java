package dev.sessionpublish.sandbox;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the last bytes that are written to it. */
final class StderrTail extends OutputStream {
    private final byte[] ring;
    private long written;

    StderrTail(int capacity) {
        this.ring = new byte[capacity];
    }

    @Override
    public synchronized void write(int one) {
        ring[(int) (written++ % ring.length)] = (byte) one;
    }

    @Override
    public synchronized void write(byte[] from, int offset, int count) {
        for (int i = Math.max(0, count - ring.length); i < count; i++) {
            write(from[offset + i]);
        }
    }

    /** The bytes as UTF-8. Malformed bytes, such as a character cut at the start, become U+FFFD. */
    synchronized String text() {
        int length = (int) Math.min(written, ring.length);
        byte[] last = new byte[length];
        for (int i = 0; i < length; i++) {
            last[i] = ring[(int) ((written - length + i) % ring.length)];
        }
        return new String(last, StandardCharsets.UTF_8);
    }
}
