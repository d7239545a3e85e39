package dev.sessionpublish.outcome;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Cleans text from a sandbox, a forge or a user before it is displayed. Cleaning is idempotent. All {@link Invisible}
 * characters are removed, with two exceptions that emoji and several scripts require: a joiner between two non-ASCII
 * characters and a variation selector after a visible character.
 */
public final class SafeText {
    private static final Pattern TERMINAL_SEQUENCE = Pattern.compile("\u001B\\[[0-?]*+[ -/]*+[@-~]");
    private static final int REPLACEMENT = 0xFFFD;
    private static final int FIRST_AFTER_ASCII = 0x80;

    private SafeText() {}

    /**
     * Returns the text as one line. Line breaks, tabs and runs of white space become one space; terminal colour
     * sequences and invisible characters are removed; lone surrogates become U+FFFD; leading and trailing white space
     * is removed. The result has at most {@code maxBytes} bytes of UTF-8; truncated text ends in {@code …}.
     */
    public static String line(String text, int maxBytes) {
        return Cut.toBytes(clean(text, false).strip(), maxBytes);
    }

    /**
     * Like {@link #line}, but keeps tabs and runs of spaces, and converts every kind of line break to {@code \n}.
     * Leading empty lines and trailing white space are removed.
     */
    public static String block(String text, int maxBytes) {
        return Cut.toBytes(paragraphs(text), maxBytes);
    }

    /** Like {@link #block}, without a length limit. */
    public static String paragraphs(String text) {
        String clean = clean(text, true).stripTrailing();
        int start = 0;
        while (start < clean.length() && clean.charAt(start) == '\n') {
            start++;
        }
        return clean.substring(start);
    }

    /** Decodes UTF-8. Malformed bytes become U+FFFD. */
    public static String decode(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String clean(String text, boolean lines) {
        String plain = text.indexOf('\u001B') < 0
                ? text
                : TERMINAL_SEQUENCE.matcher(text).replaceAll("");
        StringBuilder clean = new StringBuilder(plain.length());
        int last = -1;
        for (int at = 0; at < plain.length(); ) {
            int each = plain.codePointAt(at);
            at += Character.charCount(each);
            if (each == '\r' && at < plain.length() && plain.charAt(at) == '\n') {
                continue;
            }
            int kept = kept(each, last, at < plain.length() ? plain.codePointAt(at) : -1, lines);
            if (kept < 0 || (kept == ' ' && last == ' ' && !lines)) {
                continue;
            }
            clean.appendCodePoint(kept);
            last = kept;
        }
        return clean.toString();
    }

    /** The replacement of a code point, given the last code point kept and the next one of the text; -1 removes it. */
    private static int kept(int each, int last, int next, boolean lines) {
        if (isLineBreak(each)) {
            return lines ? '\n' : ' ';
        }
        if (each == '\t') {
            return lines ? '\t' : ' ';
        }
        if (Character.getType(each) == Character.SPACE_SEPARATOR) {
            return lines ? each : ' ';
        }
        if (Character.getType(each) == Character.SURROGATE) {
            return REPLACEMENT;
        }
        if (Invisible.isJoiner(each)) {
            return last >= FIRST_AFTER_ASCII && !Invisible.isJoiner(last) && next >= FIRST_AFTER_ASCII && isShown(next)
                    ? each
                    : -1;
        }
        if (Invisible.isVariationSelector(each)) {
            return last > ' ' && isShown(last) ? each : -1;
        }
        return Invisible.is(each) ? -1 : each;
    }

    private static boolean isShown(int codePoint) {
        return !Invisible.is(codePoint) && !Character.isSpaceChar(codePoint);
    }

    private static boolean isLineBreak(int codePoint) {
        return switch (codePoint) {
            case '\n', '\r', 0x0B, '\f', 0x85, 0x2028, 0x2029 -> true;
            default -> false;
        };
    }
}
