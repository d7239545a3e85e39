package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Limits how many objects of one namespace are reconciled at the same time, so that no namespace can take all threads.
 * An object over the limit waits without a thread and is reconciled when its turn comes; the first that came is the first.
 */
public final class NamespaceTurns<R extends HasMetadata> extends AbstractEventSource<R, R>
        implements ResourceEventAware<R> {
    private final int most;
    private final Map<String, Turns> namespaces = new HashMap<>();

    /** The objects of one namespace. None waits while a turn is free. */
    private static final class Turns {
        private final Set<ResourceID> running = new HashSet<>();
        /** They have a turn, and a reconcile that begins it is on its way. */
        private final Set<ResourceID> called = new HashSet<>();

        private final LinkedHashSet<ResourceID> waiting = new LinkedHashSet<>();

        boolean isEmpty() {
            return running.isEmpty() && called.isEmpty() && waiting.isEmpty();
        }
    }

    /** @param most the maximum number of objects of one namespace with a turn, at least 1 */
    public NamespaceTurns(Class<R> kind, int most) {
        super(kind, "namespace-turns");
        this.most = most;
    }

    /**
     * Begins the object's turn, if it is its turn. Otherwise the object waits, and is reconciled again when it is.
     *
     * @return whether the turn has begun; {@link #end} then ends it
     */
    public synchronized boolean begin(R object) {
        ResourceID id = ResourceID.fromResource(object);
        Turns turns = namespaces.computeIfAbsent(namespace(id), namespace -> new Turns());
        boolean free = turns.running.size() + turns.called.size() < most;
        if (turns.called.remove(id) || free) {
            turns.waiting.remove(id);
            turns.running.add(id);
            return true;
        }
        turns.waiting.add(id);
        return false;
    }

    /** Ends the object's turn, and calls the next one. */
    public void end(R object) {
        call(leave(ResourceID.fromResource(object), true));
    }

    /** An object that needs no turn any more waits no longer. */
    public void giveUp(R object) {
        call(leave(ResourceID.fromResource(object), false));
    }

    /** A deleted object may still be running; its turn ends with its run. */
    @Override
    public void onResourceDeleted(R object) {
        giveUp(object);
    }

    /** The number of objects that wait for their turn. */
    public synchronized int waiting() {
        return namespaces.values().stream()
                .mapToInt(turns -> turns.waiting.size())
                .sum();
    }

    private synchronized List<ResourceID> leave(ResourceID id, boolean ran) {
        Turns turns = namespaces.get(namespace(id));
        if (turns == null) {
            return List.of();
        }
        turns.waiting.remove(id);
        turns.called.remove(id);
        if (ran) {
            turns.running.remove(id);
        }
        List<ResourceID> next = new ArrayList<>();
        while (turns.running.size() + turns.called.size() < most && !turns.waiting.isEmpty()) {
            ResourceID first = turns.waiting.iterator().next();
            turns.waiting.remove(first);
            turns.called.add(first);
            next.add(first);
        }
        if (turns.isEmpty()) {
            namespaces.remove(namespace(id));
        }
        return next;
    }

    private void call(List<ResourceID> next) {
        if (isRunning()) {
            next.forEach(id -> getEventHandler().handleEvent(new Event(id)));
        }
    }

    private static String namespace(ResourceID id) {
        return id.getNamespace().orElse("");
    }

    @Override
    public Set<R> getSecondaryResources(R primary) {
        return Set.of();
    }
}
