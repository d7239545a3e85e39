package dev.sessionpublish.git;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a remote's hooks print during a push, of which the first and the last 8 KiB are kept. What is left out between
 * them takes the lines that it cuts with it, so that no secret is left in part, which nobody would know for one.
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

    /** As UTF-8; malformed bytes become U+FFFD. */
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
