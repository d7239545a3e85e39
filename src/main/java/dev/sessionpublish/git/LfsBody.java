package dev.sessionpublish.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/** The body that carries one LFS object, passed on as it comes; one buffer is held. */
final class LfsBody extends AbstractHttpEntity implements StallGuard.Body {
    private static final int BUFFER = 64 * 1024;

    private final LfsContent content;
    private final long length;
    private volatile long writingSince;
    private volatile long sentAt;

    LfsBody(LfsContent content, long length) {
        super("application/octet-stream", null, false);
        this.content = content;
        this.length = length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            writingSince = System.nanoTime() | 1;
            out.write(buffer, 0, read);
            writingSince = 0;
        }
        writingSince = System.nanoTime() | 1;
        out.flush();
        writingSince = 0;
        sentAt = System.nanoTime() | 1;
    }

    @Override
    public boolean isSentSince(long nanos) {
        long at = sentAt;
        return at != 0 && System.nanoTime() - at > nanos;
    }

    @Override
    public boolean isStalled(long nanos) {
        long since = writingSince;
        return since != 0 && System.nanoTime() - since > nanos;
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public long getContentLength() {
        return length;
    }

    @Override
    public boolean isStreaming() {
        return true;
    }

    @Override
    public InputStream getContent() {
        throw new UnsupportedOperationException("this body is only written");
    }

    @Override
    public void close() {
        // the content belongs to whoever made it
    }
}
