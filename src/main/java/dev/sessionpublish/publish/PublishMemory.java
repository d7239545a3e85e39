package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.lifecycle.RetryAnnotation;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is kept in memory of each publish: what says which project and source it depends on, whether it rests, and since
 * when it is worked on. That is a tenth of it, and there may be many that have ended. Whoever acts on a publish reads it from the API server first.
 */
final class PublishMemory implements ItemStore<SessionPublish> {
    private final BasicItemStore<SessionPublish> kept = new BasicItemStore<>(Cache::metaNamespaceKeyFunc);

    @Override
    public String getKey(SessionPublish publish) {
        return kept.getKey(publish);
    }

    @Override
    public @Nullable SessionPublish put(String key, SessionPublish publish) {
        return kept.put(key, trimmed(publish));
    }

    @Override
    public @Nullable SessionPublish remove(String key) {
        return kept.remove(key);
    }

    @Override
    public Stream<String> keySet() {
        return kept.keySet();
    }

    @Override
    public Stream<SessionPublish> values() {
        return kept.values();
    }

    @Override
    public int size() {
        return kept.size();
    }

    @Override
    public @Nullable SessionPublish get(String key) {
        return kept.get(key);
    }

    static SessionPublish trimmed(SessionPublish publish) {
        SessionPublish trimmed = new SessionPublish();
        trimmed.setMetadata(trimmed(publish.getMetadata(), RetryAnnotation.of(publish)));
        if (publish.getSpec() != null) {
            trimmed.setSpec(trimmed(publish.getSpec()));
        }
        if (publish.getStatus() != null) {
            trimmed.setStatus(trimmed(publish.getStatus()));
        }
        return trimmed;
    }

    private static ObjectMeta trimmed(ObjectMeta metadata, Optional<String> retryAt) {
        return new ObjectMetaBuilder()
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .withResourceVersion(metadata.getResourceVersion())
                .withGeneration(metadata.getGeneration())
                .withCreationTimestamp(metadata.getCreationTimestamp())
                .withDeletionTimestamp(metadata.getDeletionTimestamp())
                .withFinalizers(metadata.getFinalizers())
                .withAnnotations(retryAt.map(value -> Map.of(RetryAnnotation.NAME, value))
                        .orElse(Map.of()))
                .build();
    }

    private static SessionPublishSpec trimmed(SessionPublishSpec spec) {
        return new SessionPublishSpec(
                spec.projectRef(),
                spec.source(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                spec.deletionPolicy(),
                spec.ttlSecondsAfterFinished(),
                spec.suspend(),
                null,
                null);
    }

    private static SessionPublishStatus trimmed(SessionPublishStatus status) {
        return new SessionPublishStatus(
                status.observedGeneration(),
                status.observedRetryAt(),
                status.observedProject(),
                status.phase(),
                status.reason(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                status.startedAt(),
                status.finishedAt(),
                null,
                status.nextAttemptAt(),
                null,
                null,
                null);
    }
}
