package dev.sessionpublish.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of data in bytes, never negative. Written with the binary units {@code KiB}, {@code MiB} and {@code GiB}.
 */
public record DataSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,10})(KiB|MiB|GiB)");
    private static final List<String> UNITS = List.of("KiB", "MiB", "GiB");

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size must not be negative");
        }
    }

    /** @throws IllegalArgumentException if the text is not a whole number followed by a unit, or exceeds a long */
    public static DataSize parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a size");
        }
        long unit = 1L << (10 * (UNITS.indexOf(matcher.group(2)) + 1));
        try {
            return new DataSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("too large", e);
        }
    }

    /** In the largest unit that represents it exactly; in bytes if it is not a multiple of 1 KiB. */
    @Override
    public String toString() {
        for (int i = UNITS.size(); i > 0; i--) {
            long unit = 1L << (10 * i);
            if (bytes >= unit && bytes % unit == 0) {
                return bytes / unit + UNITS.get(i - 1);
            }
        }
        return bytes + " bytes";
    }
}
