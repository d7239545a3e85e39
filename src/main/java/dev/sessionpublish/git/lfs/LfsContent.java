package dev.sessionpublish.git.lfs;

import dev.sessionpublish.git.GitProtocolException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An LFS object as it passes: of the announced size, its last bytes let through only when the hash is right. */
final class LfsContent extends InputStream {
    private final InputStream in;
    private final LfsObject object;
    private final MessageDigest digest;
    private long left;
    private @Nullable IOException failure;

    LfsContent(InputStream in, LfsObject object) {
        this.in = in;
        this.object = object;
        this.left = object.size();
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
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
        if (left == 0) {
            return -1;
        }
        try {
            int read = in.read(into, offset, (int) Math.min(length, left));
            if (read < 0) {
                throw new EOFException("an LFS object was cut short");
            }
            digest.update(into, offset, read);
            left -= read;
            if (left == 0 && !HexFormat.of().formatHex(digest.digest()).equals(object.oid())) {
                throw new GitProtocolException("an LFS object is not what its pointer says");
            }
            return read;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** When a request failed because its content did, that failure is the one to tell. */
    void rethrowFailure() throws IOException {
        IOException own = failure;
        if (own != null) {
            throw own;
        }
    }
}
