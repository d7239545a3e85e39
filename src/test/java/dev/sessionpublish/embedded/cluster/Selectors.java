package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label and field selectors, in the API's own notation. */
final class Selectors {
    private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)");
    private static final Pattern EQUALITY = Pattern.compile("([^=!\\s]+)\\s*(==|=|!=)\\s*(.*)");
    private static final Set<String> OF_PODS =
            Set.of("spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName", "status.phase", "status.podIP");
    private static final Set<String> OF_EVENTS = Set.of(
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "regarding.kind",
            "regarding.namespace",
            "regarding.name",
            "regarding.uid",
            "reason",
            "reportingController",
            "reportingComponent",
            "source",
            "type");

    private Selectors() {}

    static Predicate<JsonNode> labels(String selector) {
        Predicate<JsonNode> all = object -> true;
        for (String part : selector.split(",(?![^(]*\\))")) {
            if (!part.isBlank()) {
                Predicate<JsonNode> one = requirement(part.strip());
                all = all.and(object -> one.test(object.path("metadata").path("labels")));
            }
        }
        return all;
    }

    private static Predicate<JsonNode> requirement(String text) {
        Matcher set = SET.matcher(text);
        if (set.matches()) {
            List<String> values =
                    Arrays.stream(set.group(3).split(",")).map(String::strip).toList();
            boolean in = set.group(2).equals("in");
            return labels -> in
                    == (labels.has(set.group(1))
                            && values.contains(labels.path(set.group(1)).asText()));
        }
        Matcher equality = EQUALITY.matcher(text);
        if (equality.matches()) {
            boolean wanted = !equality.group(2).equals("!=");
            return labels -> wanted
                    == (labels.has(equality.group(1))
                            && labels.path(equality.group(1)).asText().equals(equality.group(3)));
        }
        if (text.startsWith("!")) {
            return labels -> !labels.has(text.substring(1));
        }
        if (text.matches("\\S+")) {
            return labels -> labels.has(text);
        }
        throw ApiException.badRequest("unable to parse requirement: " + text);
    }

    static Predicate<JsonNode> fields(ResourceType type, String selector) {
        List<Predicate<JsonNode>> parts = new ArrayList<>();
        for (String part : selector.split(",")) {
            if (part.isBlank()) {
                continue;
            }
            Matcher equality = EQUALITY.matcher(part.strip());
            if (!equality.matches()) {
                throw ApiException.badRequest("invalid field selector: " + part);
            }
            String field = equality.group(1);
            if (!served(type, field)) {
                throw ApiException.badRequest("field label not supported: " + field);
            }
            String pointer = "/" + field.replace('.', '/');
            boolean wanted = !equality.group(2).equals("!=");
            parts.add(object -> wanted == object.at(pointer).asText().equals(equality.group(3)));
        }
        return object -> parts.stream().allMatch(part -> part.test(object));
    }

    private static boolean served(ResourceType type, String field) {
        return field.equals("metadata.name")
                || field.equals("metadata.namespace")
                || type.is("", "pods") && OF_PODS.contains(field)
                || type.is("", "secrets") && field.equals("type")
                || type.is("", "namespaces") && field.equals("status.phase")
                || type.plural().equals("events") && OF_EVENTS.contains(field);
    }
}
