package dev.sessionpublish.git;

import dev.sessionpublish.outcome.RefusedException;
import java.util.Arrays;
import java.util.List;

/** Collects distinct ids in order, up to a limit. Further ids and the zero id are ignored. */
final class TipList {
    private static final int FIRST = 16;

    private final int width;
    private final int limit;
    private final MemoryBudget.Share memory;
    private final IdSet seen;
    private byte[] ids;

    TipList(ObjectFormat format, int limit, MemoryBudget.Share memory) throws RefusedException {
        this.width = format.bytes();
        this.limit = limit;
        this.memory = memory;
        this.seen = new IdSet(format, memory);
        memory.take((long) FIRST * width);
        this.ids = new byte[FIRST * width];
    }

    /** @throws RefusedException memory-limit */
    void add(byte[] from, int offset) throws RefusedException {
        int end = seen.size() * width;
        if (seen.size() >= limit || !seen.add(from, offset)) {
            return;
        }
        if (end == ids.length) {
            memory.take(2L * ids.length);
            ids = Arrays.copyOf(ids, 2 * end);
            memory.giveBack(end);
        }
        System.arraycopy(from, offset, ids, end, width);
    }

    /** What was collected. Nothing more can be added. */
    List<ObjectId> collected() {
        int size = seen.size();
        seen.release();
        return new RawIds(ids, width, size);
    }
}
