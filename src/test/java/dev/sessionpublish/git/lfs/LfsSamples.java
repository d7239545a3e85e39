package dev.sessionpublish.git.lfs;

import dev.sessionpublish.embedded.SandboxCheckout;
import java.util.Random;

/** LFS objects with random content. */
public final class LfsSamples {
    private LfsSamples() {}

    /** Random bytes, the same each time for one count. */
    public static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    /** The object that has this content. */
    public static LfsObject object(byte[] content) {
        return new LfsObject(SandboxCheckout.sha256(content), content.length);
    }
}
