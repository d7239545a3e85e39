package dev.sessionpublish.outcome;

import java.nio.charset.StandardCharsets;

/** Cleaning of text that came from a sandbox, a forge or a user before it is shown anywhere. */
public final class SafeText {
    private SafeText() {}

    /**
     * One line: line breaks and tabs become spaces, runs of white space one space; control, bidirectional-formatting
     * and other invisible format characters are removed, lone surrogates replaced; at most {@code maxBytes} bytes of
     * UTF-8, a cut text ending in {@code …}.
     */
    public static String line(String text, int maxBytes) {
        throw new UnsupportedOperationException(text + maxBytes);
    }

    /** As {@link #line}, but line feeds and tabs are kept ({@code \r\n} and {@code \r} become {@code \n}). */
    public static String block(String text, int maxBytes) {
        throw new UnsupportedOperationException(text + maxBytes);
    }

    /** Bytes from outside as text: malformed UTF-8 becomes U+FFFD. */
    public static String decode(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
