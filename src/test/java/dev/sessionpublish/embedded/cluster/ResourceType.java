package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;

/**
 * A kind that the server serves.
 *
 * @param schema the openAPIV3Schema of a custom resource; missing for what is built in
 * @param columns additionalPrinterColumns of a custom resource
 */
public record ResourceType(
        String group,
        String version,
        String plural,
        String singular,
        String kind,
        List<String> shortNames,
        List<String> categories,
        boolean namespaced,
        boolean statusSubresource,
        JsonNode schema,
        JsonNode columns) {

    static ResourceType builtIn(
            String group, String plural, String kind, boolean namespaced, boolean status, String... shortNames) {
        List<String> categories =
                List.of("pods", "services", "deployments").contains(plural) ? List.of("all") : List.of();
        return new ResourceType(
                group,
                "v1",
                plural,
                kind.toLowerCase(java.util.Locale.ROOT),
                kind,
                List.of(shortNames),
                categories,
                namespaced,
                status,
                MissingNode.getInstance(),
                MissingNode.getInstance());
    }

    boolean custom() {
        return schema.isObject();
    }

    boolean is(String otherGroup, String otherPlural) {
        return group.equals(otherGroup) && plural.equals(otherPlural);
    }

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** As messages name it: {@code pods}, {@code leases.coordination.k8s.io}. */
    String qualified() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** What identifies the stored objects: both faces of an event are one. */
    String storage() {
        return is("", "events") ? "events.events.k8s.io" : qualified();
    }
}
