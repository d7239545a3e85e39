package dev.sessionpublish.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Walks a record and the schema that the library made of it, and adds what the library leaves out: the order in which
 * fields are declared, descriptions of classes, formats, lists that are sets or maps, and the rules and sizes that one
 * of our own annotations stands for. Removes rules that it has twice.
 */
final class SchemaRefinement {
    /** Strings that are named like a time but are a text of the user. */
    private static final Set<String> NOT_TIMES = Set.of("observedRetryAt");

    private SchemaRefinement() {}

    static void refine(Class<?> type, JSONSchemaProps schema) {
        JsonClassDescription description = type.getAnnotation(JsonClassDescription.class);
        if (description != null) {
            schema.setDescription(description.value());
        }
        schema.setDescription(paragraph(schema.getDescription()));
        Map<String, JSONSchemaProps> inDeclaredOrder = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            JSONSchemaProps property = schema.getProperties().get(component.getName());
            refine(component, property);
            inDeclaredOrder.put(component.getName(), property);
        }
        schema.setProperties(inDeclaredOrder);
        schema.setRequired(Stream.of(type.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(schema.getRequired()::contains)
                .toList());
        schema.setXKubernetesValidations(once(schema.getXKubernetesValidations()));
    }

    /** Line breaks are for the reader of the source. */
    static String paragraph(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static void refine(RecordComponent component, JSONSchemaProps schema) {
        for (Annotation annotation : component.getAccessor().getAnnotations()) {
            standFor(annotation.annotationType(), schema);
        }
        schema.setDescription(paragraph(schema.getDescription()));
        schema.setXKubernetesValidations(once(schema.getXKubernetesValidations()));
        Class<?> type = component.getType();
        if (type.isRecord()) {
            refine(type, schema);
        } else if (type.isEnum()) {
            schema.setEnum(inDeclaredOrder(type));
        } else if (type == Long.class || type == Integer.class) {
            schema.setFormat(type == Long.class ? "int64" : "int32");
        } else if (type == List.class) {
            refineList(((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0], schema);
        } else if (type == String.class && isTime(component.getName())) {
            schema.setFormat("date-time");
        }
    }

    private static void refineList(Type item, JSONSchemaProps schema) {
        JSONSchemaProps items = schema.getItems().getSchema();
        if (item == String.class) {
            schema.setXKubernetesListType("set");
        } else if (item == Condition.class) {
            schema.setXKubernetesListType("map");
            schema.setXKubernetesListMapKeys(List.of("type"));
            schema.setMaxItems(16L);
            ConditionSchema.refine(items);
        } else {
            schema.setXKubernetesListType("atomic");
            refine((Class<?>) item, items);
        }
    }

    private static boolean isTime(String field) {
        return (field.endsWith("At") || field.equals("time")) && !NOT_TIMES.contains(field);
    }

    private static List<JsonNode> inDeclaredOrder(Class<?> type) {
        return Stream.of(type.getEnumConstants())
                .<JsonNode>map(constant -> TextNode.valueOf(((Enum<?>) constant).name()))
                .toList();
    }

    /** An annotation type of ours that itself carries rules or a size stands for them. */
    private static void standFor(Class<? extends Annotation> annotation, JSONSchemaProps schema) {
        Size size = annotation.getAnnotation(Size.class);
        if (size != null) {
            schema.setMinLength(size.min());
            schema.setMaxLength(size.max());
        }
        List<ValidationRule> rules = new ArrayList<>(schema.getXKubernetesValidations());
        for (var rule : annotation.getAnnotationsByType(io.fabric8.generator.annotation.ValidationRule.class)) {
            rules.add(new ValidationRuleBuilder()
                    .withRule(rule.value())
                    .withMessage(rule.message())
                    .withMessageExpression(rule.messageExpression().isEmpty() ? null : rule.messageExpression())
                    .build());
        }
        schema.setXKubernetesValidations(rules);
    }

    private static List<ValidationRule> once(List<ValidationRule> rules) {
        return rules.stream()
                .collect(Collectors.collectingAndThen(Collectors.toCollection(LinkedHashSet::new), List::copyOf));
    }
}
