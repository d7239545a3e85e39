package dev.sessionpublish.lifecycle;

import dev.sessionpublish.api.v1alpha1.HistoryEntry;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The newest 32 lifecycle events of an object, oldest first, as its status keeps them. */
public record History(List<HistoryEntry> entries) {
    private static final int LONGEST = 32;

    public History {
        entries = List.copyOf(entries.subList(Math.max(0, entries.size() - LONGEST), entries.size()));
    }

    /** The stored entries without those whose time can't be read: the API server would refuse them. */
    public static History stored(@Nullable List<HistoryEntry> entries) {
        return new History(
                entries == null
                        ? List.of()
                        : entries.stream()
                                .filter(each -> StoredTime.of(each.time()).isPresent())
                                .toList());
    }

    public History with(LifecycleEvent event, Clock clock) {
        HistoryEntry entry = new HistoryEntry(
                StoredTime.now(clock), event.type().word(), event.data().isEmpty() ? null : event.data());
        return new History(Stream.concat(entries.stream(), Stream.of(entry)).toList());
    }

    public boolean has(EventType type) {
        return lastOf(type) >= 0;
    }

    /** Whether there is an event of {@code type} after the last one of {@code earlier}. */
    public boolean hasSince(EventType earlier, EventType type) {
        return lastOf(type) > lastOf(earlier);
    }

    public boolean endsWith(EventType type) {
        return !entries.isEmpty() && lastOf(type) == entries.size() - 1;
    }

    private int lastOf(EventType type) {
        int index = entries.size() - 1;
        while (index >= 0 && !type.word().equals(entries.get(index).type())) {
            index--;
        }
        return index;
    }
}
