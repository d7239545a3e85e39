package dev.sessionpublish.git;

import dev.sessionpublish.outcome.Invisible;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A branch name without {@code refs/heads/}. It is kept byte for byte, without case folding or normalization. It must
 * follow git-check-ref-format(1) for a ref below {@code refs/heads/}. Names that git or a forge interprets differently
 * are also rejected (a leading {@code -}, {@code HEAD}, {@code @}, an object id, a full ref name), as are {@link
 * Invisible} characters. The limit of 244 bytes of UTF-8 is accepted by every forge and, with {@code .lock}, fits a
 * file name.
 */
public record BranchName(String value) {
    public static final int MAX_BYTES = 244;

    private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-fA-F]{40}|[0-9a-fA-F]{64}");
    private static final String FORBIDDEN = " ~^:?*[\\";

    public BranchName {
        problem(value).ifPresent(sentence -> {
            throw new IllegalArgumentException(sentence);
        });
    }

    /** @throws IllegalArgumentException with the message of {@link #problem} */
    public static BranchName of(String value) {
        return new BranchName(value);
    }

    /** Describes what is wrong with a name, without quoting it; empty if the name is valid. */
    public static Optional<String> problem(String name) {
        return gitsProblem(name).or(() -> oursProblem(name));
    }

    /** {@code refs/heads/NAME}. */
    public String ref() {
        return "refs/heads/" + value;
    }

    @Override
    public String toString() {
        return value;
    }

    /** Checks only the rules of git-check-ref-format(1). */
    static Optional<String> gitsProblem(String name) {
        if (name.isEmpty()) {
            return refused("is empty");
        }
        if (name.startsWith("/") || name.endsWith("/") || name.contains("//")) {
            return refused("starts or ends with a slash, or contains two slashes in a row");
        }
        if (name.contains("..")) {
            return refused("contains two dots in a row");
        }
        if (name.contains("@{")) {
            return refused("contains \"@{\"");
        }
        if (name.endsWith(".")) {
            return refused("ends with a dot");
        }
        if (name.startsWith(".") || name.contains("/.")) {
            return refused("has a part that starts with a dot");
        }
        if (name.endsWith(".lock") || name.contains(".lock/")) {
            return refused("has a part that ends with \".lock\"");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < 0x20 || c == 0x7F) {
                return refused("contains a control character");
            }
            if (FORBIDDEN.indexOf(c) >= 0) {
                return refused("contains " + (c == ' ' ? "a space" : "\"" + c + "\"") + ", which git does not allow");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> oursProblem(String name) {
        if (name.startsWith("-")) {
            return refused("starts with \"-\", which git interprets as an option");
        }
        if (name.startsWith("refs/heads/")) {
            return refused("starts with \"refs/heads/\"; remove this prefix");
        }
        if (name.equals("HEAD") || name.equals("@")) {
            return refused("is \"" + name + "\", which git interprets as the current commit");
        }
        if (OBJECT_ID.matcher(name).matches()) {
            return refused("looks like a commit id");
        }
        if (name.codePoints().anyMatch(each -> Character.getType(each) == Character.SURROGATE)) {
            return refused("is not valid Unicode");
        }
        Optional<String> invisible = name.codePoints()
                .filter(Invisible::is)
                .boxed()
                .findFirst()
                .map(each -> String.format("contains the invisible character U+%04X", each));
        if (invisible.isPresent()) {
            return refused(invisible.get());
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes > MAX_BYTES
                ? refused("has " + bytes + " bytes of UTF-8; the limit is " + MAX_BYTES)
                : Optional.empty();
    }

    private static Optional<String> refused(String what) {
        return Optional.of("the branch name " + what);
    }
}
