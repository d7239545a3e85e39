package dev.sessionpublish.lifecycle;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which runs the end of the process waits for. A run that has not begun to send anything to a forge is abandoned
 * at once: it is interrupted, and what it still finds out is not recorded. The next process starts it again from what is
 * stored. Any other run may finish.
 */
public final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private enum State {
        BEGUN,
        SENDING,
        ABANDONED
    }

    /** By the thread that each run has to itself. */
    private final Map<Thread, State> runs = new HashMap<>();

    private boolean stopping;

    /** Ends a run that was abandoned. */
    private static final class RunAbandonedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /**
     * Does the work of a run in this thread.
     *
     * @return empty if the run was abandoned
     */
    public <T> Optional<T> run(Supplier<T> work) {
        begin();
        try {
            requireNotAbandoned();
            return Optional.of(work.get());
        } catch (RuntimeException e) {
            if (!isAbandoned()) {
                throw e;
            }
            LOG.info("Abandoned, because the operator stops. Nothing was sent yet; it is started again.");
            return Optional.empty();
        } finally {
            end();
        }
    }

    private synchronized void begin() {
        runs.put(Thread.currentThread(), stopping ? State.ABANDONED : State.BEGUN);
    }

    private synchronized void end() {
        if (runs.remove(Thread.currentThread()) == State.ABANDONED) {
            // The interrupt was meant for the run, not for the thread.
            Thread.interrupted();
        }
    }

    private synchronized boolean isAbandoned() {
        return runs.get(Thread.currentThread()) == State.ABANDONED;
    }

    /** Throws an exception that ends the run of this thread if it is abandoned. */
    public void requireNotAbandoned() {
        if (isAbandoned()) {
            throw new RunAbandonedException();
        }
    }

    /** From now on the run of this thread may finish. Throws an exception that ends the run if it is abandoned. */
    public synchronized void beginSending() {
        requireNotAbandoned();
        runs.replace(Thread.currentThread(), State.SENDING);
    }

    /** Abandons the runs that have not begun to send, and those that are still to begin. */
    public synchronized void abandonRuns() {
        stopping = true;
        runs.replaceAll((thread, state) -> {
            if (state != State.BEGUN) {
                return state;
            }
            thread.interrupt();
            return State.ABANDONED;
        });
    }

    /** Whether no further run begins. */
    public synchronized boolean isStopping() {
        return stopping;
    }

    /** The number of abandoned runs that have not ended yet, because what they wait for can't be interrupted. */
    public synchronized int abandoned() {
        return (int) runs.values().stream().filter(State.ABANDONED::equals).count();
    }
}
