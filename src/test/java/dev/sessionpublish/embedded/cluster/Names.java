package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sessionpublish.embedded.cluster.ApiException.Cause;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** Gives and checks the names of new objects. */
final class Names {
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern PATH_SEGMENT = Pattern.compile("[^/%]+");

    private final Random random = new SecureRandom();

    /** @throws ApiException 422 for a name that isn't one */
    String of(ResourceType type, ObjectNode metadata) {
        String name = metadata.path("name").asText();
        String prefix = metadata.path("generateName").asText();
        if (name.isEmpty() && prefix.isEmpty()) {
            throw invalid(type, name, "Required value: name or generateName is required");
        }
        if (name.isEmpty()) {
            name = prefix.substring(0, Math.min(58, prefix.length())) + suffix();
        }
        boolean rbac = type.group().equals("rbac.authorization.k8s.io");
        if (name.length() > 253
                || !(rbac ? PATH_SEGMENT : SUBDOMAIN).matcher(name).matches()) {
            throw invalid(
                    type,
                    name,
                    "Invalid value: \"" + name + "\": a lowercase RFC 1123 subdomain must consist of lower case"
                            + " alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character");
        }
        return name;
    }

    private static ApiException invalid(ResourceType type, String name, String message) {
        String reason = message.startsWith("Required") ? "FieldValueRequired" : "FieldValueInvalid";
        return ApiException.invalid(type, name, List.of(new Cause(reason, "metadata.name", message)));
    }

    private String suffix() {
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            suffix.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return suffix.toString();
    }
}
