package dev.sessionpublish.process;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of an HTTP/1 request.
 *
 * @param path of the target, without its query
 */
record RequestLine(String method, String path) {
    private static final Pattern FORM = Pattern.compile("([A-Za-z]{1,20}) ([^ ?]+)(\\?[^ ]*)? HTTP/1\\.[0-9]");

    /** Empty if it isn't the line of an HTTP/1 request. */
    static Optional<RequestLine> parse(String line) {
        Matcher parts = FORM.matcher(line);
        return parts.matches() ? Optional.of(new RequestLine(parts.group(1), parts.group(2))) : Optional.empty();
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    boolean isRead() {
        return method.equals("GET") || isHead();
    }
}
