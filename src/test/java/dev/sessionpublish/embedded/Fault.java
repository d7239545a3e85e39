package dev.sessionpublish.embedded;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What goes wrong with the next requests that match, instead of or around what the server would do. Made by
 * {@code Fault.on("POST", "/git-receive-pack").resetting()}; given to {@link GitServer#fault}.
 */
public final class Fault {
    /** Begins an answer. */
    interface Answer {
        OutputStream begin(int status, Map<String, String> headers) throws IOException;
    }

    /** What the server does when nothing goes wrong. */
    interface Real {
        void serve(InputStream body, Answer answer) throws IOException;
    }

    private interface Effect {
        void apply(Fault fault, Exchange exchange, Real real) throws IOException;
    }

    /**
     * Which requests, and how many of them.
     *
     * @param pathEnd the end of the request's path; empty for any
     * @param queryPart what the query must contain; empty for any
     */
    public record Match(String method, String pathEnd, String queryPart, int count) {
        public Match query(String part) {
            return new Match(method, pathEnd, part, count);
        }

        public Match times(int times) {
            return new Match(method, pathEnd, queryPart, times);
        }

        public Match always() {
            return times(Integer.MAX_VALUE);
        }

        /** Answers this, without reading the request's body first. */
        public Fault answering(int status, Map<String, String> headers, String text) {
            Map<String, String> all = new LinkedHashMap<>(Map.of("Content-Type", "text/plain; charset=utf-8"));
            all.putAll(headers);
            return new Fault(
                    this,
                    (fault, exchange, real) -> exchange.answer(status, all, text.getBytes(StandardCharsets.UTF_8)));
        }

        /** Answers 200 with the right type and these bytes. */
        public Fault garbage(String contentType, byte[] bytes) {
            return new Fault(
                    this, (fault, exchange, real) -> exchange.answer(200, Map.of("Content-Type", contentType), bytes));
        }

        /** Does nothing until {@link Fault#release}, then goes on as if nothing had been. */
        public Fault stalling() {
            return new Fault(this, (fault, exchange, real) -> {
                fault.hold();
                real.serve(exchange.body(), exchange::answer);
            });
        }

        /** Does what was asked, and keeps the answer until {@link Fault#release}. */
        public Fault holdingTheAnswer() {
            return new Fault(
                    this,
                    (fault, exchange, real) -> real.serve(exchange.body(), (status, headers) -> {
                        return new ByteArrayOutputStream() {
                            @Override
                            public void close() throws IOException {
                                fault.hold();
                                exchange.answer(status, headers, toByteArray());
                            }
                        };
                    }));
        }

        /** Resets the connection as soon as the request's head was read. */
        public Fault resetting() {
            return new Fault(this, (fault, exchange, real) -> exchange.reset());
        }

        /** Resets the connection when this many bytes of the request's body were passed on. */
        public Fault resettingAfterRequestBytes(long bytes) {
            return new Fault(
                    this,
                    (fault, exchange, real) -> real.serve(resetAfter(exchange, bytes), (status, headers) -> {
                        throw exchange.reset();
                    }));
        }

        /** Reads this many bytes of the request's body and no more until {@link Fault#release}. */
        public Fault stallingAfterRequestBytes(long bytes) {
            return new Fault(
                    this, (fault, exchange, real) -> real.serve(stallAfter(fault, exchange, bytes), exchange::answer));
        }

        /** Does the whole of what was asked, then resets the connection instead of answering: the outcome is unknown. */
        public Fault resettingAfterProcessing() {
            return new Fault(this, (fault, exchange, real) -> {
                real.serve(exchange.body(), (status, headers) -> OutputStream.nullOutputStream());
                exchange.reset();
            });
        }

        /** Ends the answer after this many bytes as if that were all of it. */
        public Fault truncatingTheAnswer(int bytes) {
            return new Fault(
                    this,
                    (fault, exchange, real) -> real.serve(exchange.body(), (status, headers) -> {
                        return new ByteArrayOutputStream() {
                            @Override
                            public void close() throws IOException {
                                byte[] part = Arrays.copyOf(toByteArray(), Math.min(bytes, size()));
                                exchange.answer(status, headers, part);
                            }
                        };
                    }));
        }

        /** Resets the connection within the answer, after this many bytes of its body. */
        public Fault cuttingTheAnswer(int bytes) {
            return new Fault(
                    this,
                    (fault, exchange, real) -> real.serve(exchange.body(), (status, headers) -> {
                        return new ByteArrayOutputStream() {
                            @Override
                            public void close() throws IOException {
                                exchange.answer(status, headers).write(toByteArray(), 0, Math.min(bytes, size()));
                                exchange.reset();
                            }
                        };
                    }));
        }
    }

    private final Match match;
    private final Effect effect;
    private final AtomicInteger left;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private Fault(Match match, Effect effect) {
        this.match = match;
        this.effect = effect;
        this.left = new AtomicInteger(match.count());
    }

    /** The next request of this method whose path ends so. */
    public static Match on(String method, String pathEnd) {
        return new Match(method, pathEnd, "", 1);
    }

    /** Waits until a request met it: for the stalling and holding ones, until they hold. */
    public boolean awaitReached(Duration atMost) throws InterruptedException {
        return reached.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Lets what it holds go on, now and later. */
    public void release() {
        released.countDown();
    }

    boolean takes(LoggedRequest request) {
        return request.method().equals(match.method())
                && request.path().endsWith(match.pathEnd())
                && request.query().contains(match.queryPart())
                && left.getAndUpdate(n -> n > 0 ? n - 1 : 0) > 0;
    }

    void apply(Exchange exchange, Real real) throws IOException {
        effect.apply(this, exchange, real);
        reached.countDown();
    }

    private void hold() throws IOException {
        reached.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static InputStream resetAfter(Exchange exchange, long bytes) {
        return new Limited(exchange.body(), bytes) {
            @Override
            void reachedEnd() throws IOException {
                exchange.reset();
            }
        };
    }

    private static InputStream stallAfter(Fault fault, Exchange exchange, long bytes) {
        return new Limited(exchange.body(), bytes) {
            @Override
            void reachedEnd() throws IOException {
                fault.hold();
                left = Long.MAX_VALUE;
            }
        };
    }

    private abstract static class Limited extends FilterInputStream {
        long left;

        Limited(InputStream in, long left) {
            super(in);
            this.left = left;
        }

        abstract void reachedEnd() throws IOException;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                reachedEnd();
            }
            int n = in.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(0, n);
            return n;
        }
    }
}
