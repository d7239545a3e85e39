package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Where the files of each running pod are, by its uid. */
final class PodRoots {
    private final Map<String, Path> roots = new ConcurrentHashMap<>();

    void put(String uid, Path root) {
        roots.put(uid, root);
    }

    /** Empty unless the pod runs. */
    Optional<Path> of(JsonNode pod) {
        return Optional.ofNullable(roots.get(pod.at("/metadata/uid").asText()))
                .filter(root -> pod.at("/status/phase").asText().equals("Running"));
    }
}
