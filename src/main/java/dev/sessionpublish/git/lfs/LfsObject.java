package dev.sessionpublish.git.lfs;

import java.util.regex.Pattern;

/**
 * A file kept by Git LFS, as a pointer names it (the Git LFS specification, "The Pointer").
 *
 * @param oid SHA-256 of the content, 64 lower-case hexadecimal digits
 * @param size in bytes
 */
public record LfsObject(String oid, long size) {
    private static final Pattern OID = Pattern.compile("[0-9a-f]{64}");

    public LfsObject {
        if (!isOid(oid) || size < 0) {
            throw new IllegalArgumentException("not an LFS object");
        }
    }

    public static boolean isOid(String text) {
        return OID.matcher(text).matches();
    }
}
