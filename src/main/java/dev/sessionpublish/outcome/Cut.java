package dev.sessionpublish.outcome;

import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shortens text between two grapheme clusters (the extended grapheme clusters of Unicode's UAX #29), so that no accent,
 * flag or emoji is split. Shortened text ends in {@code …}, which counts towards the limit. A first cluster that
 * exceeds the limit is cut between code points.
 */
public final class Cut {
    private static final String MARK = "…";
    private static final Pattern CHARACTER = Pattern.compile("\\X");

    private Cut() {}

    /** At most {@code max} bytes of UTF-8. */
    public static String toBytes(String text, int max) {
        return to(text, max, part -> part.getBytes(StandardCharsets.UTF_8).length);
    }

    /** At most {@code max} UTF-16 code units. The number of code points and of graphemes is never larger. */
    public static String toLength(String text, int max) {
        return to(text, max, String::length);
    }

    /**
     * At most {@code max} in the caller's unit. The size of a text must be the sum of the sizes of its parts. Omits the
     * {@code …} when the limit leaves no room for it.
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
