package dev.sessionpublish.git;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The names of branches, as the bytes that a remote advertised, with their ids. Names that aren't UTF-8 are names like any
 * other. Every question reads the whole list: it is asked seldom, and an index would take more memory than the list.
 */
final class BranchList {
    private static final int FIRST_CHUNK = 4 * 1024;
    private static final int LARGEST_CHUNK = 256 * 1024;
    /** Of the length of a name. */
    private static final int LENGTH = Short.BYTES;

    private final int width;
    private final MemoryBudget.Share memory;
    private final List<Chunk> chunks = new ArrayList<>();
    private int size;

    private static final class Chunk {
        private final byte[] bytes;
        private int end;

        Chunk(int capacity) {
            this.bytes = new byte[capacity];
        }
    }

    BranchList(ObjectFormat format, MemoryBudget.Share memory) {
        this.width = format.bytes();
        this.memory = memory;
    }

    int size() {
        return size;
    }

    /**
     * @param name from this offset to the end of the line; at most 65,535 bytes
     * @throws RefusedException memory-limit
     */
    void add(byte[] line, int name, int nameEnd, byte[] id) throws RefusedException {
        int length = nameEnd - name;
        Chunk chunk = chunkFor(LENGTH + length + width);
        int at = chunk.end;
        chunk.bytes[at] = (byte) (length >> 8);
        chunk.bytes[at + 1] = (byte) length;
        System.arraycopy(line, name, chunk.bytes, at + LENGTH, length);
        System.arraycopy(id, 0, chunk.bytes, at + LENGTH + length, width);
        chunk.end = at + LENGTH + length + width;
        size++;
    }

    private Chunk chunkFor(int bytes) throws RefusedException {
        Chunk last = chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
        if (last != null && last.bytes.length - last.end >= bytes) {
            return last;
        }
        int next = last == null ? FIRST_CHUNK : Math.min(2 * last.bytes.length, LARGEST_CHUNK);
        int capacity = Math.max(next, bytes);
        memory.take(capacity);
        Chunk chunk = new Chunk(capacity);
        chunks.add(chunk);
        return chunk;
    }

    /** Reads the branches in the order in which they were advertised. */
    Cursor cursor() {
        return new Cursor();
    }

    /** Of a branch that is listed twice, the last one counts, as for git. */
    Optional<ObjectId> find(byte[] branch) {
        Optional<ObjectId> last = Optional.empty();
        for (Cursor each = cursor(); each.next(); ) {
            if (each.isNamed(branch)) {
                last = Optional.of(each.id());
            }
        }
        return last;
    }

    /** Stands at one branch. */
    final class Cursor {
        private int chunk;
        private int next;
        private byte[] bytes = new byte[0];
        private int name;
        private int nameEnd;

        private Cursor() {}

        /** Goes to the next branch, at first to the first one. */
        boolean next() {
            while (chunk < chunks.size() && next == chunks.get(chunk).end) {
                chunk++;
                next = 0;
            }
            if (chunk == chunks.size()) {
                return false;
            }
            bytes = chunks.get(chunk).bytes;
            name = next + LENGTH;
            nameEnd = name + ((bytes[next] & 0xff) << 8 | bytes[next + 1] & 0xff);
            next = nameEnd + width;
            return true;
        }

        boolean isNamed(byte[] branch) {
            return Arrays.equals(bytes, name, nameEnd, branch, 0, branch.length);
        }

        /** Whether one of the names is a directory of the other. */
        boolean conflictsWith(byte[] branch) {
            int length = nameEnd - name;
            int common = Math.min(length, branch.length);
            return length != branch.length
                    && Arrays.equals(bytes, name, name + common, branch, 0, common)
                    && (length < branch.length ? branch[common] : bytes[name + common]) == '/';
        }

        String name() {
            return SafeText.decode(Arrays.copyOfRange(bytes, name, nameEnd));
        }

        ObjectId id() {
            return RawIds.of(bytes, nameEnd, width);
        }

        void addTo(TipList tips) throws RefusedException {
            tips.add(bytes, nameEnd);
        }
    }
}
