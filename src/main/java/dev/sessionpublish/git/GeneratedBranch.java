package dev.sessionpublish.git;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Generates the head branch of a publish that sets none: {@code PREFIX/SLUG-ID}. SLUG is the title in at most 40
 * lower-case ASCII letters and digits, with accents removed; it is omitted if nothing remains. ID is the first ten
 * hexadecimal digits of a SHA-256 of the source's uid and the publish's namespace and name. The ID is therefore the
 * same when an object is applied again, and differs for another sandbox or another publish. The slug changes with the
 * title: after the first push the caller must keep the pushed name.
 */
public final class GeneratedBranch {
    private static final int SLUG_LENGTH = 40;
    private static final int ID_LENGTH = 10;

    private GeneratedBranch() {}

    /**
     * @param prefix the prefix; a slash is appended unless it ends in a separator
     * @throws RefusedException with {@code invalid-branch} if the prefix is not a valid start of a branch name
     */
    public static BranchName of(String prefix, String title, String sourceUid, String namespace, String publishName)
            throws RefusedException {
        String id = id(sourceUid, namespace, publishName);
        String slug = slug(title);
        String name = start(prefix) + (slug.isEmpty() ? id : slug + "-" + id);
        var problem = BranchName.problem(name);
        if (problem.isPresent()) {
            throw new RefusedException(
                    SharedReason.INVALID_BRANCH,
                    "The project's branchPrefix is not a valid start of a branch name: " + problem.get()
                            + ". Correct the project's spec.branchPrefix.");
        }
        return BranchName.of(name);
    }

    /** Whether the name was generated for this source and publish, with any prefix and title. */
    public static boolean isFor(BranchName name, String sourceUid, String namespace, String publishName) {
        return name.value().endsWith(id(sourceUid, namespace, publishName));
    }

    private static String start(String prefix) {
        return prefix.isEmpty() || "/-_.".indexOf(prefix.charAt(prefix.length() - 1)) >= 0 ? prefix : prefix + "/";
    }

    private static String slug(String title) {
        String start = title.substring(0, Math.min(title.length(), 8 * SLUG_LENGTH));
        String letters = Normalizer.normalize(start, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}+", "")
                .toLowerCase(Locale.ROOT)
                .replace("ß", "ss")
                .replace("æ", "ae")
                .replace("œ", "oe")
                .replace("ø", "o")
                .replace("ł", "l")
                .replace("đ", "d")
                .replace("ð", "d")
                .replace("þ", "th")
                .replace("ı", "i");
        String slug =
                letters.replaceAll("['’]", "").replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        if (slug.length() <= SLUG_LENGTH) {
            return slug;
        }
        int wordEnd = slug.lastIndexOf('-', SLUG_LENGTH);
        return slug.substring(0, wordEnd > SLUG_LENGTH / 2 ? wordEnd : SLUG_LENGTH)
                .replaceAll("-$", "");
    }

    /** Hashes each part with its length, so that different triples never produce the same input. */
    private static String id(String... parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
                sha256.update(bytes);
            }
            return HexFormat.of().formatHex(sha256.digest()).substring(0, ID_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
