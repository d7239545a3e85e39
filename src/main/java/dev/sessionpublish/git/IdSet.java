package dev.sessionpublish.git;

import dev.sessionpublish.outcome.RefusedException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A set of object ids as raw bytes, in one array with open addressing. The zero id is never a member. The hash is keyed,
 * because whoever chooses the ids could otherwise make every lookup search the whole array.
 */
final class IdSet {
    private static final int FIRST_SLOTS = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final int width;
    private final long[] key;
    private final MemoryBudget.Share memory;
    private byte[] slots;
    private int size;

    /** @param memory that the array is taken from, and given back to by {@link #release} */
    IdSet(ObjectFormat format, MemoryBudget.Share memory) throws RefusedException {
        this.width = format.bytes();
        this.key = RANDOM.longs(width / Integer.BYTES + 1L).toArray();
        this.memory = memory;
        memory.take((long) FIRST_SLOTS * width);
        this.slots = new byte[FIRST_SLOTS * width];
    }

    int size() {
        return size;
    }

    /** Whether one more id is more than the run may hold. */
    boolean isFull() {
        return isCrowded() && !memory.allows(2L * slots.length);
    }

    /**
     * Adds the id at an offset.
     *
     * @return whether it was not a member
     * @throws RefusedException memory-limit
     */
    boolean add(byte[] from, int offset) throws RefusedException {
        if (isCrowded()) {
            grow();
        }
        int slot = slotOf(from, offset);
        if (isZero(from, offset) || !isZero(slots, slot)) {
            return false;
        }
        System.arraycopy(from, offset, slots, slot, width);
        size++;
        return true;
    }

    boolean contains(byte[] id) {
        return !isZero(slots, slotOf(id, 0));
    }

    /** @return whether the id was a member */
    boolean remove(byte[] id) {
        int hole = slotOf(id, 0);
        if (isZero(slots, hole)) {
            return false;
        }
        for (int at = after(hole); !isZero(slots, at); at = after(at)) {
            int home = home(slots, at);
            // The id moves into the hole unless its home lies between the hole and where it is.
            boolean between = hole < at ? home > hole && home <= at : home > hole || home <= at;
            if (!between) {
                System.arraycopy(slots, at, slots, hole, width);
                hole = at;
            }
        }
        Arrays.fill(slots, hole, hole + width, (byte) 0);
        size--;
        return true;
    }

    /** Gives the memory back. The set must not be used any more. */
    void release() {
        memory.giveBack(slots.length);
        slots = new byte[0];
    }

    private boolean isCrowded() {
        return (size + 1L) * 4 * width > slots.length * 3L;
    }

    private void grow() throws RefusedException {
        byte[] old = slots;
        memory.take(2L * old.length);
        slots = new byte[2 * old.length];
        for (int at = 0; at < old.length; at += width) {
            if (!isZero(old, at)) {
                System.arraycopy(old, at, slots, slotOf(old, at), width);
            }
        }
        memory.giveBack(old.length);
    }

    /** The offset of the id, or of the free slot where it belongs. */
    private int slotOf(byte[] from, int offset) {
        int at = home(from, offset);
        while (!isZero(slots, at) && !Arrays.equals(slots, at, at + width, from, offset, offset + width)) {
            at = after(at);
        }
        return at;
    }

    private int after(int slot) {
        return slot + width == slots.length ? 0 : slot + width;
    }

    /** Multiply-shift over the words of the id, with secret factors. */
    private int home(byte[] from, int offset) {
        long hash = key[0];
        for (int word = 1; word < key.length; word++) {
            int at = offset + (word - 1) * Integer.BYTES;
            long value = (from[at] & 0xffL) << 24
                    | (from[at + 1] & 0xffL) << 16
                    | (from[at + 2] & 0xffL) << 8
                    | from[at + 3] & 0xffL;
            hash += key[word] * value;
        }
        int bits = Integer.numberOfTrailingZeros(slots.length / width);
        return (int) (hash >>> (Long.SIZE - bits)) * width;
    }

    private boolean isZero(byte[] from, int offset) {
        for (int at = offset; at < offset + width; at++) {
            if (from[at] != 0) {
                return false;
            }
        }
        return true;
    }
}
