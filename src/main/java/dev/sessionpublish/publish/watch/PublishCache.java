package dev.sessionpublish.publish.watch;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.lifecycle.RetryAnnotation;
import dev.sessionpublish.lifecycle.TrimmedStore;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.Optional;

/**
 * What the informer's store keeps of a publish, a tenth of it: what decides which project and source it depends on,
 * whether it is idle, and since when it has been running. A reconcile reads the object from the API server before it acts.
 */
public final class PublishCache {
    private PublishCache() {}

    /** A new store for one watch. */
    public static ItemStore<SessionPublish> store() {
        return new TrimmedStore<>(PublishCache::trimmed);
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
