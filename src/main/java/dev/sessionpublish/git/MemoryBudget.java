package dev.sessionpublish.git;

import dev.sessionpublish.outcome.RefusedException;
import java.util.HashMap;
import java.util.Map;

/**
 * The heap that all runs together may fill with what sandboxes and forges send: advertised refs, the ids of a proof of
 * descent, claims of LFS objects. Every run has a small allowance of its own, which covers an ordinary repository and
 * which no other run can use up. Beyond it, a run draws from a pool that all runs share, of which it may take a part but
 * never all, and all runs of one namespace half. Thread-safe.
 */
public final class MemoryBudget {
    /** Enough for about 4,000 branches, or for a proof with 6,000 open parents. */
    private static final long LARGEST_ALLOWANCE = 256 * 1024;

    private static final int POOLS_IN_HEAP = 6;
    private static final int ALL_ALLOWANCES_IN_HEAP = 16;
    private static final int RUNS_IN_POOL = 3;
    private static final int NAMESPACES_IN_POOL = 2;

    private final long allowance;
    private final long pool;
    private final Map<String, Long> drawnBy = new HashMap<>();
    private long left;

    /**
     * @param allowance of each run, in bytes
     * @param pool that all runs share beyond their allowances, in bytes
     */
    public MemoryBudget(long allowance, long pool) {
        this.allowance = allowance;
        this.pool = pool;
        this.left = pool;
    }

    /**
     * The budget of a process: a pool of a sixth of its maximum heap, and allowances of at most 256 KiB that together are
     * at most a sixteenth.
     *
     * @param runs at the same time, at most
     */
    public static MemoryBudget ofHeap(int runs) {
        long heap = Runtime.getRuntime().maxMemory();
        return new MemoryBudget(
                Math.min(LARGEST_ALLOWANCE, heap / ALL_ALLOWANCES_IN_HEAP / runs), heap / POOLS_IN_HEAP);
    }

    /** Opens the share of one run, which must be closed when the run no longer holds what it was taken for. */
    public Share open(String namespace) {
        return new Share(namespace);
    }

    private synchronized boolean draw(String namespace, long bytes) {
        long sum = drawnBy.getOrDefault(namespace, 0L) + bytes;
        if (bytes > left || sum > pool / NAMESPACES_IN_POOL) {
            return false;
        }
        drawnBy.put(namespace, sum);
        left -= bytes;
        return true;
    }

    private synchronized void putBack(String namespace, long bytes) {
        drawnBy.computeIfPresent(namespace, (name, drawn) -> drawn == bytes ? null : drawn - bytes);
        left += bytes;
    }

    /** The part of one run. Not thread-safe. */
    public final class Share implements AutoCloseable {
        private final String namespace;
        private long taken;
        private long drawn;

        private Share(String namespace) {
            this.namespace = namespace;
        }

        /** Whether the run may take so many more bytes when no other run takes any. */
        boolean allows(long bytes) {
            return taken + bytes <= allowance + pool / RUNS_IN_POOL;
        }

        /**
         * Takes memory, before it is allocated.
         *
         * @throws RefusedException memory-limit, when the run's limit or the pool is exceeded
         */
        public void take(long bytes) throws RefusedException {
            if (!allows(bytes)) {
                throw new RefusedException(
                        PushReason.MEMORY_LIMIT,
                        "The publish needs more of the operator's memory than the " + megabytes(pool / RUNS_IN_POOL)
                                + " MiB that one publish may take: delete branches that are no longer needed, or ask a"
                                + " cluster administrator to raise the memory limit of the operator.");
            }
            long more = Math.max(0, taken + bytes - allowance) - drawn;
            if (more > 0) {
                if (!draw(namespace, more)) {
                    throw new RefusedException(
                            PushReason.MEMORY_LIMIT,
                            "Other publishes use the " + megabytes(pool) + " MiB of the operator's memory that large"
                                    + " repositories share, or those of this namespace use half of it. The operator retries. If the error persists, ask a cluster"
                                    + " administrator to raise the memory limit of the operator.");
                }
                drawn += more;
            }
            taken += bytes;
        }

        /** Returns memory that was taken and is no longer used. */
        void giveBack(long bytes) {
            taken -= bytes;
            long surplus = drawn - Math.max(0, taken - allowance);
            if (surplus > 0) {
                putBack(namespace, surplus);
                drawn -= surplus;
            }
        }

        /** Returns everything. */
        @Override
        public void close() {
            giveBack(taken);
        }
    }

    private static long megabytes(long bytes) {
        return Math.max(1, bytes >> 20);
    }
}
