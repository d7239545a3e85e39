package dev.sessionpublish.outcome;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces secrets in text by {@code [redacted]}: each one as it is; percent-encoded in whole or in part, in either
 * case of hexadecimal, as a form's value or more than once; and as part of any base64 text, {@code
 * x-access-token:SECRET} above all (standard and URL alphabet, padded or not, wherever the secret stands in it).
 * Applied before a text is cleaned and cut.
 *
 * <p>White space around a secret is not part of it. Each line of a secret of several lines, a private key, is a secret
 * too when it has 16 characters or more. What is shorter than 4 characters is no secret: replacing it would leave
 * nothing to read. Of secrets shorter than 8 bytes only base64 of {@code SECRET}, {@code :SECRET} and {@code
 * x-access-token:SECRET} is known.
 */
public final class Redactor {
    public static final Redactor NONE = new Redactor(List.of());

    private static final String REDACTED = "[redacted]";
    private static final int SHORTEST = 4;
    private static final int SHORTEST_LINE = 16;
    private static final int SHORTEST_ANYWHERE_IN_BASE64 = 8;

    private final List<Pattern> plain;
    private final List<Pattern> base64;

    public Redactor(Collection<String> secrets) {
        Set<String> all = new LinkedHashSet<>();
        for (String secret : secrets) {
            all.add(secret.strip());
            secret.lines()
                    .map(String::strip)
                    .filter(line -> line.length() >= SHORTEST_LINE)
                    .forEach(all::add);
        }
        all.removeIf(secret -> secret.length() < SHORTEST);
        this.plain = all.stream().map(Redactor::asWritten).toList();
        this.base64 = all.stream()
                .flatMap(secret -> base64Texts(secret).stream())
                .distinct()
                .map(Redactor::asWritten)
                .toList();
    }

    public String redact(String text) {
        BitSet secret = new BitSet();
        for (Pattern each : plain) {
            Matcher found = each.matcher(text);
            for (int from = 0; from <= text.length() && found.find(from); from = found.start() + 1) {
                secret.set(found.start(), found.end());
            }
        }
        for (Pattern each : base64) {
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

    /** The text, each of its characters as it is or percent-encoded any number of times. */
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
            // The first and the last digit may hold bits of a neighbour too.
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
