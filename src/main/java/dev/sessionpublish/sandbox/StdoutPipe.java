package dev.sessionpublish.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A pipe between the thread that receives a container's output and the thread that reads it. The writer blocks while
 * the pipe is full, which applies back-pressure to the sender. The reader blocks until its deadline. Output written after
 * the reader has closed is discarded.
 */
final class StdoutPipe {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] ring;
    private ReadDeadline deadline;
    private int start;
    private int length;
    private boolean readerClosed;
    private boolean writerClosed;
    private @Nullable IOException failure;

    StdoutPipe(int capacity, ReadDeadline deadline) {
        this.ring = new byte[capacity];
        this.deadline = deadline;
    }

    /** Sets the deadline of the reads from now on. */
    void until(ReadDeadline end) {
        lock.lock();
        try {
            deadline = end;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the output. Readers get the remaining bytes, then the failure if there is one, otherwise the end of the
     * stream.
     */
    void end(@Nullable IOException failed) {
        lock.lock();
        try {
            if (!writerClosed) {
                writerClosed = true;
                failure = failed;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void closeReader() {
        lock.lock();
        try {
            readerClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    OutputStream writer() {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int count) throws IOException {
                put(from, offset, count);
            }
        };
    }

    /**
     * Waits for output or its end.
     *
     * @param until when to give up, in terms of {@link System#nanoTime}
     * @return whether there is something to read, be it the end
     * @throws ExecTimeoutException if the deadline of the reads is over
     */
    boolean awaitOutput(long until) throws IOException {
        lock.lock();
        try {
            long begun = System.nanoTime();
            while (length == 0 && !writerClosed) {
                long left = Math.min(until - System.nanoTime(), deadline.left(begun));
                if (left <= 0) {
                    return false;
                }
                changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            lock.unlock();
        }
    }

    InputStream reader() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int count) throws IOException {
                return count == 0 ? 0 : take(into, offset, count);
            }
        };
    }

    private void put(byte[] from, int offset, int count) throws IOException {
        lock.lock();
        try {
            int written = 0;
            while (written < count && !readerClosed) {
                int free = ring.length - length;
                if (free == 0) {
                    changed.await();
                    continue;
                }
                int at = (start + length) % ring.length;
                int part = Math.min(Math.min(free, count - written), ring.length - at);
                System.arraycopy(from, offset + written, ring, at, part);
                length += part;
                written += part;
                changed.signalAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            lock.unlock();
        }
    }

    private int take(byte[] into, int offset, int count) throws IOException {
        lock.lock();
        try {
            long begun = System.nanoTime();
            long left = deadline.left(begun);
            while (length == 0) {
                if (writerClosed) {
                    if (failure != null) {
                        throw failure;
                    }
                    return -1;
                }
                changed.awaitNanos(left);
                left = deadline.left(begun);
            }
            int part = Math.min(Math.min(length, count), ring.length - start);
            System.arraycopy(ring, start, into, offset, part);
            start = (start + part) % ring.length;
            length -= part;
            changed.signalAll();
            return part;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            lock.unlock();
        }
    }
}
