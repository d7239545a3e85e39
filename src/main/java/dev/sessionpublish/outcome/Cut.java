package dev.sessionpublish.outcome;

import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shortens text where a reader would: between two characters as people see them (the extended grapheme clusters of
 * Unicode's UAX #29), so that no accent, flag or family is torn apart. A text that was cut ends in {@code …}, which
 * counts. Only a first character that is too long in itself is cut between code points.
 */
public final class Cut {
    private static final String MARK = "…";
    private static final Pattern CHARACTER = Pattern.compile("\\X");

    private Cut() {}

    /** At most {@code max} bytes of UTF-8. */
    public static String toBytes(String text, int max) {
        return to(text, max, part -> part.getBytes(StandardCharsets.UTF_8).length);
    }

    /** At most {@code max} UTF-16 units, and so no more than that by any other count of characters. */
    public static String toLength(String text, int max) {
        return to(text, max, String::length);
    }

    /**
     * At most {@code max} by a size of the caller's, for which the size of a whole is the sum of its parts' sizes.
     * Without room for the mark there is no mark.
     */
    public static String to(String text, int max, ToIntFunction<String> size) {
        String mark = size.applyAsInt(MARK) <= max ? MARK : "";
        int room = max - size.applyAsInt(mark);
        int used = 0;
        int end = 0;
        boolean roomForMark = true;
        Matcher character = CHARACTER.matcher(text);
        int next = 0;
        while (character.find()) {
            used += size.applyAsInt(character.group());
            if (used > max) {
                String kept = text.substring(0, end == 0 ? codePoints(text, room, size) : end);
                return kept.stripTrailing() + mark;
            }
            next = character.end();
            roomForMark = roomForMark && used <= room;
            end = roomForMark ? next : end;
        }
        return text;
    }

    private static int codePoints(String text, int room, ToIntFunction<String> size) {
        int end = 0;
        int used = 0;
        while (end < text.length()) {
            int next = text.offsetByCodePoints(end, 1);
            used += size.applyAsInt(text.substring(end, next));
            if (used > room) {
                break;
            }
            end = next;
        }
        return end;
    }
}
