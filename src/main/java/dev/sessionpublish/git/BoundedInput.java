package dev.sessionpublish.git;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that throws a {@link GitProtocolException} when more than a given number of bytes is read. */
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
                throw new GitProtocolException("the response exceeds " + limit + " bytes");
            }
        }
        return result;
    }
}
