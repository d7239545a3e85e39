package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a value is, in the notation of managedFields: {@code f:} a field, {@code k:} an item by its keys, {@code v:} a
 * member of a set; a last {@code .} means the item itself.
 */
record FieldPath(List<String> steps) {
    private static final Set<String> IDENTITY = Set.of(
            "name",
            "generateName",
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "selfLink",
            "managedFields");

    FieldPath then(String step) {
        return new FieldPath(Stream.concat(steps.stream(), Stream.of(step)).toList());
    }

    Optional<FieldPath> parent() {
        return steps.size() < 2 ? Optional.empty() : Optional.of(new FieldPath(steps.subList(0, steps.size() - 1)));
    }

    private String last() {
        return steps.get(steps.size() - 1);
    }

    /** Whether this is the entry that an item of a list has for itself. */
    boolean ofItem() {
        return last().equals(".");
    }

    /** Everything in an object that can be owned; not what names it, nor who owns it. */
    static Set<FieldPath> leaves(ResourceType type, ObjectNode object) {
        Set<FieldPath> leaves = new LinkedHashSet<>();
        collect(Shape.of(type), object, new FieldPath(List.of()), leaves);
        leaves.removeIf(path -> path.steps().get(0).equals("f:apiVersion")
                || path.steps().get(0).equals("f:kind")
                || path.steps().equals(List.of("f:metadata"))
                || path.steps().get(0).equals("f:metadata")
                        && IDENTITY.contains(path.steps().get(1).substring(2)));
        return leaves;
    }

    private static void collect(Shape shape, JsonNode value, FieldPath at, Set<FieldPath> leaves) {
        if (value instanceof ObjectNode object && !object.isEmpty() && !shape.atomicMap()) {
            object.properties()
                    .forEach(field -> collect(
                            shape.child(field.getKey()), field.getValue(), at.then("f:" + field.getKey()), leaves));
        } else if (value instanceof ArrayNode list
                && !list.isEmpty()
                && !shape.keys().isEmpty()) {
            for (JsonNode item : list) {
                FieldPath itemPath = at.then(itemStep(shape.keys(), item));
                leaves.add(itemPath.then("."));
                collect(shape.item(), item, itemPath, leaves);
            }
        } else if (value instanceof ArrayNode list && !list.isEmpty() && shape.set()) {
            list.forEach(item -> leaves.add(at.then("v:" + Json.write(item))));
        } else {
            leaves.add(at);
        }
    }

    static String itemStep(List<String> keys, JsonNode item) {
        ObjectNode key = Json.object();
        keys.forEach(name -> key.set(name, item.path(name).deepCopy()));
        return "k:" + Json.write(key);
    }

    Optional<JsonNode> in(JsonNode root) {
        JsonNode value = root;
        for (String step : steps) {
            if (step.equals(".")) {
                return Optional.of(value);
            }
            if (step.startsWith("f:")) {
                value = value.path(step.substring(2));
            } else {
                int index = index(step, value);
                if (index < 0) {
                    return Optional.empty();
                }
                value = value.get(index);
            }
            if (value.isMissingNode()) {
                return Optional.empty();
            }
        }
        return Optional.of(value);
    }

    void removeFrom(ObjectNode root) {
        if (ofItem()) {
            parent().ifPresent(item -> item.removeFrom(root));
            return;
        }
        JsonNode holder =
                parent().map(path -> path.in(root).orElseGet(Json::object)).orElse(root);
        if (holder instanceof ObjectNode object && last().startsWith("f:")) {
            object.remove(last().substring(2));
        } else if (holder instanceof ArrayNode list && index(last(), list) >= 0) {
            list.remove(index(last(), list));
        }
    }

    private static int index(String step, JsonNode list) {
        JsonNode wanted = Json.read(step.substring(2));
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.get(i);
            boolean same = step.startsWith("v:") ? item.equals(wanted) : hasKeys(item, wanted);
            if (same) {
                return i;
            }
        }
        return -1;
    }

    private static boolean hasKeys(JsonNode item, JsonNode keys) {
        return keys.properties().stream()
                .allMatch(key -> item.path(key.getKey()).equals(key.getValue()));
    }

    /** As a person reads it: {@code .status.conditions[{"type":"Ready"}].reason}. */
    String shown() {
        return steps.stream()
                .filter(step -> !step.equals("."))
                .map(step -> step.startsWith("f:") ? "." + step.substring(2) : "[" + step.substring(2) + "]")
                .collect(Collectors.joining());
    }
}
