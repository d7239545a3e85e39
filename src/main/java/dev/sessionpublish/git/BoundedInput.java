package dev.sessionpublish.git;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Lets a given number of bytes through, then fails with a {@link GitProtocolException}. */
public final class BoundedInput extends FilterInputStream {
    private final long limit;
    private long left;

    public BoundedInput(InputStream in, long limit) {
        super(in);
        this.limit = limit;
        this.left = limit;
    }

    @Override
    public int read() throws IOException {
        return count(super.read(), 1);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        return count(read, read);
    }

    private int count(int result, int bytes) throws GitProtocolException {
        if (result >= 0) {
            left -= bytes;
            if (left < 0) {
                throw new GitProtocolException("the answer is over " + limit + " bytes");
            }
        }
        return result;
    }
}
