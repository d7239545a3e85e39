package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;

/**
 * A reconciler whose informer keeps only parts of each object in memory. A class that implements this
 * also names {@link Reconciler} with its kind, because the library looks for the kind there.
 */
public interface TrimmedCacheReconciler<R extends HasMetadata> extends Reconciler<R> {
    /** A new store for one watch. Watches can't share a store: each removes what its own list lacks. */
    ItemStore<R> store();
}
