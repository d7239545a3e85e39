package dev.sessionpublish.git.lfs;

import dev.sessionpublish.git.StreamedBody;
import java.io.IOException;

/** The request body with one LFS object. */
final class LfsBody extends StreamedBody {
    private final LfsContent content;
    private final long length;

    LfsBody(LfsContent content, long length) {
        super("application/octet-stream", false);
        this.content = content;
        this.length = length;
    }

    @Override
    protected int read(byte[] buffer) throws IOException {
        return content.read(buffer);
    }

    @Override
    public long getContentLength() {
        return length;
    }
}
