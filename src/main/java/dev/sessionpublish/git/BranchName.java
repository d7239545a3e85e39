package dev.sessionpublish.git;

import dev.sessionpublish.outcome.Invisible;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a branch, without {@code refs/heads/}, kept byte for byte: no case folding, no normalization. Follows the
 * rules of git-check-ref-format(1) for a ref below {@code refs/heads/} and refuses besides what git or a forge would
 * take for something else (a leading {@code -}, {@code HEAD}, {@code @}, an object id, a whole ref) and what a reader
 * could not see ({@link Invisible} characters). At most 244 bytes of UTF-8, which fits every forge and, with {@code
 * .lock}, a file name.
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

    /** @throws IllegalArgumentException with the sentence of {@link #problem} */
    public static BranchName of(String value) {
        return new BranchName(value);
    }

    /** What is wrong with a name, in a sentence that doesn't repeat it; empty when nothing is. */
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

    /** The rules of git-check-ref-format(1), and no others. */
    static Optional<String> gitsProblem(String name) {
        if (name.isEmpty()) {
            return refused("is empty");
        }
        if (name.startsWith("/") || name.endsWith("/") || name.contains("//")) {
            return refused("has a slash at its start, at its end, or next to another slash");
        }
        if (name.contains("..")) {
            return refused("contains two dots in a row");
        }
        if (name.contains("@{")) {
            return refused("contains \"@{\"");
        }
        if (name.endsWith(".")) {
            return refused("ends in a dot");
        }
        if (name.startsWith(".") || name.contains("/.")) {
            return refused("has a part that begins with a dot");
        }
        if (name.endsWith(".lock") || name.contains(".lock/")) {
            return refused("has a part that ends in \".lock\"");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < 0x20 || c == 0x7F) {
                return refused("contains a control character");
            }
            if (FORBIDDEN.indexOf(c) >= 0) {
                return refused("contains " + (c == ' ' ? "a space" : "\"" + c + "\"") + ", which git doesn't allow");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> oursProblem(String name) {
        if (name.startsWith("-")) {
            return refused("begins with \"-\", so that git would take it for an option");
        }
        if (name.startsWith("refs/heads/")) {
            return refused("begins with \"refs/heads/\": write the part after it");
        }
        if (name.equals("HEAD") || name.equals("@")) {
            return refused("is \"" + name + "\", which git takes for the current commit");
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
                ? refused("has " + bytes + " bytes of UTF-8; at most " + MAX_BYTES + " are allowed")
                : Optional.empty();
    }

    private static Optional<String> refused(String what) {
        return Optional.of("the branch name " + what);
    }
}
