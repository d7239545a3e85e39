package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;

/**
 * A reconciler that says what is kept in memory of the objects it watches, where that is less than all. It names
 * {@link Reconciler} as well, because the library looks for the kind there.
 */
public interface TrimmedCache<R extends HasMetadata> extends Reconciler<R> {
    /** A new store, for one watch: two must not share one, since each removes what its own list lacks. */
    ItemStore<R> memory();
}
