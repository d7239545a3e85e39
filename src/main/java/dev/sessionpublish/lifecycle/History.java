package dev.sessionpublish.lifecycle;

import dev.sessionpublish.api.v1alpha1.HistoryEntry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The newest 32 lifecycle events of an object, oldest first, as its status keeps them. Each has an ordinal, one more than
 * that of the event before it.
 */
public record History(List<HistoryEntry> entries) {
    private static final int LONGEST = 32;

    public History {
        entries = List.copyOf(entries.subList(Math.max(0, entries.size() - LONGEST), entries.size()));
    }

    /**
     * The stored entries. Those of a version that stored no ordinals are numbered by their position. An entry whose time
     * can't be read is left out, because the API server would refuse it.
     */
    public static History stored(@Nullable List<HistoryEntry> entries) {
        List<HistoryEntry> numbered = new ArrayList<>();
        long last = 0;
        for (HistoryEntry each : entries == null ? List.<HistoryEntry>of() : entries) {
            last = Math.max(Objects.requireNonNullElse(each.ordinal(), 0L), last + 1);
            numbered.add(new HistoryEntry(last, each.time(), each.type(), each.data()));
        }
        return new History(numbered.stream()
                .filter(each -> StoredTime.of(each.time()).isPresent())
                .toList());
    }

    /** Adds the event under the next ordinal. */
    public History with(LifecycleEvent event, Clock clock) {
        HistoryEntry entry = new HistoryEntry(
                nextOrdinal(),
                StoredTime.now(clock),
                event.type().word(),
                event.data().isEmpty() ? null : event.data());
        return new History(Stream.concat(entries.stream(), Stream.of(entry)).toList());
    }

    /** The ordinal of the last event of a type; when there is none, the one that it would get. */
    public long ordinalOf(EventType type) {
        int index = lastOf(type);
        return index < 0 ? nextOrdinal() : ordinal(index);
    }

    public long nextOrdinal() {
        return entries.isEmpty() ? 1 : ordinal(entries.size() - 1) + 1;
    }

    private long ordinal(int index) {
        return Objects.requireNonNull(entries.get(index).ordinal());
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
