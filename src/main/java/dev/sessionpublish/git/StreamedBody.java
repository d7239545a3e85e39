package dev.sessionpublish.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/**
 * A request body that is streamed once and measures for how long the forge has read nothing. Keeps one buffer in
 * memory. Does not close its source.
 */
public abstract class StreamedBody extends AbstractHttpEntity implements TransferTimeout.Body {
    private static final int BUFFER = 64 * 1024;

    private volatile long writingSince;
    private volatile long sentAt;

    public StreamedBody(String contentType, boolean chunked) {
        super(contentType, null, chunked);
    }

    /** Reads the next bytes; -1 at the end. */
    protected abstract int read(byte[] buffer) throws IOException;

    /** Called after the forge has read the bytes of the last read. */
    protected void taken() {}

    @Override
    public final void writeTo(OutputStream out) throws IOException {
        try {
            write(out);
        } finally {
            // A response that arrives meanwhile ends the sending too.
            writingSince = 0;
            sentAt = System.nanoTime() | 1;
        }
    }

    private void write(OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = read(buffer); read >= 0; read = read(buffer)) {
            writingSince = System.nanoTime() | 1;
            out.write(buffer, 0, read);
            writingSince = 0;
            taken();
        }
        writingSince = System.nanoTime() | 1;
        out.flush();
    }

    @Override
    public final boolean isSentSince(long nanos) {
        long at = sentAt;
        return at != 0 && System.nanoTime() - at > nanos;
    }

    @Override
    public final boolean isStalled(long nanos) {
        long since = writingSince;
        return since != 0 && System.nanoTime() - since > nanos;
    }

    @Override
    public final boolean isRepeatable() {
        return false;
    }

    @Override
    public final boolean isStreaming() {
        return true;
    }

    @Override
    public final InputStream getContent() {
        throw new UnsupportedOperationException("this body can only be written to a stream");
    }

    @Override
    public final void close() {
        // There is nothing to release.
    }
}
