package dev.sessionpublish.git;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** The hash function of a repository's object ids (git's hash-function-transition). */
public enum ObjectFormat {
    SHA1("sha1", "SHA-1", 20),
    SHA256("sha256", "SHA-256", 32);

    private final String gitName;
    private final String algorithm;
    private final int bytes;

    ObjectFormat(String gitName, String algorithm, int bytes) {
        this.gitName = gitName;
        this.algorithm = algorithm;
        this.bytes = bytes;
    }

    public static Optional<ObjectFormat> named(String gitName) {
        for (ObjectFormat each : values()) {
            if (each.gitName.equals(gitName)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    public static ObjectFormat of(ObjectId id) {
        return id.hex().length() == 2 * SHA1.bytes ? SHA1 : SHA256;
    }

    /** The value of the {@code object-format} capability. */
    public String gitName() {
        return gitName;
    }

    /** The length of a binary object id and of a pack's trailer. */
    public int bytes() {
        return bytes;
    }

    public ObjectId zero() {
        return new ObjectId("0".repeat(2 * bytes));
    }

    MessageDigest digest() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
