package dev.sessionpublish.git;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A pack as it passes (git's gitformat-pack: {@code PACK}, version, objects, and a trailer that is the hash of all
 * before it). The trailer is held back until the input has ended and the hash been compared, so that a pack that was
 * cut short never arrives whole. Reading throws {@link EOFException} for a cut pack, {@link GitProtocolException} for
 * what doesn't start as a pack, {@link TooLargeException} beyond the limit.
 */
public final class Pack extends InputStream {
    private static final byte[] SIGNATURE = {'P', 'A', 'C', 'K'};
    private static final int BUFFER = 64 * 1024;

    private final InputStream in;
    private final long maxBytes;
    private final int trailerLength;
    private final MessageDigest digest;
    private final byte[] buffer;
    private int start;
    private int end;
    private long bytes;
    private boolean ended;

    /** The pack is larger than what is allowed. */
    public static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;

        TooLargeException(long maxBytes) {
            super("the pack is larger than " + maxBytes + " bytes");
        }
    }

    /** @param maxBytes the largest size that is let through, trailer included */
    public Pack(InputStream in, ObjectFormat format, long maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
        this.trailerLength = format.bytes();
        this.digest = format.digest();
        this.buffer = new byte[BUFFER];
    }

    /** Bytes let through so far. */
    public long bytes() {
        return bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ended && end - start <= trailerLength) {
            fill();
        }
        int ready = ended ? end - start : end - start - trailerLength;
        if (ready == 0) {
            return -1;
        }
        int count = Math.min(length, ready);
        System.arraycopy(buffer, start, into, offset, count);
        if (!ended) {
            digest.update(buffer, start, count);
        }
        start += count;
        bytes += count;
        return count;
    }

    /** Reads once more from the input; at its end, compares the trailer. */
    private void fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        int read = in.read(buffer, end, buffer.length - end);
        if (read >= 0) {
            end += read;
            requireSignature();
            if (bytes + end > maxBytes) {
                throw new TooLargeException(maxBytes);
            }
            return;
        }
        int content = Math.max(0, end - trailerLength);
        digest.update(buffer, 0, content);
        if (end < trailerLength || !Arrays.equals(digest.digest(), Arrays.copyOfRange(buffer, content, end))) {
            throw new EOFException("the pack was cut short");
        }
        ended = true;
    }

    private void requireSignature() throws GitProtocolException {
        int known = Math.min(end, SIGNATURE.length);
        if (bytes == 0 && !Arrays.equals(buffer, 0, known, SIGNATURE, 0, known)) {
            throw new GitProtocolException("what the sandbox sent isn't a pack");
        }
    }
}
