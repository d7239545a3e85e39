package dev.sessionpublish.forge.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.http.Answer;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * An error response of GitHub's REST API.
 *
 * @param message the response's message and the messages of its errors; not redacted
 */
record GitHubError(Answer answer, String message) {
    static GitHubError of(Answer answer) {
        return new GitHubError(answer, message(answer.json()));
    }

    int status() {
        return answer.status();
    }

    Optional<String> header(String name) {
        return answer.header(name);
    }

    /** Whether the message contains the given lower-case text, ignoring case. */
    boolean says(String text) {
        return message.toLowerCase(Locale.ROOT).contains(text);
    }

    /** Whether the token is no longer valid, whatever is asked with it. */
    boolean isOfRevokedToken() {
        return status() == 401 || status() == 403 && says("suspended");
    }

    /** The same, or the rights of a GitHub App may have changed since the token was issued. */
    boolean isOfOutdatedToken() {
        return isOfRevokedToken() || status() == 403 && says("not accessible by integration");
    }

    /** Whether the response lists an error with this field and code. */
    boolean lists(String field, String code) {
        for (JsonNode error : answer.json().path("errors")) {
            if (error.path("field").asText().equals(field)
                    && error.path("code").asText().equals(code)) {
                return true;
            }
        }
        return false;
    }

    private static String message(JsonNode json) {
        StringJoiner message = new StringJoiner("; ");
        message.setEmptyValue("");
        if (json.path("message").isTextual()) {
            message.add(json.path("message").textValue());
        }
        JsonNode errors = json.path("errors");
        if (errors.isTextual()) {
            message.add(errors.textValue());
        }
        for (JsonNode error : errors) {
            if (error.isTextual()) {
                message.add(error.textValue());
            } else if (error.path("message").isTextual()) {
                message.add(error.path("message").textValue());
            } else if (error.path("field").isTextual()) {
                message.add(error.path("field").textValue() + " is "
                        + error.path("code").asText("refused"));
            }
        }
        return message.toString();
    }
}
