package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What the server fills in or turns over in the built-in kinds, as far as clients here look at it. */
final class BuiltInDefaults {
    private BuiltInDefaults() {}

    static void apply(ResourceType type, ObjectNode object) {
        if (type.is("", "secrets")) {
            encodeStringData(object);
        } else if (type.is("", "namespaces") && !object.has("status")) {
            object.putObject("status").put("phase", "Active");
        } else if (type.is("", "pods") && !object.has("status")) {
            object.putObject("status").put("phase", "Pending").put("qosClass", "BestEffort");
        }
    }

    private static void encodeStringData(ObjectNode secret) {
        if (secret.remove("stringData") instanceof ObjectNode plain) {
            ObjectNode data = Json.child(secret, "data");
            plain.properties()
                    .forEach(field -> data.put(
                            field.getKey(),
                            Base64.getEncoder()
                                    .encodeToString(field.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        }
        if (!secret.has("type")) {
            secret.put("type", "Opaque");
        }
    }
}
