package dev.sessionpublish.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A condition with the limits of metav1.Condition, which fabric8's class doesn't carry. */
final class ConditionSchema {
    private ConditionSchema() {}

    static void refine(JSONSchemaProps condition) {
        Map<String, JSONSchemaProps> properties = new LinkedHashMap<>();
        JSONSchemaProps type = text("What the condition is about.", 316);
        type.setPattern("^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
                + "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$");
        properties.put("type", type);
        JSONSchemaProps status = text("True, False or Unknown.", null);
        status.setEnum(Stream.of("True", "False", "Unknown")
                .<JsonNode>map(TextNode::valueOf)
                .toList());
        properties.put("status", status);
        JSONSchemaProps reason = text("Why, in one word in CamelCase: status.reason, or what went well.", 1024);
        reason.setMinLength(1L);
        reason.setPattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$");
        properties.put("reason", reason);
        properties.put("message", text("What happened, in a sentence.", 32768));
        JSONSchemaProps transition = text("When status last changed.", null);
        transition.setFormat("date-time");
        properties.put("lastTransitionTime", transition);
        JSONSchemaProps generation = new JSONSchemaProps();
        generation.setType("integer");
        generation.setFormat("int64");
        generation.setMinimum(0.0);
        generation.setDescription("The metadata.generation that the condition is about.");
        properties.put("observedGeneration", generation);
        condition.setDescription("One aspect of where things stand.");
        condition.setProperties(properties);
        condition.setRequired(List.of("type", "status", "reason", "message", "lastTransitionTime"));
    }

    private static JSONSchemaProps text(String description, @Nullable Integer maxLength) {
        JSONSchemaProps text = new JSONSchemaProps();
        text.setType("string");
        text.setDescription(description);
        if (maxLength != null) {
            text.setMaxLength(maxLength.longValue());
        }
        return text;
    }
}
