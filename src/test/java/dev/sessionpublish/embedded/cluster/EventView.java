package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** The two faces of an event: stored as {@code events.k8s.io/v1}, seen as {@code v1} too, by kubectl describe above all. */
final class EventView {
    /** Field of core/v1 by field of events.k8s.io/v1. */
    private static final Map<String, String> CORE_BY_STORED = Map.of(
            "regarding", "involvedObject",
            "note", "message",
            "reportingController", "reportingComponent",
            "deprecatedSource", "source",
            "deprecatedFirstTimestamp", "firstTimestamp",
            "deprecatedLastTimestamp", "lastTimestamp",
            "deprecatedCount", "count");

    private EventView() {}

    /** As a kind's clients see a stored object. */
    static ObjectNode shown(ResourceType type, ObjectNode stored) {
        if (!type.is("", "events")) {
            return stored;
        }
        ObjectNode shown = stored.deepCopy();
        CORE_BY_STORED.forEach((from, to) -> move(shown, from, to));
        return shown.put("apiVersion", "v1");
    }

    /** As a client's object is stored. */
    static ObjectNode stored(ResourceType type, ObjectNode written) {
        if (type.is("", "events")) {
            CORE_BY_STORED.forEach((to, from) -> move(written, from, to));
            written.put("apiVersion", "events.k8s.io/v1");
        }
        return written;
    }

    private static void move(ObjectNode object, String from, String to) {
        JsonNode value = object.remove(from);
        if (value != null) {
            object.set(to, value);
        }
    }
}
