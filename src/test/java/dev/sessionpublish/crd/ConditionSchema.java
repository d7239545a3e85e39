package dev.sessionpublish.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A condition with the limits of metav1.Condition, which fabric8's class lacks. */
final class ConditionSchema {
    private ConditionSchema() {}

    static void refine(JSONSchemaProps condition) {
        Map<String, JSONSchemaProps> properties = new LinkedHashMap<>();
        JSONSchemaProps type = text("type is the type of the condition, in CamelCase.", 316);
        type.setPattern("^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
                + "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$");
        properties.put("type", type);
        JSONSchemaProps status = text("status is True, False or Unknown.", null);
        status.setEnum(Stream.of("True", "False", "Unknown")
                .<JsonNode>map(TextNode::valueOf)
                .toList());
        properties.put("status", status);
        JSONSchemaProps reason = text("reason is the reason for the condition's status: one word in CamelCase.", 1024);
        reason.setMinLength(1L);
        reason.setPattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$");
        properties.put("reason", reason);
        properties.put("message", text("message describes the condition's status and what to do.", 32768));
        JSONSchemaProps transition = text("lastTransitionTime is when status last changed.", null);
        transition.setFormat("date-time");
        properties.put("lastTransitionTime", transition);
        JSONSchemaProps generation = new JSONSchemaProps();
        generation.setType("integer");
        generation.setFormat("int64");
        generation.setMinimum(0.0);
        generation.setDescription("observedGeneration is the metadata.generation that the condition describes.");
        properties.put("observedGeneration", generation);
        condition.setDescription("A condition describes one aspect of the object's state.");
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
