package dev.sessionpublish.git.lfs;

import java.util.regex.Pattern;

/**
 * A Git LFS object, as a pointer identifies it (the Git LFS specification, "The Pointer").
 *
 * @param oid SHA-256 of the content, 64 lower-case hexadecimal digits
 * @param size the size in bytes
 */
public record LfsObject(String oid, long size) {
    private static final Pattern OID = Pattern.compile("[0-9a-f]{64}");

    public LfsObject {
        if (!isOid(oid) || size < 0) {
            throw new IllegalArgumentException("the oid or the size of the LFS object is invalid");
        }
    }

    public static boolean isOid(String text) {
        return OID.matcher(text).matches();
    }
}
