package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Which part of an object a write may change: the object without its status, or its status alone. */
final class Subresources {
    private static final List<String> SET_BY_THE_SERVER = List.of(
            "name",
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds");

    private Subresources() {}

    /** What a write to this subresource makes of an object. */
    static ObjectNode merged(ResourceType type, String subresource, ObjectNode current, ObjectNode written) {
        ObjectNode next = written;
        if (subresource.equals("status")) {
            next = current.deepCopy();
            copy(written, next, "status");
            JsonNode owners = written.path("metadata").path("managedFields");
            if (owners.isArray()) {
                Json.child(next, "metadata").set("managedFields", owners);
            }
        } else if (type.statusSubresource()) {
            copy(current, next, "status");
        }
        ObjectNode metadata = Json.child(next, "metadata");
        SET_BY_THE_SERVER.forEach(field -> copy(current.path("metadata"), metadata, field));
        return next;
    }

    /** Counts the generation up when what is wished for, not how it stands, has changed. */
    static void generation(ResourceType type, ObjectNode current, ObjectNode next) {
        if (!current.path("metadata").has("generation") || wish(type, current).equals(wish(type, next))) {
            return;
        }
        Json.child(next, "metadata")
                .put("generation", current.path("metadata").path("generation").asLong() + 1);
    }

    private static ObjectNode wish(ResourceType type, ObjectNode object) {
        ObjectNode wish = object.deepCopy();
        wish.remove("metadata");
        if (type.statusSubresource()) {
            wish.remove("status");
        }
        return wish;
    }

    private static void copy(JsonNode from, ObjectNode to, String field) {
        if (from.has(field)) {
            to.set(field, from.get(field).deepCopy());
        } else {
            to.remove(field);
        }
    }
}
