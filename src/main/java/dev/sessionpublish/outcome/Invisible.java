package dev.sessionpublish.outcome;

/**
 * Characters that have no glyph of their own but can change or hide displayed text: control characters, bidirectional
 * and other format characters, line and paragraph separators, Unicode's default-ignorable code points (fillers,
 * joiners, variation selectors, tags) and noncharacters.
 */
public final class Invisible {
    private Invisible() {}

    public static boolean is(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> isIgnorable(codePoint) || isNoncharacter(codePoint);
        };
    }

    static boolean isVariationSelector(int codePoint) {
        return within(codePoint, 0xFE00, 0xFE0F) || within(codePoint, 0xE0100, 0xE01EF);
    }

    /** Zero-width joiner and non-joiner. Emoji sequences and several scripts require them. */
    static boolean isJoiner(int codePoint) {
        return codePoint == 0x200C || codePoint == 0x200D;
    }

    private static boolean isIgnorable(int codePoint) {
        return codePoint == 0x034F
                || within(codePoint, 0x115F, 0x1160)
                || within(codePoint, 0x17B4, 0x17B5)
                || within(codePoint, 0x180B, 0x180F)
                || within(codePoint, 0x2060, 0x206F)
                || codePoint == 0x3164
                || codePoint == 0xFFA0
                || within(codePoint, 0xFFF0, 0xFFF8)
                || within(codePoint, 0xE0000, 0xE0FFF)
                || isVariationSelector(codePoint);
    }

    private static boolean isNoncharacter(int codePoint) {
        return within(codePoint, 0xFDD0, 0xFDEF) || (codePoint & 0xFFFE) == 0xFFFE;
    }

    private static boolean within(int codePoint, int first, int last) {
        return codePoint >= first && codePoint <= last;
    }
}
