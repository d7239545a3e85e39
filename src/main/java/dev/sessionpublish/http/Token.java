package dev.sessionpublish.http;

import dev.sessionpublish.outcome.Redactor;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** A forge credential. {@link #toString} returns a placeholder. */
public record Token(String value) implements Credential {
    /**
     * @throws IllegalArgumentException if the value is empty or contains characters that are invalid in an HTTP header
     */
    public Token {
        if (value.isEmpty() || !value.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("a token must be printable ASCII without spaces");
        }
    }

    /** The value of an {@code Authorization} header for git over HTTPS (RFC 7617). */
    public String basic() {
        String pair = "x-access-token:" + value;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Token token() {
        return this;
    }

    /** Does nothing: there is no other token. */
    @Override
    public void rejected(Token token) {
        // A user stores another one in the Secret.
    }

    @Override
    public Object account() {
        return this;
    }

    @Override
    public Redactor redactor() {
        return new Redactor(List.of(value));
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
