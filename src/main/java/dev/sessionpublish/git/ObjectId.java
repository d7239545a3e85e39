package dev.sessionpublish.git;

import java.util.regex.Pattern;

/** The id of a git object: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits. */
public record ObjectId(String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    public ObjectId {
        if (!isValid(hex)) {
            throw new IllegalArgumentException("not an object id");
        }
    }

    public static boolean isValid(String text) {
        return HEX.matcher(text).matches();
    }

    /** The zero id of the same format, which means "no object" in a ref update. */
    public ObjectId zero() {
        return new ObjectId("0".repeat(hex.length()));
    }

    public boolean isZero() {
        return hex.chars().allMatch(c -> c == '0');
    }

    public String abbreviated() {
        return hex.substring(0, 10);
    }

    @Override
    public String toString() {
        return hex;
    }
}
