package dev.sessionpublish.embedded.cluster;

import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;

/**
 * What a request's path names.
 *
 * @param namespace empty for cluster scope and for lists across namespaces
 * @param name empty for the collection
 * @param subresource empty for the object itself
 */
record ResourcePath(ResourceType type, String namespace, String name, String subresource) {

    /** Empty when the path names no kind that is served. */
    static Optional<ResourcePath> parse(String path, ResourceTypes types) {
        LinkedList<String> parts = new LinkedList<>(
                Arrays.stream(path.split("/")).filter(s -> !s.isEmpty()).toList());
        if (parts.size() < 3) {
            return Optional.empty();
        }
        boolean core = parts.removeFirst().equals("api");
        String group = core ? "" : parts.removeFirst();
        String version = parts.removeFirst();
        String namespace = "";
        if (parts.size() >= 3
                && parts.get(0).equals("namespaces")
                && !(parts.size() == 3 && List.of("status", "finalize").contains(parts.get(2)))) {
            parts.removeFirst();
            namespace = parts.removeFirst();
        }
        if (parts.isEmpty() || parts.size() > 3) {
            return Optional.empty();
        }
        String inNamespace = namespace;
        String name = parts.size() > 1 ? parts.get(1) : "";
        String subresource = parts.size() > 2 ? parts.get(2) : "";
        return types.find(group, version, parts.get(0))
                .filter(type -> type.namespaced() || inNamespace.isEmpty())
                .filter(type -> !type.namespaced() || name.isEmpty() || !inNamespace.isEmpty())
                .map(type -> new ResourcePath(type, inNamespace, name, subresource));
    }
}
