package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Server-side apply: https://kubernetes.io/docs/reference/using-api/server-side-apply/. What a manager applied before
 * and leaves out now goes, unless another one owns it; a field that another one owns with another value is a conflict
 * unless forced.
 */
final class Apply {
    private static final String OPERATION = "Apply";

    private final ResourceType type;
    private final String subresource;
    private final WriteOptions options;
    private final String now;

    Apply(ResourceType type, String subresource, WriteOptions options, String now) {
        this.type = type;
        this.subresource = subresource;
        this.options = options;
        this.now = now;
    }

    ObjectNode onto(Optional<ObjectNode> current, ObjectNode applied) {
        ObjectNode wish = wish(applied);
        Set<FieldPath> fields = FieldPath.leaves(type, wish);
        ObjectNode live = current.orElseGet(Json::object);
        ObjectNode merged = live.deepCopy();
        merge(Shape.of(type), merged, wish);

        FieldOwnership ownership = new FieldOwnership(type, live);
        settleConflicts(ownership, live, wish, fields);
        Set<FieldPath> dropped = new LinkedHashSet<>(ownership.fields(options.manager(), OPERATION, subresource));
        dropped.removeAll(fields);
        List<FieldOwnership.Owner> others = ownership.others(options.manager(), OPERATION, subresource);
        dropped.removeIf(
                path -> others.stream().anyMatch(owner -> owner.fields().contains(path)));
        dropped.forEach(path -> drop(path, merged, wish));
        ownership.set(options.manager(), OPERATION, subresource, fields, now);
        ownership.writeTo(merged);
        return merged;
    }

    /** The part of what is applied that this subresource takes. */
    private ObjectNode wish(ObjectNode applied) {
        ObjectNode wish = applied.deepCopy();
        if (subresource.equals("status")) {
            wish.retain("apiVersion", "kind", "metadata", "status");
            Json.child(wish, "metadata").retain("name", "namespace", "uid", "resourceVersion");
        } else if (type.statusSubresource()) {
            wish.remove("status");
        }
        return wish;
    }

    private void settleConflicts(FieldOwnership ownership, ObjectNode live, ObjectNode wish, Set<FieldPath> fields) {
        StringBuilder conflicts = new StringBuilder();
        int count = 0;
        for (FieldOwnership.Owner other : ownership.others(options.manager(), OPERATION, subresource)) {
            for (FieldPath path : List.copyOf(other.fields())) {
                if (path.ofItem() || !fields.contains(path) || path.in(live).equals(path.in(wish))) {
                    continue;
                }
                if (options.force()) {
                    other.fields().remove(path);
                } else {
                    count++;
                    conflicts
                            .append(" conflict with \"")
                            .append(other.manager())
                            .append("\": ")
                            .append(path.shown());
                }
            }
        }
        if (count > 0) {
            throw ApiException.of(
                    409,
                    "Conflict",
                    "Apply failed with " + count + (count == 1 ? " conflict:" : " conflicts:") + conflicts);
        }
    }

    private static void drop(FieldPath path, ObjectNode merged, ObjectNode wish) {
        path.removeFrom(merged);
        Optional<FieldPath> parent = path.parent();
        while (parent.isPresent()
                && parent.get().in(wish).isEmpty()
                && parent.get().in(merged).filter(JsonNode::isEmpty).isPresent()) {
            parent.get().removeFrom(merged);
            parent = parent.get().parent();
        }
    }

    static void merge(Shape shape, ObjectNode target, ObjectNode wish) {
        wish.properties().forEach(field -> {
            JsonNode old = target.path(field.getKey());
            JsonNode value = field.getValue();
            Shape child = shape.child(field.getKey());
            if (old instanceof ObjectNode into && value instanceof ObjectNode from && !child.atomicMap()) {
                merge(child, into, from);
            } else if (old instanceof ArrayNode into
                    && value instanceof ArrayNode from
                    && !child.keys().isEmpty()) {
                mergeItems(child, into, from);
            } else if (old instanceof ArrayNode into && value instanceof ArrayNode from && child.set()) {
                Set<JsonNode> members = new LinkedHashSet<>();
                into.forEach(members::add);
                from.forEach(members::add);
                into.removeAll().addAll(members);
            } else {
                target.set(field.getKey(), value.deepCopy());
            }
        });
    }

    private static void mergeItems(Shape list, ArrayNode target, ArrayNode wish) {
        for (JsonNode item : wish) {
            FieldPath path = new FieldPath(List.of(FieldPath.itemStep(list.keys(), item)));
            Optional<JsonNode> old = path.in(target);
            if (old.isPresent() && old.get() instanceof ObjectNode into && item instanceof ObjectNode from) {
                merge(list.item(), into, from);
            } else {
                target.add(item.deepCopy());
            }
        }
    }
}
