package dev.sessionpublish.outcome;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Replaces secrets in text with {@code [redacted]}. Finds a secret as plain text; percent-encoded, fully or partly,
 * once or repeatedly, or as a form value; and inside base64 text (standard or URL alphabet, with or without padding),
 * such as the base64 of {@code x-access-token:SECRET}. Redact text before cleaning or truncating it.
 *
 * <p>White space around a secret is ignored. Each line of a multi-line secret, such as a private key, counts as a
 * secret if it has at least 16 characters. Secrets shorter than 4 characters are ignored, because replacing them would
 * make text unreadable. For secrets shorter than 8 bytes, only the base64 of {@code SECRET}, {@code :SECRET} and {@code
 * x-access-token:SECRET} is found.
 */
public final class Redactor {
    public static final Redactor NONE = new Redactor(List.of());

    private static final String REDACTED = "[redacted]";
    private static final int SHORTEST = 4;
    private static final int SHORTEST_LINE = 16;
    private static final int LONGEST_PATTERN = 1000;
    private static final int SHORTEST_ANYWHERE_IN_BASE64 = 8;

    private final Supplier<Patterns> patterns;

    private record Patterns(List<Pattern> plain, List<Pattern> base64) {}

    public Redactor(Collection<String> secrets) {
        Set<String> all = new LinkedHashSet<>();
        for (String secret : secrets) {
            all.addAll(pieces(secret.strip()));
            secret.lines()
                    .map(String::strip)
                    .filter(line -> line.length() >= SHORTEST_LINE)
                    .forEach(line -> all.addAll(pieces(line)));
        }
        all.removeIf(secret -> secret.length() < SHORTEST);
        Patterns fixed = new Patterns(
                all.stream().map(Redactor::asWritten).toList(),
                all.stream()
                        .flatMap(secret -> base64Texts(secret).stream())
                        .distinct()
                        .map(Redactor::asWritten)
                        .toList());
        this.patterns = () -> fixed;
    }

    /** A long secret in parts of about equal length, because a pattern takes stack for each character. */
    private static List<String> pieces(String secret) {
        if (secret.length() <= LONGEST_PATTERN) {
            return List.of(secret);
        }
        int count = (secret.length() + LONGEST_PATTERN - 1) / LONGEST_PATTERN;
        int each = (secret.length() + count - 1) / count;
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < secret.length(); at += each) {
            pieces.add(
                    secret.substring(at, Math.min(secret.length(), at + each)).strip());
        }
        return pieces;
    }

    private Redactor(Supplier<Patterns> patterns) {
        this.patterns = patterns;
    }

    /** Redacts what either does. */
    public static Redactor both(Redactor one, Redactor other) {
        return new Redactor(() -> {
            Patterns first = one.patterns.get();
            Patterns second = other.patterns.get();
            return new Patterns(joined(first.plain, second.plain), joined(first.base64, second.base64));
        });
    }

    private static List<Pattern> joined(List<Pattern> first, List<Pattern> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** Redacts what the given redactor does at the time: for secrets that change. */
    public static Redactor current(Supplier<Redactor> now) {
        return new Redactor(() -> now.get().patterns.get());
    }

    public String redact(String text) {
        BitSet secret = new BitSet();
        Patterns now = patterns.get();
        for (Pattern each : now.plain) {
            Matcher found = each.matcher(text);
            for (int from = 0; from <= text.length() && found.find(from); from = found.start() + 1) {
                secret.set(found.start(), found.end());
            }
        }
        for (Pattern each : now.base64) {
            Matcher found = each.matcher(text);
            for (int from = 0; from <= text.length() && found.find(from); ) {
                int end = endOfBase64(text, found.end());
                secret.set(startOfBase64(text, found.start()), end);
                from = end;
            }
        }
        return secret.isEmpty() ? text : without(secret, text);
    }

    private static String without(BitSet secret, String text) {
        StringBuilder left = new StringBuilder(text.length());
        int at = 0;
        for (int start = secret.nextSetBit(0); start >= 0; start = secret.nextSetBit(at)) {
            left.append(text, at, start).append(REDACTED);
            at = secret.nextClearBit(start);
        }
        return left.append(text, at, text.length()).toString();
    }

    /** Matches the text with any of its characters percent-encoded any number of times. */
    private static Pattern asWritten(String text) {
        StringBuilder regex = new StringBuilder();
        text.codePoints().forEach(each -> {
            String character = Character.toString(each);
            regex.append("(?:").append(Pattern.quote(character)).append('|');
            for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
                regex.append("%(?:25)*(?i:").append(String.format("%02x", b)).append(')');
            }
            switch (each) {
                case ' ' -> regex.append("|\\+");
                case '+' -> regex.append("|-");
                case '/' -> regex.append("|_");
                default -> {}
            }
            regex.append(')');
        });
        return Pattern.compile(regex.toString());
    }

    private static List<String> base64Texts(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < SHORTEST_ANYWHERE_IN_BASE64) {
            return List.of(encoded(secret), encoded(":" + secret), encoded("x-access-token:" + secret));
        }
        List<String> texts = new ArrayList<>();
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            String whole = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            // The first and the last digit can contain bits of the adjacent bytes.
            int start = before == 0 ? 0 : before + 1;
            int end = shifted.length % 3 == 0 ? whole.length() : whole.length() - 1;
            texts.add(whole.substring(start, end));
        }
        return texts;
    }

    private static String encoded(String text) {
        return Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int startOfBase64(String text, int from) {
        int start = from;
        while (start > 0 && isBase64(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    private static int endOfBase64(String text, int from) {
        int end = from;
        while (end < text.length() && (isBase64(text.charAt(end)) || text.charAt(end) == '=')) {
            end++;
        }
        return end;
    }

    private static boolean isBase64(char c) {
        return c >= 'A' && c <= 'Z'
                || c >= 'a' && c <= 'z'
                || c >= '0' && c <= '9'
                || c == '+'
                || c == '/'
                || c == '-'
                || c == '_';
    }
}
