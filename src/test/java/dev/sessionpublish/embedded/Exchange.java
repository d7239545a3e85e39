package dev.sessionpublish.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One request on a connection and the way to answer it: whole, as a stream in chunks, or not at all. */
final class Exchange {
    /** Thrown after a reset, so that nothing more is done with the connection. */
    static final class Reset extends IOException {
        Reset() {
            super("the connection was reset on purpose");
        }
    }

    private final LoggedRequest request;
    private final RequestBody body;
    private final OutputStream out;
    private final Socket socket;
    private boolean last;

    Exchange(LoggedRequest request, RequestBody body, OutputStream out, Socket socket) {
        this.request = request;
        this.body = body;
        this.out = out;
        this.socket = socket;
    }

    LoggedRequest request() {
        return request;
    }

    InputStream body() {
        return body;
    }

    /** Answers in one piece, the request's body read or not. */
    void answer(int status, Map<String, String> headers, byte[] content) throws IOException {
        last |= !body.ended();
        head(status, headers, "Content-Length: " + content.length);
        out.write(content);
        out.flush();
        request.sent(content.length);
    }

    /** Begins an answer of unknown length; {@link OutputStream#close} ends it. */
    OutputStream answer(int status, Map<String, String> headers) throws IOException {
        head(status, headers, "Transfer-Encoding: chunked");
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b});
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (length > 0) {
                    ascii(Integer.toHexString(length) + "\r\n");
                    out.write(bytes, offset, length);
                    ascii("\r\n");
                    out.flush();
                    request.sent(length);
                }
            }

            @Override
            public void close() throws IOException {
                ascii("0\r\n\r\n");
                out.flush();
            }
        };
    }

    /** Ends the connection the hard way: TCP reset, nothing of TLS. */
    Reset reset() throws Reset {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // Gone already, which is what was wanted.
        }
        throw new Reset();
    }

    /** Reads what is left of the request, so that closing can't destroy the answer on its way; says whether to go on. */
    boolean finish() throws IOException {
        body.transferTo(OutputStream.nullOutputStream());
        return !last;
    }

    private void head(int status, Map<String, String> headers, String framing) throws IOException {
        request.answered(status);
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        ascii(head + framing + "\r\n" + (last ? "Connection: close\r\n" : "") + "\r\n");
    }

    private void ascii(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
