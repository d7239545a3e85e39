package dev.sessionpublish.embedded.cluster;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;

/**
 * One request, as the server got it.
 *
 * @param query as on the wire, without the question mark; empty when there was none
 * @param accept the Accept header
 */
public record ApiRequest(
        String method, String path, String query, String userAgent, String accept, String contentType, String body) {

    /** All values of a query parameter. */
    public List<String> params(String name) {
        Map<String, List<String>> all = new QueryStringDecoder(query, false).parameters();
        return all.getOrDefault(name, List.of());
    }

    /** The value of a query parameter; empty when absent. */
    public String param(String name) {
        List<String> values = params(name);
        return values.isEmpty() ? "" : values.get(0);
    }

    boolean flag(String name) {
        return List.of("true", "1").contains(param(name));
    }

    /** The API's verb: get, list, watch, create, update, patch, delete, or exec. */
    public String verb() {
        if (path.endsWith("/exec")) {
            return "exec";
        }
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> flag("watch") ? "watch" : "get";
        };
    }

    /** Who owns the fields that this request writes. */
    String manager() {
        String manager = param("fieldManager");
        return manager.isEmpty() ? userAgent.replaceFirst("/.*", "") : manager;
    }
}
