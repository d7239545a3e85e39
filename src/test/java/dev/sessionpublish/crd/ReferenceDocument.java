package dev.sessionpublish.crd;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionNames;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The fields of each kind as a page of Markdown, with the texts of {@code kubectl explain}. */
final class ReferenceDocument {
    private final StringBuilder page = new StringBuilder();

    private ReferenceDocument() {}

    static String write(List<CustomResourceDefinition> crds) {
        ReferenceDocument document = new ReferenceDocument();
        document.page.append("""
                # API reference

                <!-- Generated from the records in src/main/java/dev/sessionpublish/api with
                %s -->

                The resources of the group `sessionpublish.dev`, version `v1alpha1`. All kinds are namespaced. An object
                only refers to objects in its own namespace. Times are RFC 3339 in UTC. `kubectl explain` prints the same
                descriptions.
                """.formatted(CheckedInFilesTest.REGENERATE));
        crds.forEach(document::kind);
        return document.page.toString();
    }

    private void kind(CustomResourceDefinition crd) {
        CustomResourceDefinitionNames names = crd.getSpec().getNames();
        CustomResourceDefinitionVersion version = crd.getSpec().getVersions().get(0);
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        line("");
        line("## " + names.getKind());
        line("");
        line(root.getDescription());
        line("");
        line("`kubectl get " + names.getPlural() + "` (short name `"
                + names.getShortNames().get(0) + "`) prints the columns " + columns(version, false)
                + "; `-o wide` adds " + columns(version, true) + ".");
        section(root, "spec");
        line("");
        line("The API server also validates these rules, in addition to types, sizes and enums:");
        line("");
        line("| Error message | Fields |");
        line("|---|---|");
        Map<String, List<String>> rules = new LinkedHashMap<>();
        rules("", root, rules);
        rules.forEach((message, fields) -> line("| " + cell(message) + " | " + String.join(", ", fields) + " |"));
        section(root, "status");
    }

    private static String columns(CustomResourceDefinitionVersion version, boolean wide) {
        return version.getAdditionalPrinterColumns().stream()
                .filter(column -> wide == (column.getPriority() != null))
                .map(column -> "`" + column.getName().toUpperCase(Locale.ROOT) + "`")
                .collect(Collectors.joining(", "));
    }

    private void section(JSONSchemaProps root, String name) {
        JSONSchemaProps schema = root.getProperties().get(name);
        line("");
        line("### " + name);
        line("");
        line(schema.getDescription());
        line("");
        line("| Field | Type | Description |");
        line("|---|---|---|");
        fields("", schema);
    }

    private void fields(String prefix, JSONSchemaProps schema) {
        for (Map.Entry<String, JSONSchemaProps> property :
                schema.getProperties().entrySet()) {
            String path = prefix + property.getKey();
            JSONSchemaProps field = property.getValue();
            String required = schema.getRequired().contains(property.getKey()) && prefix.isEmpty() ? " (required)" : "";
            line("| `" + path + "`" + required + " | " + type(field) + " | " + cell(field.getDescription()) + " |");
            if (field.getItems() != null) {
                fields(path + "[].", field.getItems().getSchema());
            } else {
                fields(path + ".", field);
            }
        }
    }

    private static String type(JSONSchemaProps field) {
        if (!field.getEnum().isEmpty()) {
            return field.getEnum().stream().map(JsonNode::asText).collect(Collectors.joining("`, `", "`", "`"));
        }
        if (field.getItems() != null) {
            return "list of " + type(field.getItems().getSchema()) + "s";
        }
        if (field.getAdditionalProperties() != null) {
            return "map of strings";
        }
        return "date-time".equals(field.getFormat()) ? "time" : field.getType();
    }

    private static void rules(String path, JSONSchemaProps schema, Map<String, List<String>> fieldsByMessage) {
        for (ValidationRule rule : schema.getXKubernetesValidations()) {
            String field = path + (rule.getFieldPath() == null ? "" : rule.getFieldPath());
            fieldsByMessage
                    .computeIfAbsent(rule.getMessage(), message -> new ArrayList<>())
                    .add("`" + field.substring(1) + "`");
        }
        schema.getProperties().forEach((name, property) -> rules(path + "." + name, property, fieldsByMessage));
    }

    private static String cell(String text) {
        return text.replace("\\", "\\\\")
                .replace("|", "\\|")
                .replace("*", "\\*")
                .replace("~", "\\~");
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}
