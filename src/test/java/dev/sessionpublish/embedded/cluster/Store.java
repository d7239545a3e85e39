package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The objects and their history. Every write gets the next resource version of the whole store. Callers hold the
 * store's own lock from reading what they change until they have written it. Stored objects are never changed: what
 * is handed out must be copied before it is edited.
 */
final class Store {
    private static final int HISTORY = 50_000;

    private final Map<String, TreeMap<String, ObjectNode>> objects = new HashMap<>();
    private final Deque<Change> history = new ArrayDeque<>();
    private final Set<Consumer<Change>> listeners = new LinkedHashSet<>();
    private long version = 1;
    private long compacted;

    synchronized long version() {
        return version;
    }

    synchronized Optional<ObjectNode> get(String storage, String namespace, String name) {
        return Optional.ofNullable(objects(storage).get(namespace + "/" + name));
    }

    /** @param namespace empty for all */
    synchronized List<ObjectNode> list(String storage, String namespace) {
        if (namespace.isEmpty()) {
            return List.copyOf(objects(storage).values());
        }
        return List.copyOf(
                objects(storage).subMap(namespace + "/", namespace + "0").values());
    }

    /** Everything in a namespace, of every kind. */
    synchronized Map<String, List<ObjectNode>> inNamespace(String namespace) {
        Map<String, List<ObjectNode>> found = new TreeMap<>();
        objects.keySet().stream().sorted().forEach(storage -> {
            List<ObjectNode> list = list(storage, namespace);
            if (!list.isEmpty()) {
                found.put(storage, list);
            }
        });
        return found;
    }

    /** Stores the object under its name, and sets its resource version. */
    synchronized ObjectNode put(String storage, ObjectNode object) {
        version++;
        Json.child(object, "metadata").put("resourceVersion", Long.toString(version));
        ObjectNode before = objects(storage).put(key(object), object);
        record(new Change(version, storage, Optional.ofNullable(before), Optional.of(object), object));
        return object;
    }

    synchronized ObjectNode remove(String storage, ObjectNode object) {
        version++;
        ObjectNode before = objects(storage).remove(key(object));
        ObjectNode last = object.deepCopy();
        Json.child(last, "metadata").put("resourceVersion", Long.toString(version));
        record(new Change(version, storage, Optional.ofNullable(before), Optional.empty(), last));
        return last;
    }

    /**
     * Tells the listener of every change after a version, past ones at once.
     *
     * @throws ApiException 410 when the history begins later
     */
    synchronized void subscribe(long after, Consumer<Change> listener) {
        if (after < compacted) {
            throw ApiException.expired(after, compacted);
        }
        history.stream().filter(change -> change.version() > after).forEach(listener);
        listeners.add(listener);
    }

    synchronized void unsubscribe(Consumer<Change> listener) {
        listeners.remove(listener);
    }

    /** Forgets the history, as etcd's compaction does: a watch from an older version is refused. */
    synchronized void compact() {
        compacted = version;
        history.clear();
    }

    private void record(Change change) {
        history.add(change);
        if (history.size() > HISTORY) {
            compacted = history.remove().version();
        }
        List.copyOf(listeners).forEach(listener -> listener.accept(change));
    }

    private TreeMap<String, ObjectNode> objects(String storage) {
        return objects.computeIfAbsent(storage, any -> new TreeMap<>());
    }

    private static String key(ObjectNode object) {
        return object.path("metadata").path("namespace").asText() + "/"
                + object.path("metadata").path("name").asText();
    }
}
