package dev.sessionpublish.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** One answer of the stand-in. */
public record GitHubReply(int status, Map<String, String> headers, JsonNode body) {
    static GitHubReply of(int status, JsonNode body) {
        return new GitHubReply(status, Map.of(), body);
    }

    /** An error in GitHub's words. */
    public static GitHubReply error(int status, String message) {
        return of(status, message(status, message));
    }

    public GitHubReply with(String header, String value) {
        Map<String, String> more = new java.util.TreeMap<>(headers);
        more.put(header, value);
        return new GitHubReply(status, more, body);
    }

    /** 422 with a sentence. */
    static GitHubReply invalid(String sentence) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("resource", "PullRequest").put("code", "custom").put("message", sentence);
        return validationFailed(error);
    }

    /** 422 with a field. */
    static GitHubReply invalid(String field, String code) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("resource", "PullRequest").put("field", field).put("code", code);
        return validationFailed(error);
    }

    private static GitHubReply validationFailed(ObjectNode error) {
        ObjectNode body = message(422, "Validation Failed");
        body.putArray("errors").add(error);
        return of(422, body);
    }

    private static ObjectNode message(int status, String message) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("message", message)
                .put("documentation_url", "https://docs.github.com/rest")
                .put("status", String.valueOf(status));
    }

    /** Ends the handling of a request with this answer. */
    Refusal refusal() {
        return new Refusal(this);
    }

    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient GitHubReply reply;

        private Refusal(GitHubReply reply) {
            super("answered " + reply.status());
            this.reply = reply;
        }

        GitHubReply reply() {
            return reply;
        }
    }
}
