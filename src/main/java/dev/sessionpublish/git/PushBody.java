package dev.sessionpublish.git;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of a push: the ref update, then the pack. Like git, it reads and verifies a pack of up to 1 MiB before
 * sending it with a Content-Length, and streams a larger pack in chunks. It keeps at most 1 MiB and one buffer in
 * memory.
 */
public final class PushBody extends StreamedBody {
    private static final int WHOLE = 1 << 20;

    private final InputStream content;
    private final Pack pack;
    private final long contentLength;
    private final Progress progress;
    private @Nullable IOException packFailure;

    /** Called while the push is sent. */
    @FunctionalInterface
    public interface Progress {
        /** Called before anything is sent. An exception that it throws ends the push. */
        default void begins() {}

        /** Called between two writes with the number of bytes of the pack that the forge has accepted. */
        void sent(long bytes);
    }

    private PushBody(byte[] head, Pack pack, long contentLength, Progress progress) {
        super("application/x-git-receive-pack-request", contentLength < 0);
        this.content = new SequenceInputStream(new ByteArrayInputStream(head), pack);
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
    protected int read(byte[] buffer) throws IOException {
        try {
            return content.read(buffer);
        } catch (IOException e) {
            packFailure = e;
            throw e;
        }
    }

    @Override
    protected void taken() {
        progress.sent(pack.bytes());
    }

    /** Rethrows the pack's failure if it caused the request to fail. */
    void rethrowPackFailure() throws IOException {
        Optional<IOException> failure = Optional.ofNullable(packFailure);
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    @Override
    public long getContentLength() {
        return contentLength;
    }
}
