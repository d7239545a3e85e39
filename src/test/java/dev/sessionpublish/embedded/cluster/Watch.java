package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** One watch: turns changes into the events that its selectors see. */
final class Watch implements Consumer<Change> {
    private final Store store;
    private final ResourcePath path;
    private final Predicate<JsonNode> selected;
    private final UnaryOperator<ObjectNode> representation;
    private final boolean bookmarks;
    private final Sink sink;

    /** Where events go; takes them in order and never blocks. */
    interface Sink {
        void send(ObjectNode event);

        /** Ends the stream in order, after what was sent. */
        void end();

        /** Breaks the connection. */
        void drop();
    }

    Watch(
            Store store,
            ResourcePath path,
            Predicate<JsonNode> selected,
            UnaryOperator<ObjectNode> representation,
            boolean bookmarks,
            Sink sink) {
        this.store = store;
        this.path = path;
        this.selected = selected;
        this.representation = representation;
        this.bookmarks = bookmarks;
        this.sink = sink;
    }

    /**
     * Begins after a version, or with what is there.
     *
     * @param version empty or 0 for what is there
     * @param marksEnd whether a bookmark tells that what is there has been sent
     */
    void begin(String version, boolean marksEnd) {
        synchronized (store) {
            try {
                boolean fromNow = marksEnd || version.isEmpty() || version.equals("0");
                if (fromNow) {
                    store.list(path.type().storage(), path.namespace()).stream()
                            .map(stored -> EventView.shown(path.type(), stored))
                            .filter(selected)
                            .forEach(object -> send("ADDED", object));
                }
                if (marksEnd) {
                    bookmark(true);
                }
                store.subscribe(fromNow ? store.version() : Long.parseLong(version), this);
            } catch (ApiException e) {
                sink.send(event("ERROR", e.status()));
                sink.end();
            }
        }
    }

    void stop() {
        store.unsubscribe(this);
    }

    void drop() {
        stop();
        sink.drop();
    }

    void end() {
        stop();
        sink.end();
    }

    @Override
    public void accept(Change change) {
        boolean here = change.storage().equals(path.type().storage())
                && (path.namespace().isEmpty()
                        || path.namespace()
                                .equals(change.last().at("/metadata/namespace").asText()));
        if (!here) {
            return;
        }
        boolean before = change.before().filter(this::seen).isPresent();
        boolean after = change.after().filter(this::seen).isPresent();
        ObjectNode shown = EventView.shown(path.type(), change.last());
        if (after) {
            send(before ? "MODIFIED" : "ADDED", shown);
        } else if (before) {
            send("DELETED", shown);
        }
    }

    private boolean seen(ObjectNode stored) {
        return selected.test(EventView.shown(path.type(), stored));
    }

    /** Sends a bookmark when the client asked for them. */
    void bookmark(boolean endsInitialEvents) {
        if (!bookmarks) {
            return;
        }
        synchronized (store) {
            ObjectNode mark = Json.object();
            mark.put("kind", path.type().kind()).put("apiVersion", path.type().apiVersion());
            ObjectNode metadata = mark.putObject("metadata");
            metadata.put("resourceVersion", Long.toString(store.version()));
            if (endsInitialEvents) {
                metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
            }
            sink.send(event("BOOKMARK", representation.apply(mark)));
        }
    }

    private void send(String kind, ObjectNode object) {
        sink.send(event(kind, representation.apply(object)));
    }

    private static ObjectNode event(String kind, ObjectNode object) {
        ObjectNode event = Json.object().put("type", kind);
        event.set("object", object);
        return event;
    }
}
