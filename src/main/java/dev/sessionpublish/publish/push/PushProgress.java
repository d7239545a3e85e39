package dev.sessionpublish.publish.push;

import dev.sessionpublish.git.PushBody;
import java.time.Duration;
import java.util.function.LongConsumer;

/** Reports how much of a long push has been sent, at most once in an interval; a short push reports nothing. */
public final class PushProgress implements PushBody.Progress {
    private final Runnable begins;
    private final LongConsumer report;
    private final long intervalNanos;
    private long last = System.nanoTime();

    /**
     * @param begins called before anything is sent
     * @param report called with the bytes sent so far
     */
    public PushProgress(Duration interval, Runnable begins, LongConsumer report) {
        this.begins = begins;
        this.intervalNanos = interval.toNanos();
        this.report = report;
    }

    @Override
    public void begins() {
        begins.run();
    }

    @Override
    public void sent(long bytes) {
        if (System.nanoTime() - last >= intervalNanos) {
            report.accept(bytes);
            last = System.nanoTime();
        }
    }
}
