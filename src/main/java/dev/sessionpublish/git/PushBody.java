package dev.sessionpublish.git;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * The body of a push: the ref update, then the pack. A pack of up to 1 MiB is read, and proven whole, before anything
 * is sent, and goes with a Content-Length, as git does it; a larger one streams in chunks. At most 1 MiB and one buffer are
 * held.
 */
public final class PushBody extends AbstractHttpEntity implements StallGuard.Body {
    private static final int WHOLE = 1 << 20;
    private static final int BUFFER = 64 * 1024;

    private final byte[] head;
    private final Pack pack;
    private final long contentLength;
    private final Progress progress;
    private volatile long writingSince;
    private volatile long sentAt;
    private @Nullable IOException packFailure;

    /** Told, between two writes, how many bytes of the pack the forge has taken. */
    @FunctionalInterface
    public interface Progress {
        void sent(long bytes);
    }

    private PushBody(byte[] head, Pack pack, long contentLength, Progress progress) {
        super("application/x-git-receive-pack-request", null, contentLength < 0);
        this.head = head;
        this.pack = pack;
        this.contentLength = contentLength;
        this.progress = progress;
    }

    static PushBody of(byte[] command, Pack pack, Progress progress) throws IOException {
        byte[] first = pack.readNBytes(WHOLE);
        byte[] head = new byte[command.length + first.length];
        System.arraycopy(command, 0, head, 0, command.length);
        System.arraycopy(first, 0, head, command.length, first.length);
        return new PushBody(head, pack, first.length < WHOLE ? head.length : -1, progress);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        InputStream body = new SequenceInputStream(new ByteArrayInputStream(head), pack);
        for (int read = body.read(buffer); read >= 0; read = nextOf(body, buffer)) {
            writingSince = System.nanoTime() | 1;
            out.write(buffer, 0, read);
            writingSince = 0;
            progress.sent(pack.bytes());
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

    private int nextOf(InputStream body, byte[] buffer) throws IOException {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            packFailure = e;
            throw e;
        }
    }

    @Override
    public boolean isStalled(long nanos) {
        long since = writingSince;
        return since != 0 && System.nanoTime() - since > nanos;
    }

    /** When the request failed because the pack did, that failure is the one to tell. */
    void rethrowPackFailure() throws IOException {
        Optional<IOException> failure = Optional.ofNullable(packFailure);
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public long getContentLength() {
        return contentLength;
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
        // the pack belongs to whoever made it
    }
}
