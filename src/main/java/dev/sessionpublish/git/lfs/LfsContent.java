package dev.sessionpublish.git.lfs;

import dev.sessionpublish.git.GitProtocolException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Verifies an LFS object while it is read. The last bytes are returned only if the size and the hash are correct. An
 * empty object has no last bytes: it is verified by {@link #requireMatchIfEmpty} before anything is sent.
 */
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

    /** @throws GitProtocolException if the object is empty and has another hash than that of no bytes */
    void requireMatchIfEmpty() throws GitProtocolException {
        if (object.size() == 0) {
            requireMatch();
        }
    }

    private void requireMatch() throws GitProtocolException {
        if (!HexFormat.of().formatHex(digest.digest()).equals(object.oid())) {
            throw new GitProtocolException("the LFS object " + object.oid() + " does not match its pointer");
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
                throw new EOFException("the LFS object " + object.oid() + " is truncated");
            }
            digest.update(into, offset, read);
            left -= read;
            if (left == 0) {
                requireMatch();
            }
            return read;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Rethrows the content's failure if it caused the request to fail. */
    void rethrowFailure() throws IOException {
        IOException own = failure;
        if (own != null) {
            throw own;
        }
    }
}
