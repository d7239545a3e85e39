package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who owns which field: metadata.managedFields, read, changed and written. */
final class FieldOwnership {
    private final String apiVersion;
    private final List<Owner> owners = new ArrayList<>();

    /** One manager's fields; {@code operation} is Apply or Update. */
    record Owner(String manager, String operation, String subresource, String time, Set<FieldPath> fields) {
        boolean is(String otherManager, String otherOperation, String otherSubresource) {
            return manager.equals(otherManager)
                    && operation.equals(otherOperation)
                    && subresource.equals(otherSubresource);
        }
    }

    FieldOwnership(ResourceType type, JsonNode object) {
        apiVersion = type.apiVersion();
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            Set<FieldPath> fields = new LinkedHashSet<>();
            collect(entry.path("fieldsV1"), new FieldPath(List.of()), fields);
            owners.add(new Owner(
                    entry.path("manager").asText(),
                    entry.path("operation").asText(),
                    entry.path("subresource").asText(),
                    entry.path("time").asText(),
                    fields));
        }
    }

    private static void collect(JsonNode node, FieldPath at, Set<FieldPath> fields) {
        if (node.isEmpty() && !at.steps().isEmpty()) {
            fields.add(at);
        }
        node.properties().forEach(entry -> collect(entry.getValue(), at.then(entry.getKey()), fields));
    }

    /** Records an ordinary write: its manager owns what it changed, and nobody what it removed. */
    static void written(
            ResourceType type,
            Optional<ObjectNode> before,
            ObjectNode after,
            String subresource,
            String manager,
            String now) {
        FieldOwnership ownership =
                new FieldOwnership(type, before.map(JsonNode.class::cast).orElseGet(Json::object));
        Set<FieldPath> left = FieldPath.leaves(type, after);
        Set<FieldPath> changed = new LinkedHashSet<>(left);
        changed.removeIf(path -> before.isPresent()
                && (path.ofItem()
                        ? path.in(before.get()).isPresent()
                        : path.in(before.get()).equals(path.in(after))));
        Set<FieldPath> own = new LinkedHashSet<>(ownership.fields(manager, "Update", subresource));
        own.addAll(changed);
        own.retainAll(left);
        for (Owner owner : ownership.owners) {
            owner.fields().removeAll(changed);
            owner.fields()
                    .removeIf(path -> !left.contains(path) && path.in(after).isEmpty());
        }
        ownership.set(manager, "Update", subresource, own, now);
        ownership.writeTo(after);
    }

    Set<FieldPath> fields(String manager, String operation, String subresource) {
        return owners.stream()
                .filter(owner -> owner.is(manager, operation, subresource))
                .findFirst()
                .map(Owner::fields)
                .orElse(Set.of());
    }

    List<Owner> others(String manager, String operation, String subresource) {
        return owners.stream()
                .filter(owner -> !owner.is(manager, operation, subresource))
                .toList();
    }

    /** Gives a manager these fields in place of those it had; the time moves only when they differ. */
    void set(String manager, String operation, String subresource, Set<FieldPath> fields, String now) {
        for (int i = 0; i < owners.size(); i++) {
            Owner owner = owners.get(i);
            if (owner.is(manager, operation, subresource)) {
                String time = owner.fields().equals(fields) ? owner.time() : now;
                owners.set(i, new Owner(manager, operation, subresource, time, fields));
                return;
            }
        }
        owners.add(new Owner(manager, operation, subresource, now, fields));
    }

    void writeTo(ObjectNode object) {
        ObjectNode metadata = Json.child(object, "metadata");
        metadata.remove("managedFields");
        for (Owner owner : owners) {
            if (owner.fields().isEmpty()) {
                continue;
            }
            ObjectNode entry = metadata.withArray("managedFields").addObject();
            entry.put("manager", owner.manager()).put("operation", owner.operation());
            entry.put("apiVersion", apiVersion).put("time", owner.time()).put("fieldsType", "FieldsV1");
            ObjectNode tree = entry.putObject("fieldsV1");
            for (FieldPath path : owner.fields()) {
                ObjectNode node = tree;
                for (String step : path.steps()) {
                    node = Json.child(node, step);
                }
            }
            if (!owner.subresource().isEmpty()) {
                entry.put("subresource", owner.subresource());
            }
        }
    }

    /** Whether a write changed nothing: who owned what since when aside. */
    static boolean sameButTimes(ObjectNode one, ObjectNode other) {
        return withoutTimes(one).equals(withoutTimes(other));
    }

    private static ObjectNode withoutTimes(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        for (JsonNode entry : copy.path("metadata").path("managedFields")) {
            ((ObjectNode) entry).remove("time");
        }
        return copy;
    }
}
