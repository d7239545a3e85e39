package dev.sessionpublish.embedded;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * The body of one HTTP/1.1 request (RFC 9112, chapters 6 and 7): of a stated length or in chunks, read no further than
 * its end. The first read answers an {@code Expect: 100-continue}. The reader's wish for bytes is the sender's pace.
 */
final class RequestBody extends InputStream {
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InputStream in;
    private final OutputStream out;
    private final boolean chunked;
    private final LongConsumer counter;
    private boolean continueOwed;
    private boolean ended;
    private boolean firstChunk = true;
    private long remaining;

    /** @param length bytes, or a negative number for chunks */
    RequestBody(InputStream in, OutputStream out, long length, boolean continueOwed, LongConsumer counter) {
        this.in = in;
        this.out = out;
        this.chunked = length < 0;
        this.remaining = Math.max(0, length);
        this.ended = length == 0;
        this.continueOwed = continueOwed;
        this.counter = counter;
    }

    boolean ended() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        if (continueOwed) {
            continueOwed = false;
            out.write(CONTINUE);
            out.flush();
        }
        if (chunked && remaining == 0 && !nextChunk()) {
            ended = true;
            return -1;
        }
        int n = in.read(buffer, offset, (int) Math.min(length, remaining));
        if (n < 0) {
            throw new EOFException("the request ended within its body");
        }
        remaining -= n;
        ended = !chunked && remaining == 0;
        counter.accept(n);
        return n;
    }

    private boolean nextChunk() throws IOException {
        if (!firstChunk && !HttpsListener.line(in).isEmpty()) {
            throw new IOException("no end of line after a chunk");
        }
        firstChunk = false;
        String size = HttpsListener.line(in);
        int extension = size.indexOf(';');
        remaining = Long.parseLong((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
        if (remaining > 0) {
            return true;
        }
        while (!HttpsListener.line(in).isEmpty()) {
            // Trailers say nothing to us.
        }
        return false;
    }
}
