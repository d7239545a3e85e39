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
 * The head branch of a publish that names none: {@code PREFIX/SLUG-ID}. SLUG is the title in at most 40 lower-case
 * letters and digits, written in ASCII where that is a matter of accents, absent where nothing is left of it. ID is ten
 * hexadecimal digits of a SHA-256 over the source's uid and the publish's namespace and name: the same object applied
 * again means the same branch, another session or another publish another one. The slug follows the title: whoever
 * has pushed once keeps the name that was pushed.
 */
public final class GeneratedBranch {
    private static final int SLUG_LENGTH = 40;
    private static final int ID_LENGTH = 10;

    private GeneratedBranch() {}

    /**
     * @param prefix comes before the rest; a slash is put in between when it does not end in a separator
     * @throws RefusedException with {@code invalid-branch} when the prefix can't begin a branch
     */
    public static BranchName of(String prefix, String title, String sourceUid, String namespace, String publishName)
            throws RefusedException {
        String id = id(sourceUid, namespace, publishName);
        String slug = slug(title);
        String name = start(prefix) + (slug.isEmpty() ? id : slug + "-" + id);
        var problem = BranchName.problem(name);
        if (problem.isPresent()) {
            throw new RefusedException(
                    SharedReason.INVALID_BRANCH, "the project's branchPrefix can't begin a branch: " + problem.get());
        }
        return BranchName.of(name);
    }

    /** Whether a name was generated for this source and publish, whatever prefix and title were at that time. */
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

    /** Each part is preceded by its length, so that no two triples are hashed alike. */
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
