package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds that are served: some built in, the rest told by CustomResourceDefinitions. */
final class ResourceTypes {
    private static final String RBAC = "rbac.authorization.k8s.io";

    private final Map<String, ResourceType> types = new LinkedHashMap<>();

    ResourceTypes() {
        add(ResourceType.builtIn("", "namespaces", "Namespace", false, true, "ns"));
        add(ResourceType.builtIn("", "pods", "Pod", true, true, "po"));
        add(ResourceType.builtIn("", "secrets", "Secret", true, false));
        add(ResourceType.builtIn("", "configmaps", "ConfigMap", true, false, "cm"));
        add(ResourceType.builtIn("", "events", "Event", true, false, "ev"));
        add(ResourceType.builtIn("", "serviceaccounts", "ServiceAccount", true, false, "sa"));
        add(ResourceType.builtIn("", "services", "Service", true, true, "svc"));
        add(ResourceType.builtIn("", "persistentvolumeclaims", "PersistentVolumeClaim", true, true, "pvc"));
        add(ResourceType.builtIn("events.k8s.io", "events", "Event", true, false, "ev"));
        add(ResourceType.builtIn("coordination.k8s.io", "leases", "Lease", true, false));
        add(ResourceType.builtIn("apps", "deployments", "Deployment", true, true, "deploy"));
        add(ResourceType.builtIn(RBAC, "roles", "Role", true, false));
        add(ResourceType.builtIn(RBAC, "rolebindings", "RoleBinding", true, false));
        add(ResourceType.builtIn(RBAC, "clusterroles", "ClusterRole", false, false));
        add(ResourceType.builtIn(RBAC, "clusterrolebindings", "ClusterRoleBinding", false, false));
        add(ResourceType.builtIn(
                "admissionregistration.k8s.io",
                "validatingadmissionpolicybindings",
                "ValidatingAdmissionPolicyBinding",
                false,
                false));
        add(ResourceType.builtIn(
                "apiextensions.k8s.io", "customresourcedefinitions", "CustomResourceDefinition", false, true, "crd"));
    }

    private void add(ResourceType type) {
        types.put(key(type.group(), type.version(), type.plural()), type);
    }

    private static String key(String group, String version, String plural) {
        return group + "/" + version + "/" + plural;
    }

    synchronized Optional<ResourceType> find(String group, String version, String plural) {
        return Optional.ofNullable(types.get(key(group, version, plural)));
    }

    synchronized Optional<ResourceType> ofKind(String apiVersion, String kind) {
        return types.values().stream()
                .filter(type ->
                        type.apiVersion().equals(apiVersion) && type.kind().equals(kind))
                .findFirst();
    }

    synchronized Collection<ResourceType> all() {
        return List.copyOf(types.values());
    }

    /** Serves what a CustomResourceDefinition tells, in place of what it told before. */
    synchronized void define(JsonNode crd) {
        forget(crd);
        JsonNode spec = crd.path("spec");
        JsonNode names = spec.path("names");
        for (JsonNode version : spec.path("versions")) {
            if (version.path("served").asBoolean()) {
                add(new ResourceType(
                        spec.path("group").asText(),
                        version.path("name").asText(),
                        names.path("plural").asText(),
                        names.path("singular").asText(),
                        names.path("kind").asText(),
                        texts(names.path("shortNames")),
                        texts(names.path("categories")),
                        spec.path("scope").asText().equals("Namespaced"),
                        version.path("subresources").has("status"),
                        version.path("schema").path("openAPIV3Schema"),
                        version.path("additionalPrinterColumns")));
            }
        }
    }

    synchronized void forget(JsonNode crd) {
        String group = crd.path("spec").path("group").asText();
        String plural = crd.path("spec").path("names").path("plural").asText();
        types.values().removeIf(type -> type.is(group, plural));
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
