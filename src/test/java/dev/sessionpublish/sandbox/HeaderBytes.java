package dev.sessionpublish.sandbox;

import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.outcome.RefusedException;
import java.io.IOException;
import java.io.InputStream;

/** Reads headers of checkout.sh with memory enough for the most LFS objects. */
final class HeaderBytes {
    private HeaderBytes() {}

    static CheckoutHeader read(InputStream in) throws IOException {
        try {
            return CheckoutHeader.read(in, new MemoryBudget(4 << 20, 0).open("team"));
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }
}
