package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.util.List;
import java.util.Optional;

/** JSON patch (RFC 6902), merge patch (RFC 7386), and the strategic one for built-in kinds. */
final class Patches {
    private Patches() {}

    static ObjectNode patched(ResourceType type, String mediaType, ObjectNode current, JsonNode patch) {
        switch (mediaType) {
            case "application/json-patch+json":
                return jsonPatched(current, patch);
            case "application/merge-patch+json":
                merge(current, object(patch));
                return current;
            case "application/strategic-merge-patch+json":
                if (!type.custom()) {
                    strategic(Shape.of(type), current, object(patch));
                    return current;
                }
                throw unsupported();
            default:
                throw unsupported();
        }
    }

    private static ApiException unsupported() {
        return ApiException.of(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include:"
                        + " application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
    }

    private static ObjectNode object(JsonNode patch) {
        if (patch instanceof ObjectNode object) {
            return object;
        }
        throw ApiException.badRequest("the patch has to be an object");
    }

    private static ObjectNode jsonPatched(ObjectNode current, JsonNode patch) {
        try {
            if (JsonPatch.apply(patch, current) instanceof ObjectNode patched) {
                return patched;
            }
            throw ApiException.badRequest("the patch leaves no object");
        } catch (JsonPatchException e) {
            throw ApiException.of(422, "Invalid", "the server rejected our request due to an error in our request");
        }
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                target.remove(field.getKey());
            } else if (field.getValue() instanceof ObjectNode from) {
                merge(Json.child(target, field.getKey()), from);
            } else {
                target.set(field.getKey(), field.getValue().deepCopy());
            }
        });
    }

    private static void strategic(Shape shape, ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(field -> {
            String name = field.getKey();
            JsonNode value = field.getValue();
            Shape child = shape.child(name);
            if (name.startsWith("$")) {
                return;
            }
            if (value.isNull()) {
                target.remove(name);
            } else if (value instanceof ObjectNode from) {
                if (from.path("$patch").asText().equals("replace")) {
                    target.remove(name);
                }
                strategic(child, Json.child(target, name), from);
            } else if (value instanceof ArrayNode from && !child.keys().isEmpty()) {
                strategicItems(child, target.withArray(name), from);
            } else {
                target.set(name, value.deepCopy());
            }
        });
    }

    private static void strategicItems(Shape list, ArrayNode target, ArrayNode patch) {
        for (JsonNode item : patch) {
            FieldPath path = new FieldPath(List.of(FieldPath.itemStep(list.keys(), item)));
            Optional<JsonNode> old = path.in(target);
            boolean delete = item.path("$patch").asText().equals("delete");
            if (old.isPresent() && delete) {
                for (int i = target.size() - 1; i >= 0; i--) {
                    if (target.get(i) == old.get()) {
                        target.remove(i);
                    }
                }
            } else if (old.isPresent() && old.get() instanceof ObjectNode into && item instanceof ObjectNode from) {
                strategic(list.item(), into, from);
            } else if (!delete) {
                target.add(item.deepCopy());
            }
        }
    }
}
