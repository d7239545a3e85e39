package dev.sessionpublish.forge.github;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the API answered, whole and bounded.
 *
 * @param headers by lower-case name, the first of each
 */
record Answer(int status, Map<String, String> headers, byte[] body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    boolean isRedirect() {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /** The body as JSON; a missing node when it is none. */
    JsonNode json() {
        try {
            JsonNode parsed = JSON.readTree(body);
            return parsed == null ? MissingNode.getInstance() : parsed;
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    /** An answer that is not a success, on its way through the library. Its message says nothing of the body. */
    static final class Unwelcome extends IOException {
        private static final long serialVersionUID = 1;

        private final transient Answer answer;

        Unwelcome(Answer answer) {
            super("the API answered " + answer.status());
            this.answer = answer;
        }

        Answer answer() {
            return answer;
        }
    }
}
