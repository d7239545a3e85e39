package dev.sessionpublish.telemetry;

import java.time.Duration;
import java.util.Map;

/**
 * What is done, as spans: a trace is a span that is begun in a thread where none is open, with all that are begun in it.
 * Spans are closed in the thread that began them, the last begun first.
 */
public interface Traces extends AutoCloseable {
    /** Keeps nothing, and costs nothing. */
    Traces OFF = new Traces() {
        @Override
        public Span begin(String name) {
            return Span.NONE;
        }

        @Override
        public void did(String name, Duration took, Map<String, String> attributes) {
            // Nobody is told.
        }

        @Override
        public void close() {
            // There is nothing to send.
        }
    };

    Span begin(String name);

    /**
     * Something that has been asked of somebody else and has just come to its end, in the span that is open in this
     * thread; where none is open it is forgotten.
     *
     * @param attributes redacted; each value is made one clean line of at most 200 bytes
     */
    void did(String name, Duration took, Map<String, String> attributes);

    /** Sends what has not been sent yet, for a few seconds at most. */
    @Override
    void close();

    /** Something that is being done. */
    interface Span extends AutoCloseable {
        Span NONE = new Span() {
            @Override
            public Span with(String key, String value) {
                return this;
            }

            @Override
            public void failed(String reason) {
                // Nobody is told.
            }

            @Override
            public void close() {
                // It was never open.
            }
        };

        /** @param value redacted; made one clean line of at most 200 bytes */
        Span with(String key, String value);

        /** @param reason a word of our own: no text of others belongs here */
        void failed(String reason);

        @Override
        void close();
    }
}
