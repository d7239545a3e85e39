package dev.sessionpublish.git;

import java.util.AbstractList;
import java.util.HexFormat;
import java.util.Objects;

/** Object ids as raw bytes, one after the other. */
final class RawIds extends AbstractList<ObjectId> {
    private final byte[] bytes;
    private final int width;
    private final int size;

    /** @param bytes of {@code size} ids; not copied */
    RawIds(byte[] bytes, int width, int size) {
        this.bytes = bytes;
        this.width = width;
        this.size = size;
    }

    @Override
    public ObjectId get(int index) {
        return of(bytes, Objects.checkIndex(index, size) * width, width);
    }

    @Override
    public int size() {
        return size;
    }

    static ObjectId of(byte[] from, int offset, int width) {
        return new ObjectId(HexFormat.of().formatHex(from, offset, offset + width));
    }

    static byte[] of(ObjectId id) {
        return HexFormat.of().parseHex(id.hex());
    }

    /**
     * Decodes an id of lower-case hexadecimal digits.
     *
     * @return false if there are other characters
     */
    static boolean decode(byte[] text, int offset, byte[] id) {
        for (int i = 0; i < id.length; i++) {
            int high = digit(text[offset + 2 * i]);
            int low = digit(text[offset + 2 * i + 1]);
            if (high < 0 || low < 0) {
                return false;
            }
            id[i] = (byte) (high << 4 | low);
        }
        return true;
    }

    private static int digit(byte text) {
        if (text >= '0' && text <= '9') {
            return text - '0';
        }
        return text >= 'a' && text <= 'f' ? text - 'a' + 10 : -1;
    }
}
