package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.lifecycle.LifecycleEvents;
import dev.sessionpublish.lifecycle.Requester;
import dev.sessionpublish.outcome.SafeText;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The lifecycle of one run, told twice: in status.history and as Kubernetes Events. What is about to happen is told after
 * the status that says so has been written, and what has happened before it, under a name that is the same for the
 * same attempt: whatever a crash comes between, telling it again adds nothing.
 */
final class Journal {
    private final LifecycleEvents events;
    private final SessionPublish publish;
    private final PublishStatus draft;

    Journal(LifecycleEvents events, SessionPublish publish, PublishStatus draft) {
        this.events = events;
        this.publish = publish;
        this.draft = draft;
    }

    /** Notes a step in the history; the status has to be written yet. */
    void note(PublishEvent type, Map<String, String> data) {
        draft.record(type.word(), data);
    }

    /** Tells a step as an Event. */
    void tell(PublishEvent type, int attempt, Map<String, String> data, String sentence) {
        events.record(publish, type, draft.runId(), attempt, data, SafeText.line(sentence, 1_024));
    }

    void tellAndNote(PublishEvent type, int attempt, Map<String, String> data, String sentence) {
        tell(type, attempt, data, sentence);
        note(type, data);
    }

    /** Who asked, and pairs of key and value, in order; empty values are left out, except who asked. */
    Map<String, String> data(String... pairs) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("by", Requester.of(publish.getSpec().requestedBy()).orElse(""));
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i + 1].isEmpty()) {
                data.put(pairs[i], SafeText.line(pairs[i + 1], 1_000));
            }
        }
        return data;
    }
}
