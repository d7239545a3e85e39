package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/** A refusal as the API tells it: a Status object and its HTTP code. */
public final class ApiException extends RuntimeException {
    private final ObjectNode status;

    private ApiException(ObjectNode status) {
        super(status.path("message").asText(), null, false, false);
        this.status = status;
    }

    /** One reason of a 422. */
    record Cause(String reason, String field, String message) {}

    public static ApiException of(int code, String reason, String message) {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure").put("message", message).put("reason", reason);
        return new ApiException(status.put("code", code));
    }

    static ApiException badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    static ApiException notFound(ResourceType type, String name) {
        return of(404, "NotFound", type.qualified() + " \"" + name + "\" not found")
                .about(type.group(), type.plural(), name);
    }

    static ApiException pathNotFound() {
        return of(404, "NotFound", "the server could not find the requested resource");
    }

    static ApiException alreadyExists(ResourceType type, String name) {
        return of(409, "AlreadyExists", type.qualified() + " \"" + name + "\" already exists")
                .about(type.group(), type.plural(), name);
    }

    static ApiException conflict(ResourceType type, String name, String why) {
        return of(409, "Conflict", "Operation cannot be fulfilled on " + type.qualified() + " \"" + name + "\": " + why)
                .about(type.group(), type.plural(), name);
    }

    static ApiException modified(ResourceType type, String name) {
        return conflict(
                type,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    static ApiException invalid(ResourceType type, String name, List<Cause> causes) {
        String sentences =
                causes.stream().map(c -> c.field() + ": " + c.message()).collect(Collectors.joining(", "));
        String qualifiedKind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
        ApiException invalid = of(
                        422,
                        "Invalid",
                        qualifiedKind + " \"" + name + "\" is invalid: "
                                + (causes.size() == 1 ? sentences : "[" + sentences + "]"))
                .about(type.group(), type.kind(), name);
        var list = Json.child(invalid.status, "details").putArray("causes");
        for (Cause cause : causes) {
            list.addObject()
                    .put("reason", cause.reason())
                    .put("message", cause.message())
                    .put("field", cause.field());
        }
        return invalid;
    }

    static ApiException expired(long asked, long oldest) {
        return of(410, "Expired", "too old resource version: " + asked + " (" + oldest + ")");
    }

    private ApiException about(String group, String kind, String name) {
        ObjectNode details = Json.child(status, "details");
        details.put("name", name);
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        details.put("kind", kind);
        return this;
    }

    int code() {
        return status.path("code").asInt();
    }

    ObjectNode status() {
        return status;
    }
}
