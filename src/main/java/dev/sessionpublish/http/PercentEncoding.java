package dev.sessionpublish.http;

import java.nio.charset.StandardCharsets;

/** Percent-encodes a part of a URL (RFC 3986): the UTF-8 bytes of all characters except the unreserved ones. */
public final class PercentEncoding {
    private static final String UNRESERVED = "-._~";

    private PercentEncoding() {}

    /** Encodes a path segment, or a name or value of a query. */
    public static String of(String text) {
        return encode(text, "");
    }

    /** Encodes a path and keeps its slashes. */
    public static String ofPath(String path) {
        return encode(path, "/");
    }

    private static String encode(String text, String alsoPlain) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xFF);
            boolean plain = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || UNRESERVED.indexOf(c) >= 0
                    || alsoPlain.indexOf(c) >= 0;
            if (plain) {
                encoded.append(c);
            } else {
                encoded.append(String.format("%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }
}
