package dev.sessionpublish.git;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Bytes of git's protocol for tests, good ones and bad ones. */
final class GitBytes {
    static final String ID = "1".repeat(40);
    static final String OTHER = "2".repeat(40);

    private GitBytes() {}

    /** More memory than any test needs. */
    static MemoryBudget.Share memory() {
        return new MemoryBudget(1L << 40, 0).open("team");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static InputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    /** One byte at each read, as a network may do it. */
    static InputStream slowly(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(1, length));
            }
        };
    }

    /** Pkt-lines of these texts; null is a flush. */
    static byte[] lines(String... texts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String each : texts) {
            out.writeBytes(each == null ? bytes("0000") : PktLines.encode(bytes(each)));
        }
        return out.toByteArray();
    }

    static byte[] band(int number, byte[] content) {
        byte[] line = new byte[content.length + 1];
        line[0] = (byte) number;
        System.arraycopy(content, 0, line, 1, content.length);
        return PktLines.encode(line);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] each : parts) {
            out.writeBytes(each);
        }
        return out.toByteArray();
    }

    static byte[] advertisement(String... refs) {
        return join(lines("# service=git-receive-pack\n", null), lines(refs), bytes("0000"));
    }

    /** The same bytes with a few of them changed, left out, doubled or cut off. */
    static byte[] mutated(byte[] good, Random random) {
        byte[] bad = good.clone();
        for (int n = random.nextInt(4); n >= 0 && bad.length > 0; n--) {
            int at = random.nextInt(bad.length);
            switch (random.nextInt(5)) {
                case 0 -> bad[at] = (byte) random.nextInt(256);
                case 1 -> bad[at] = bytes("0123456789abcdef \n\0")[random.nextInt(19)];
                case 2 -> bad = Arrays.copyOf(bad, at);
                case 3 -> bad = join(Arrays.copyOf(bad, at), Arrays.copyOfRange(bad, at + 1, bad.length));
                default ->
                    bad = join(Arrays.copyOf(bad, at), Arrays.copyOfRange(bad, random.nextInt(bad.length), bad.length));
            }
        }
        return bad;
    }
}
