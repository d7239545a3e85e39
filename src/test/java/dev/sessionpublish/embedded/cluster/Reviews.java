package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Questions about rights (authorization.k8s.io): there is no access control, so everything is allowed. */
final class Reviews {
    private static final String PREFIX = "/apis/authorization.k8s.io/v1/";
    private static final Map<String, String> KINDS = new TreeMap<>(Map.of(
            "selfsubjectrulesreviews", "SelfSubjectRulesReview",
            "selfsubjectaccessreviews", "SelfSubjectAccessReview",
            "subjectaccessreviews", "SubjectAccessReview"));

    private Reviews() {}

    static boolean served(String group, String version) {
        return group.equals("authorization.k8s.io") && version.equals("v1");
    }

    static void describe(ArrayNode resources) {
        KINDS.forEach((plural, kind) -> resources
                .addObject()
                .put("name", plural)
                .put("singularName", kind.toLowerCase(Locale.ROOT))
                .put("namespaced", false)
                .put("kind", kind)
                .putArray("verbs")
                .add("create"));
    }

    static Optional<ObjectNode> answer(ApiRequest request) {
        if (!request.method().equals("POST") || !request.path().startsWith(PREFIX)) {
            return Optional.empty();
        }
        String kind = KINDS.get(request.path().substring(PREFIX.length()));
        if (kind == null) {
            return Optional.empty();
        }
        ObjectNode review = Json.readObject(request.body());
        review.put("apiVersion", "authorization.k8s.io/v1").put("kind", kind);
        ObjectNode status = review.putObject("status");
        if (kind.equals("SelfSubjectRulesReview")) {
            ObjectNode rule = status.putArray("resourceRules").addObject();
            for (String field : new String[] {"verbs", "apiGroups", "resources"}) {
                rule.putArray(field).add("*");
            }
            status.putArray("nonResourceRules");
            status.put("incomplete", false);
        } else {
            status.put("allowed", true);
        }
        return Optional.of(review);
    }
}
