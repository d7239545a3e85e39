package dev.sessionpublish.process;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * An answer to one HTTP request, after which its connection ends.
 *
 * @param status the status code and its phrase, such as {@code 200 OK}
 * @param type the media type of the body
 */
record HttpAnswer(String status, String type, String body) {
    static final HttpAnswer BAD_REQUEST = text("400 Bad Request", "Not an HTTP/1 request.\n");
    static final HttpAnswer NOT_ALLOWED = text("405 Method Not Allowed", "Method not allowed. Use GET or HEAD.\n");
    static final HttpAnswer HEAD_TOO_LARGE =
            text("431 Request Header Fields Too Large", "The request's header is too large.\n");
    static final HttpAnswer FAILED = text("500 Internal Server Error", "Failed; the operator's log says why.\n");

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    static HttpAnswer text(String status, String body) {
        return new HttpAnswer(status, "text/plain; charset=utf-8", body);
    }

    /** The bytes of the answer; {@code withBody} is false for HEAD. */
    ByteBuffer bytes(boolean withBody) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status
                + "\r\nDate: " + DATE.format(ZonedDateTime.now(ZoneOffset.UTC))
                + "\r\nAllow: GET, HEAD"
                + "\r\nContent-Type: " + type
                + "\r\nContent-Length: " + content.length
                + "\r\nConnection: close\r\n\r\n";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        if (withBody) {
            bytes.writeBytes(content);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }
}
