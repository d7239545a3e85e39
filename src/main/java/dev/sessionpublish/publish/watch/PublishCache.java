package dev.sessionpublish.publish.watch;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
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
 * The informer's store of publishes. It keeps a tenth of each: what decides which project and source it depends on,
 * whether it is idle, and since when it has been running. A reconcile reads the object from the API server before it acts.
 */
public final class PublishCache implements ItemStore<SessionPublish> {
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

    public static SessionPublish trimmed(SessionPublish publish) {
        SessionPublish trimmed = new SessionPublish();
        trimmed.setMetadata(trimmed(publish.getMetadata(), RetryAnnotation.of(publish)));
        if (publish.getSpec() != null) {
            trimmed.setSpec(publish.getSpec().trimmed());
        }
        if (publish.getStatus() != null) {
            trimmed.setStatus(publish.getStatus().trimmed());
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
}
