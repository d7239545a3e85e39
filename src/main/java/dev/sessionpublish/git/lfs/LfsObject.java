package dev.sessionpublish.git.lfs;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A Git LFS object, as a pointer identifies it (the Git LFS specification, "The Pointer"). Keeps its id as raw bytes. */
public final class LfsObject {
    private static final Pattern OID = Pattern.compile("[0-9a-f]{64}");

    private final byte[] oid;
    private final long size;

    /**
     * @param oid SHA-256 of the content, 64 lower-case hexadecimal digits
     * @param size the size in bytes
     */
    public LfsObject(String oid, long size) {
        if (!isOid(oid) || size < 0) {
            throw new IllegalArgumentException("the oid or the size of the LFS object is invalid");
        }
        this.oid = HexFormat.of().parseHex(oid);
        this.size = size;
    }

    public static boolean isOid(String text) {
        return OID.matcher(text).matches();
    }

    /** 64 lower-case hexadecimal digits. */
    public String oid() {
        return HexFormat.of().formatHex(oid);
    }

    public long size() {
        return size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LfsObject object && size == object.size && Arrays.equals(oid, object.oid);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(oid);
    }

    @Override
    public String toString() {
        return oid() + " of " + size + " bytes";
    }
}
