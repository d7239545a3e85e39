package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An informer's store that keeps only parts of each object in memory. */
public final class TrimmedStore<R extends HasMetadata> implements ItemStore<R> {
    private final BasicItemStore<R> kept = new BasicItemStore<>(Cache::metaNamespaceKeyFunc);
    private final UnaryOperator<R> trim;

    /** @param trim returns a new object with what is kept: at least the namespace, name, uid and resourceVersion */
    public TrimmedStore(UnaryOperator<R> trim) {
        this.trim = trim;
    }

    @Override
    public String getKey(R object) {
        return kept.getKey(object);
    }

    @Override
    public @Nullable R put(String key, R object) {
        return kept.put(key, trim.apply(object));
    }

    @Override
    public @Nullable R remove(String key) {
        return kept.remove(key);
    }

    @Override
    public Stream<String> keySet() {
        return kept.keySet();
    }

    @Override
    public Stream<R> values() {
        return kept.values();
    }

    @Override
    public int size() {
        return kept.size();
    }

    @Override
    public @Nullable R get(String key) {
        return kept.get(key);
    }
}
