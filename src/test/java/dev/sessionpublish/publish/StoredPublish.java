package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.lifecycle.RetryAnnotation;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A publish of generation 3 as the API server holds it, its status seen at that generation unless said otherwise. */
final class StoredPublish {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00.25Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final Map<String, Object> spec =
            new HashMap<>(Map.of("projectRef", Map.of("name", "web"), "source", Map.of("podName", "s7")));
    private final Map<String, Object> status = new LinkedHashMap<>();
    private long generation = 3;
    private @Nullable String retryAt;

    StoredPublish phase(Phase phase) {
        return status("phase", phase.name()).status("observedGeneration", 3);
    }

    StoredPublish status(String field, Object value) {
        status.put(field, value);
        return this;
    }

    StoredPublish spec(String field, Object value) {
        spec.put(field, value);
        return this;
    }

    StoredPublish generation(long value) {
        generation = value;
        return this;
    }

    StoredPublish retryAt(@Nullable String value) {
        retryAt = value;
        return this;
    }

    StoredPublish observedRetryAt(String value) {
        return status("observedRetryAt", value);
    }

    StoredPublish attempts(int value) {
        return status("attempts", value);
    }

    StoredPublish podUid(String uid) {
        return status(
                "source", Map.of("podName", "s7", "podUid", uid, "container", "agent", "directory", "/workspace/repo"));
    }

    StoredPublish history(String... types) {
        return status(
                "history",
                Arrays.stream(types)
                        .map(type -> Map.of("time", "2026-03-01T11:00:00Z", "type", type))
                        .toList());
    }

    SessionPublish publish() {
        SessionPublish publish = new SessionPublish();
        publish.setMetadata(new ObjectMetaBuilder()
                .withNamespace("team")
                .withName("fix")
                .withUid("uid-1")
                .withGeneration(generation)
                .withCreationTimestamp("2026-03-01T11:00:00Z")
                .withAnnotations(retryAt == null ? Map.of() : Map.of(RetryAnnotation.NAME, retryAt))
                .build());
        publish.setSpec(Serialization.unmarshal(Serialization.asJson(spec), SessionPublishSpec.class));
        if (!status.isEmpty()) {
            publish.setStatus(Serialization.unmarshal(Serialization.asJson(status), SessionPublishStatus.class));
        }
        return publish;
    }
}
