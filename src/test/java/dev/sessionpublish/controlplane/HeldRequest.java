package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.embedded.Fault;
import java.time.Duration;

/** A request of the operator that is held, so that the operator can be killed at exactly that moment. */
interface HeldRequest {
    void awaitReached() throws InterruptedException;

    void release();

    static HeldRequest of(Fault fault) {
        return new Faulty(fault, true);
    }

    /** The request is never let on: it has no effect, now or later. */
    static HeldRequest forGood(Fault fault) {
        return new Faulty(fault, false);
    }

    /** A request that a fault holds. */
    record Faulty(Fault fault, boolean letOn) implements HeldRequest {
        @Override
        public void awaitReached() throws InterruptedException {
            assertThat(fault.awaitReached(Duration.ofSeconds(60))).isTrue();
        }

        @Override
        public void release() {
            if (letOn) {
                fault.release();
            }
        }
    }
}
