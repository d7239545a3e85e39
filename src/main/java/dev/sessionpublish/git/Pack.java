package dev.sessionpublish.git;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Verifies a pack while it is read (git's gitformat-pack: {@code PACK}, version, objects, and a trailer with the hash
 * of the preceding bytes). The trailer is withheld until the input has ended and the hash has been verified, so that a
 * truncated pack is never complete. Reading throws {@link EOFException} for a truncated pack, {@link
 * GitProtocolException} if the input does not start with {@code PACK}, and {@link TooLargeException} beyond the size
 * limit.
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

    /** The pack exceeds the size limit. */
    public static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;

        TooLargeException(long maxBytes) {
            super("the pack exceeds " + maxBytes + " bytes");
        }
    }

    /** @param maxBytes the size limit, including the trailer */
    public Pack(InputStream in, ObjectFormat format, long maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
        this.trailerLength = format.bytes();
        this.digest = format.digest();
        this.buffer = new byte[BUFFER];
    }

    /** The number of bytes read so far. */
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

    /** Reads from the input once. At its end, verifies the trailer. */
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
            throw new EOFException("the pack is truncated");
        }
        ended = true;
    }

    private void requireSignature() throws GitProtocolException {
        int known = Math.min(end, SIGNATURE.length);
        if (bytes == 0 && !Arrays.equals(buffer, 0, known, SIGNATURE, 0, known)) {
            throw new GitProtocolException("the sandbox's output is not a pack");
        }
    }
}
