package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a value merges: custom resources say it in their schema, for built-in kinds a table of field names stands in.
 *
 * @param field the field's name
 */
record Shape(JsonNode schema, String field) {
    private static final Map<String, List<String>> BUILT_IN_KEYS = Map.of(
            "conditions", List.of("type"),
            "containers", List.of("name"),
            "initContainers", List.of("name"),
            "containerStatuses", List.of("name"),
            "env", List.of("name"),
            "volumes", List.of("name"),
            "volumeMounts", List.of("mountPath"),
            "ownerReferences", List.of("uid"));

    static Shape of(ResourceType type) {
        return new Shape(type.schema(), "");
    }

    Shape child(String name) {
        if (field.isEmpty() && name.equals("metadata")) {
            return new Shape(MissingNode.getInstance(), name);
        }
        JsonNode property = schema.path("properties").path(name);
        return new Shape(property.isMissingNode() ? schema.path("additionalProperties") : property, name);
    }

    Shape item() {
        return new Shape(schema.path("items"), field + "[]");
    }

    /** The fields that tell a list's items apart; empty when it isn't a list of that kind. */
    List<String> keys() {
        if (!schema.isObject()) {
            return BUILT_IN_KEYS.getOrDefault(field, List.of());
        }
        List<String> keys = new ArrayList<>();
        if (schema.path("x-kubernetes-list-type").asText().equals("map")) {
            schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
        }
        return keys;
    }

    boolean set() {
        return schema.path("x-kubernetes-list-type").asText().equals("set") || field.equals("finalizers");
    }

    boolean atomicMap() {
        return schema.path("x-kubernetes-map-type").asText().equals("atomic");
    }
}
