package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the server says of itself: /version, /api, /apis and below. */
final class Discovery {
    private final ResourceTypes types;

    Discovery(ResourceTypes types) {
        this.types = types;
    }

    Optional<ObjectNode> answer(String path) {
        String[] parts = path.replaceAll("/+$", "").substring(1).split("/");
        if (path.equals("/version") || path.equals("/version/")) {
            return Optional.of(version());
        }
        if (parts[0].equals("api") && parts.length <= 2) {
            return parts.length == 1 ? Optional.of(coreVersions()) : resources("", parts[1]);
        }
        if (parts[0].equals("apis") && parts.length <= 3) {
            return parts.length == 1
                    ? Optional.of(groups())
                    : parts.length == 2 ? group(parts[1]) : resources(parts[1], parts[2]);
        }
        return Optional.empty();
    }

    private static ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "36")
                .put("gitVersion", "v1.36.0+embedded")
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "2026-01-01T00:00:00Z")
                .put("goVersion", "")
                .put("compiler", "")
                .put("platform", "jvm");
    }

    private static ObjectNode coreVersions() {
        ObjectNode versions = Json.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs");
        return versions;
    }

    private Map<String, Set<String>> versionsByGroup() {
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        for (ResourceType type : types.all()) {
            if (!type.group().isEmpty()) {
                groups.computeIfAbsent(type.group(), any -> new TreeSet<>()).add(type.version());
            }
        }
        groups.put("authorization.k8s.io", Set.of("v1"));
        return groups;
    }

    private ObjectNode groups() {
        ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        versionsByGroup().forEach((name, versions) -> describe(groups.addObject(), name, versions));
        return list;
    }

    private Optional<ObjectNode> group(String name) {
        return Optional.ofNullable(versionsByGroup().get(name))
                .map(versions ->
                        describe(Json.object().put("kind", "APIGroup").put("apiVersion", "v1"), name, versions));
    }

    private static ObjectNode describe(ObjectNode group, String name, Set<String> versions) {
        group.put("name", name);
        ArrayNode list = group.putArray("versions");
        for (String version : versions) {
            list.addObject().put("groupVersion", name + "/" + version).put("version", version);
        }
        group.set("preferredVersion", list.get(0).deepCopy());
        return group;
    }

    private Optional<ObjectNode> resources(String group, String version) {
        List<ResourceType> served = types.all().stream()
                .filter(type -> type.group().equals(group) && type.version().equals(version))
                .toList();
        boolean reviews = Reviews.served(group, version);
        if (served.isEmpty() && !reviews) {
            return Optional.empty();
        }
        ObjectNode list = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
        list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode resources = list.putArray("resources");
        served.forEach(type -> describe(resources, type));
        if (reviews) {
            Reviews.describe(resources);
        }
        return Optional.of(list);
    }

    private static void describe(ArrayNode resources, ResourceType type) {
        ObjectNode main = entry(resources, type, type.plural(), type.singular());
        List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
                .forEach(main.withArray("verbs")::add);
        if (!type.shortNames().isEmpty()) {
            type.shortNames().forEach(main.withArray("shortNames")::add);
        }
        if (!type.categories().isEmpty()) {
            type.categories().forEach(main.withArray("categories")::add);
        }
        if (type.statusSubresource()) {
            ObjectNode status = entry(resources, type, type.plural() + "/status", "");
            List.of("get", "patch", "update").forEach(status.withArray("verbs")::add);
        }
        if (type.is("", "pods")) {
            ObjectNode exec = entry(resources, type, "pods/exec", "").put("kind", "PodExecOptions");
            List.of("create", "get").forEach(exec.withArray("verbs")::add);
        }
    }

    private static ObjectNode entry(ArrayNode resources, ResourceType type, String name, String singular) {
        return resources
                .addObject()
                .put("name", name)
                .put("singularName", singular)
                .put("namespaced", type.namespaced())
                .put("kind", type.kind());
    }
}
