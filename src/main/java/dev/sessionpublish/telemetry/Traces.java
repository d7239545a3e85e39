package dev.sessionpublish.telemetry;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Records traces. A span that begins in a thread without an open span starts a new trace; other spans join the open
 * one. Spans must be closed in the thread that began them, the last one first.
 */
public interface Traces extends AutoCloseable {
    /** Records nothing. */
    Traces OFF = new Traces() {
        @Override
        public Span begin(String name) {
            return Span.NONE;
        }

        @Override
        public void did(String name, Duration took, Map<String, String> attributes) {
            // Tracing is off.
        }

        @Override
        public <T> Callable<T> carried(Callable<T> task) {
            return task;
        }

        @Override
        public void close() {
            // There is nothing to export.
        }
    };

    Span begin(String name);

    /**
     * Records a request that has just ended as a child of the thread's open span. Ignored if there is none.
     *
     * @param attributes redacted; each value is cleaned to one line of at most 200 bytes
     */
    void did(String name, Duration took, Map<String, String> attributes);

    /** The task within the span that is open in this thread, whichever thread does it. */
    <T> Callable<T> carried(Callable<T> task);

    /** Exports the remaining spans, for a few seconds at most. */
    @Override
    void close();

    /** An open span. */
    interface Span extends AutoCloseable {
        Span NONE = new Span() {
            @Override
            public Span with(String key, String value) {
                return this;
            }

            @Override
            public void failed(String reason) {
                // Tracing is off.
            }

            @Override
            public void close() {
                // Tracing is off.
            }
        };

        /** @param value redacted; cleaned to one line of at most 200 bytes */
        Span with(String key, String value);

        /** @param reason a reason code, never text from outside */
        void failed(String reason);

        @Override
        void close();
    }
}
