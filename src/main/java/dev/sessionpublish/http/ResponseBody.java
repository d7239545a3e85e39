package dev.sessionpublish.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * The body of a response that must end before a deadline. Closing it before its end closes the connection: the rest is
 * never read, because it may be endless. The end itself is awaited for a second, so that the connection of a response
 * of which everything but the end has been read can be used again.
 */
final class ResponseBody extends HttpEntityWrapper {
    private static final Duration LONGEST_END = Duration.ofSeconds(1);

    private final InputStream content;

    ResponseBody(HttpEntity body, Deadline deadline, ExecRuntime connection) throws IOException {
        super(body);
        this.content = new Content(body.getContent(), deadline, connection);
    }

    @Override
    public InputStream getContent() {
        return content;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        content.transferTo(out);
    }

    @Override
    public void close() throws IOException {
        content.close();
    }

    private static final class Content extends FilterInputStream {
        private final Deadline deadline;
        private final ExecRuntime connection;
        private boolean ended;

        private Content(InputStream in, Deadline deadline, ExecRuntime connection) {
            super(in);
            this.deadline = deadline;
            this.connection = connection;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (ended) {
                return -1;
            }
            try {
                int read = super.read(into, offset, length);
                if (read < 0) {
                    end();
                }
                return read;
            } catch (IOException e) {
                throw deadline.explain(e);
            }
        }

        private void end() {
            ended = true;
            deadline.stop();
        }

        @Override
        public void close() {
            if (ended) {
                return;
            }
            deadline.in(LONGEST_END);
            try {
                read();
            } catch (IOException e) {
                // The caller has what it wanted of the response.
            }
            if (!ended) {
                connection.discardEndpoint();
                end();
            }
        }
    }
}
