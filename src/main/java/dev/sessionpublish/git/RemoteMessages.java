package dev.sessionpublish.git;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The output of a remote's hooks during a push. Keeps the first and the last 8 KiB. If output is dropped between them,
 * the partial lines at the gap are dropped too, because the redactor would not recognize part of a secret.
 */
final class RemoteMessages {
    private static final int KEPT = 8 * 1024;

    private final ByteArrayOutputStream first = new ByteArrayOutputStream();
    private final byte[] last = new byte[KEPT];
    private long afterFirst;

    void add(byte[] from, int offset, int length) {
        int taken = Math.min(length, KEPT - first.size());
        first.write(from, offset, taken);
        for (int i = offset + taken; i < offset + length; i++) {
            last[(int) (afterFirst++ % KEPT)] = from[i];
        }
    }

    /** The output as UTF-8. Malformed bytes become U+FFFD. */
    String text() {
        String head = first.toString(StandardCharsets.UTF_8);
        int count = (int) Math.min(afterFirst, KEPT);
        byte[] tail = new byte[count];
        for (int i = 0; i < count; i++) {
            tail[i] = last[(int) ((afterFirst - count + i) % KEPT)];
        }
        if (afterFirst <= KEPT) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(first.toByteArray());
            all.writeBytes(tail);
            return all.toString(StandardCharsets.UTF_8);
        }
        String end = new String(tail, StandardCharsets.UTF_8);
        int whole = end.indexOf('\n') + 1;
        return head.substring(0, head.lastIndexOf('\n') + 1) + (whole == 0 ? "" : end.substring(whole));
    }
}
