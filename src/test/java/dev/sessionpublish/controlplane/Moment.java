package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.embedded.Fault;
import java.time.Duration;

/** Holds a request of the operator's, so that the operator can be killed at exactly that moment. */
interface Moment {
    void awaitReached() throws InterruptedException;

    void release();

    static Moment of(AdmissionGate.Hold hold) {
        return new Moment() {
            @Override
            public void awaitReached() throws InterruptedException {
                hold.awaitReached();
            }

            @Override
            public void release() {
                hold.release();
            }
        };
    }

    static Moment of(Fault fault) {
        return new Moment() {
            @Override
            public void awaitReached() throws InterruptedException {
                assertThat(fault.awaitReached(Duration.ofSeconds(60))).isTrue();
            }

            @Override
            public void release() {
                fault.release();
            }
        };
    }

    /** Of one that never goes on: the request has no effect, now or later. */
    static Moment forGood(Fault fault) {
        Moment held = of(fault);
        return new Moment() {
            @Override
            public void awaitReached() throws InterruptedException {
                held.awaitReached();
            }

            @Override
            public void release() {}
        };
    }
}
