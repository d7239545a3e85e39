package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A custom resource's structural schema at work: unknown fields are dropped or refused, defaults filled in, the rest
 * validated. CEL rules ({@code x-kubernetes-validations}) are not evaluated; the real API server does that.
 */
final class CrdSchema {
    private static final Set<String> ALWAYS_KNOWN = Set.of("apiVersion", "kind", "metadata");

    private final ResourceType type;

    private CrdSchema(ResourceType type) {
        this.type = type;
    }

    static CrdSchema of(ResourceType type) {
        return new CrdSchema(type);
    }

    /** @throws ApiException 422 with every cause, or 400 for unknown fields of a strict write */
    void admit(ObjectNode object, boolean strict) {
        if (!type.custom()) {
            return;
        }
        List<String> unknown = new ArrayList<>();
        object.fieldNames().forEachRemaining(name -> {
            if (!ALWAYS_KNOWN.contains(name)
                    && !type.schema().path("properties").has(name)) {
                unknown.add(name);
            }
        });
        object.remove(unknown);
        object.fieldNames().forEachRemaining(name -> {
            if (!ALWAYS_KNOWN.contains(name)) {
                prune(type.schema().path("properties").path(name), object.get(name), name, unknown);
            }
        });
        if (strict && !unknown.isEmpty()) {
            throw ApiException.badRequest(type.kind() + " in version \"" + type.version() + "\" cannot be handled as a "
                    + type.kind() + ": strict decoding error: unknown field \""
                    + String.join("\", unknown field \"", unknown) + "\"");
        }
        fillIn(type.schema(), object);
        SchemaCheck check = new SchemaCheck();
        check.properties(type.schema(), object, "");
        if (!check.causes().isEmpty()) {
            throw ApiException.invalid(
                    type, object.path("metadata").path("name").asText(), check.causes());
        }
    }

    private static void prune(JsonNode schema, JsonNode value, String at, List<String> unknown) {
        if (value instanceof ObjectNode object) {
            JsonNode properties = schema.path("properties");
            JsonNode others = schema.path("additionalProperties");
            boolean open = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
            List<String> dropped = new ArrayList<>();
            object.properties().forEach(field -> {
                String name = field.getKey();
                JsonNode child = properties.has(name) ? properties.get(name) : others;
                if (child.isMissingNode() && !open) {
                    dropped.add(name);
                    unknown.add(at + "." + name);
                } else if (field.getValue().isNull() && !child.path("nullable").asBoolean() && !open) {
                    dropped.add(name);
                } else {
                    prune(child, field.getValue(), at + "." + name, unknown);
                }
            });
            object.remove(dropped);
        } else if (value instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                prune(schema.path("items"), list.get(i), at + "[" + i + "]", unknown);
            }
        }
    }

    private static void fillIn(JsonNode schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            for (var property : schema.path("properties").properties()) {
                if (!object.has(property.getKey()) && property.getValue().has("default")) {
                    object.set(
                            property.getKey(),
                            property.getValue().get("default").deepCopy());
                }
                fillIn(property.getValue(), object.path(property.getKey()));
            }
            if (!schema.has("properties")) {
                object.forEach(child -> fillIn(schema.path("additionalProperties"), child));
            }
        } else if (value instanceof ArrayNode list) {
            list.forEach(item -> fillIn(schema.path("items"), item));
        }
    }

    /** Marks a definition as served, as the API server's own controllers would. */
    static void established(ObjectNode crd, String now) {
        ObjectNode status = Json.child(crd, "status");
        status.set("acceptedNames", crd.path("spec").path("names").deepCopy());
        ArrayNode conditions = status.putArray("conditions");
        for (String condition : List.of("NamesAccepted", "Established")) {
            conditions
                    .addObject()
                    .put("type", condition)
                    .put("status", "True")
                    .put("reason", condition.equals("Established") ? "InitialNamesAccepted" : "NoConflicts")
                    .put("message", "")
                    .put(
                            "lastTransitionTime",
                            crd.at("/metadata/creationTimestamp").asText(now));
        }
        ArrayNode stored = status.putArray("storedVersions");
        for (JsonNode version : crd.path("spec").path("versions")) {
            if (version.path("storage").asBoolean()) {
                stored.add(version.path("name").asText());
            }
        }
    }
}
