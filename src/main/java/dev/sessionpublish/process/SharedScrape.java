package dev.sessionpublish.process;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics in Prometheus' text format. Anyone who reaches the port may request them, and rendering many series takes
 * CPU time, so the rendered text is reused for {@value #REUSE} times as long as rendering it took: however many
 * requests there are, rendering takes at most a fifth of one processor. Text that is rendered in 5 ms is at most 20 ms old.
 */
final class SharedScrape implements Supplier<String> {
    private static final int REUSE = 4;

    private final Supplier<String> render;
    private final LongSupplier nanoTime;

    @Nullable
    private String text;

    private long freshUntil;

    /** @param nanoTime a clock in nanoseconds, such as {@link System#nanoTime} */
    SharedScrape(Supplier<String> render, LongSupplier nanoTime) {
        this.render = render;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized String get() {
        long start = nanoTime.getAsLong();
        String current = text;
        if (current == null || start - freshUntil >= 0) {
            current = render.get();
            long end = nanoTime.getAsLong();
            freshUntil = end + REUSE * (end - start);
            text = current;
        }
        return current;
    }
}
