package dev.sessionpublish.lifecycle;

import dev.sessionpublish.outcome.SafeText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One lifecycle event of an object: an entry in status.history, a Kubernetes Event and a log line.
 *
 * @param ordinal the number in status.history; 0 while it has none
 * @param attempt from 1, in the step and run that the event belongs to
 * @param data by key, cleaned and redacted
 * @param note one sentence, redacted
 */
public record LifecycleEvent(EventType type, long ordinal, int attempt, Map<String, String> data, String note) {
    private static final int LONGEST_VALUE = 1_000;
    private static final int LONGEST_NOTE = 1_024;

    public LifecycleEvent {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
        note = SafeText.line(note, LONGEST_NOTE);
    }

    /** An event without ordinal and data yet. */
    public static LifecycleEvent of(EventType type, int attempt, String note) {
        return new LifecycleEvent(type, 0, attempt, Map.of(), note);
    }

    public LifecycleEvent withOrdinal(long number) {
        return new LifecycleEvent(type, number, attempt, data, note);
    }

    /** Adds a value as one line of at most 1,000 bytes; empty values are left out. */
    public LifecycleEvent with(String key, String value) {
        return value.isEmpty() ? this : withWhole(key, SafeText.line(value, LONGEST_VALUE));
    }

    /** Adds a value of any length: a link that is cut leads nowhere. */
    public LifecycleEvent withWhole(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(data);
        more.put(key, value);
        return new LifecycleEvent(type, ordinal, attempt, more, note);
    }
}
