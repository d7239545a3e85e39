package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/**
 * Creates the Kubernetes Events of one run of an object. The name of an Event is the same for the same run, attempt and
 * type, so after a crash it is safe to announce an event again. The order that this relies on: an event about what is
 * going to happen is announced after the status that has it in its history is stored, and an event about what happened
 * before that status is stored.
 *
 * @param runId distinguishes this run from earlier ones of the same generation
 */
public record Journal(LifecycleEvents events, HasMetadata object, String runId) {
    public void announce(List<LifecycleEvent> all) {
        all.forEach(each -> events.record(object, runId, each));
    }
}
