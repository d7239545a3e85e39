package dev.sessionpublish.sandbox;

import java.time.Duration;

/**
 * How long a reader of an exec's output may wait.
 *
 * @param limit the limit that sets the end
 * @param duration its value
 * @param end of all reads, in terms of {@link System#nanoTime}
 * @param silence how long a single read may wait
 */
record ReadDeadline(ExecTimeoutException.Limit limit, Duration duration, long end, Duration silence) {

    /** From now on, with no limit for a single read. */
    static ReadDeadline in(ExecTimeoutException.Limit limit, Duration duration) {
        return new ReadDeadline(limit, duration, System.nanoTime() + duration.toNanos(), duration);
    }

    ReadDeadline withSilence(Duration most) {
        return new ReadDeadline(limit, duration, end, most);
    }

    ReadDeadline orEarlier(ReadDeadline other) {
        return other.end - end < 0 ? other : this;
    }

    /**
     * The time that is left for a read, in nanoseconds.
     *
     * @param begun when the read began, in terms of {@link System#nanoTime}
     * @throws ExecTimeoutException if none is left
     */
    long left(long begun) throws ExecTimeoutException {
        long now = System.nanoTime();
        if (now - end >= 0) {
            throw new ExecTimeoutException(limit, duration);
        }
        long waited = now - begun;
        if (waited >= silence.toNanos()) {
            throw new ExecTimeoutException(ExecTimeoutException.Limit.SILENCE, silence);
        }
        return Math.min(end - now, silence.toNanos() - waited);
    }
}
