package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sessionpublish.embedded.cluster.ApiException.Cause;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Validates a value by a schema and keeps every cause of a refusal, in the API server's words. */
final class SchemaCheck {
    private final List<Cause> causes = new ArrayList<>();

    List<Cause> causes() {
        return causes;
    }

    void value(JsonNode schema, JsonNode value, String at) {
        if (value.isNull() && schema.path("nullable").asBoolean()) {
            return;
        }
        if (!typed(schema, value, at)) {
            return;
        }
        allowed(schema, value, at);
        if (value.isTextual()) {
            text(schema, value.asText(), at);
        } else if (value.isNumber()) {
            number(schema, value, at);
        } else if (value instanceof ArrayNode list) {
            items(schema, list, at);
        } else if (value instanceof ObjectNode object) {
            properties(schema, object, at);
        }
    }

    private boolean typed(JsonNode schema, JsonNode value, String at) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean() || !schema.has("type")) {
            return true;
        }
        String wanted = schema.path("type").asText();
        String found = value.isTextual()
                ? "string"
                : value.isIntegralNumber()
                        ? "integer"
                        : value.isNumber()
                                ? "number"
                                : value.isBoolean()
                                        ? "boolean"
                                        : value.isArray() ? "array" : value.isNull() ? "null" : "object";
        if (wanted.equals(found) || wanted.equals("number") && found.equals("integer")) {
            return true;
        }
        add(
                "FieldValueTypeInvalid",
                at,
                "Invalid value: \"" + found + "\": " + at + " in body must be of type " + wanted + ": \"" + found
                        + "\"");
        return false;
    }

    private void allowed(JsonNode schema, JsonNode value, String at) {
        JsonNode choices = schema.path("enum");
        if (!choices.isArray()) {
            return;
        }
        List<String> shown = new ArrayList<>();
        for (JsonNode choice : choices) {
            if (choice.equals(value)) {
                return;
            }
            shown.add(Json.write(choice));
        }
        add(
                "FieldValueNotSupported",
                at,
                "Unsupported value: " + Json.write(value) + ": supported values: " + String.join(", ", shown));
    }

    /** The first thing that is wrong with a text hides the others, as it does at the real server. */
    private void text(JsonNode schema, String text, String at) {
        int length = text.codePointCount(0, text.length());
        String pattern = schema.path("pattern").asText();
        if (length > schema.path("maxLength").asInt(Integer.MAX_VALUE)) {
            int most = schema.path("maxLength").asInt();
            add("FieldValueTooLong", at, "Too long: may not be more than " + most + " bytes");
        } else if (length < schema.path("minLength").asInt(0)) {
            invalid(at, text, "should be at least " + schema.path("minLength").asInt() + " chars long");
        } else if (!Pattern.compile(pattern).matcher(text).find()) {
            invalid(at, text, "should match '" + pattern + "'");
        } else if (schema.path("format").asText().equals("date-time") && !isTime(text)) {
            invalid(at, text, "must be of type date-time: \"" + text + "\"");
        }
    }

    private static boolean isTime(String text) {
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private void number(JsonNode schema, JsonNode value, String at) {
        if (schema.has("minimum")
                && value.decimalValue().compareTo(schema.get("minimum").decimalValue()) < 0) {
            invalid(
                    at,
                    value,
                    "should be greater than or equal to "
                            + schema.get("minimum").asText());
        }
        if (schema.has("maximum")
                && value.decimalValue().compareTo(schema.get("maximum").decimalValue()) > 0) {
            invalid(
                    at,
                    value,
                    "should be less than or equal to " + schema.get("maximum").asText());
        }
    }

    private void items(JsonNode schema, ArrayNode list, String at) {
        if (list.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
            int most = schema.path("maxItems").asInt();
            add("FieldValueTooMany", at, "Too many: " + list.size() + ": must have at most " + most + " items");
        }
        if (list.size() < schema.path("minItems").asInt(0)) {
            invalid(
                    at,
                    list.size(),
                    "should have at least " + schema.path("minItems").asInt() + " items");
        }
        Shape shape = new Shape(schema, at);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.get(i);
            String key = shape.keys().isEmpty() ? Json.write(item) : FieldPath.itemStep(shape.keys(), item);
            if ((shape.set() || !shape.keys().isEmpty()) && !seen.add(key)) {
                add("FieldValueDuplicate", at + "[" + i + "]", "Duplicate value: " + key.replaceFirst("^k:", ""));
            }
            value(schema.path("items"), item, at + "[" + i + "]");
        }
    }

    void properties(JsonNode schema, ObjectNode object, String at) {
        for (JsonNode name : schema.path("required")) {
            if (!object.has(name.asText())) {
                add("FieldValueRequired", below(at, name.asText()), "Required value");
            }
        }
        if (object.size() > schema.path("maxProperties").asInt(Integer.MAX_VALUE)) {
            int most = schema.path("maxProperties").asInt();
            add("FieldValueTooMany", at, "Too many: " + object.size() + ": must have at most " + most + " items");
        }
        JsonNode properties = schema.path("properties");
        object.properties().forEach(field -> {
            if (!at.isEmpty() || !field.getKey().equals("metadata")) {
                JsonNode child = properties.has(field.getKey())
                        ? properties.get(field.getKey())
                        : schema.path("additionalProperties");
                value(child, field.getValue(), below(at, field.getKey()));
            }
        });
    }

    private static String below(String at, String name) {
        return at.isEmpty() ? name : at + "." + name;
    }

    private void invalid(String at, Object value, String sentence) {
        String shown = value instanceof String text ? "\"" + text + "\"" : String.valueOf(value);
        add("FieldValueInvalid", at, "Invalid value: " + shown + ": " + at + " in body " + sentence);
    }

    private void add(String reason, String at, String message) {
        causes.add(new Cause(reason, at, message));
    }
}
