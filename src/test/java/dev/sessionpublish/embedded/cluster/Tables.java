package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** The form that kubectl get prints: meta.k8s.io/v1 Table, with a custom resource's own columns. */
final class Tables {
    private static final String ACCEPTED = "as=Table;v=v1;g=meta.k8s.io";

    private final ResourceType type;
    private final List<Column> columns = new ArrayList<>();

    /** @param path a JSONPath of fields and of one filter by equality */
    private record Column(String name, String kind, String path, int priority) {}

    private Tables(ResourceType type) {
        this.type = type;
        columns.add(new Column("Name", "string", ".metadata.name", 0));
        for (JsonNode column : type.columns()) {
            columns.add(new Column(
                    column.path("name").asText(),
                    column.path("type").asText(),
                    column.path("jsonPath").asText(),
                    column.path("priority").asInt()));
        }
        if (type.is("", "pods")) {
            columns.add(new Column("Status", "string", ".status.phase", 0));
        } else if (type.is("", "namespaces")) {
            columns.add(new Column("Status", "string", ".status.phase", 0));
        } else if (type.is("", "events")) {
            columns.add(new Column("Type", "string", ".type", 0));
            columns.add(new Column("Reason", "string", ".reason", 0));
            columns.add(new Column("Object", "string", ".involvedObject.name", 0));
            columns.add(new Column("Message", "string", ".message", 0));
        }
        if (type.columns().isEmpty()) {
            columns.add(new Column("Age", "date", ".metadata.creationTimestamp", 0));
        }
    }

    static boolean wanted(ApiRequest request) {
        return request.accept().replace(" ", "").contains(ACCEPTED);
    }

    /** @param metadata of the list, or of the one object */
    static ObjectNode of(ResourceType type, JsonNode metadata, Iterable<? extends JsonNode> objects) {
        Tables tables = new Tables(type);
        ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata")
                .put("resourceVersion", metadata.path("resourceVersion").asText());
        tables.define(table.putArray("columnDefinitions"));
        ArrayNode rows = table.putArray("rows");
        objects.forEach(object -> tables.row(rows.addObject(), object));
        return table;
    }

    private void define(ArrayNode definitions) {
        for (Column column : columns) {
            definitions
                    .addObject()
                    .put("name", column.name())
                    .put("type", column.kind().equals("date") ? "string" : column.kind())
                    .put("format", column.name().equals("Name") ? "name" : "")
                    .put("description", "")
                    .put("priority", column.priority());
        }
    }

    private void row(ObjectNode row, JsonNode object) {
        ArrayNode cells = row.putArray("cells");
        for (Column column : columns) {
            JsonNode value = at(object, column.path());
            if (column.kind().equals("date")) {
                cells.add(age(value.asText()));
            } else if (value.isValueNode() && !value.isMissingNode()) {
                cells.add(value);
            } else if (value.isContainerNode()) {
                cells.add(Json.write(value));
            } else {
                cells.add("");
            }
        }
        ObjectNode partial = row.putObject("object");
        partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
    }

    private static JsonNode at(JsonNode object, String path) {
        JsonNode value = object;
        for (String step : path.replaceFirst("^\\.", "").split("\\.(?![^\\[]*])")) {
            int bracket = step.indexOf('[');
            value = value.path(bracket < 0 ? step : step.substring(0, bracket));
            if (bracket >= 0) {
                value = item(value, step.substring(bracket + 1, step.length() - 1));
            }
        }
        return value;
    }

    private static JsonNode item(JsonNode list, String inside) {
        if (inside.matches("\\d+")) {
            return list.path(Integer.parseInt(inside));
        }
        String[] sides =
                inside.replaceFirst("^\\?\\(@\\.", "").replaceFirst("\\)$", "").split("==");
        for (JsonNode item : list) {
            if (sides.length == 2
                    && item.path(sides[0].strip())
                            .asText()
                            .equals(sides[1].strip().replaceAll("['\"]", ""))) {
                return item;
            }
        }
        return list.path("none");
    }

    /** As kubectl shows ages: {@code 5s}, {@code 3m20s}, {@code 4h}, {@code 2d}. */
    private static String age(String time) {
        try {
            Duration age = Duration.between(Instant.parse(time), Instant.now());
            long seconds = Math.max(0, age.toSeconds());
            if (seconds < 120) {
                return seconds + "s";
            }
            if (seconds < 600) {
                return seconds / 60 + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
            }
            return seconds < 10_800
                    ? seconds / 60 + "m"
                    : seconds < 172_800 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
        } catch (DateTimeParseException e) {
            return "<unknown>";
        }
    }
}
