package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.outcome.SafeText;
import java.util.Optional;

/**
 * Who asked for a publish: {@code spec.requestedBy}, which the cluster's admission policies prove to be the user who
 * created the object. Made one clean line, fit to be shown.
 */
final class Requester {
    private static final int LONGEST_BYTES = 1_024;

    private Requester() {}

    /** Empty when the object was created where nothing asks for a name. */
    static Optional<String> of(SessionPublish publish) {
        return Optional.ofNullable(publish.getSpec().requestedBy())
                .map(name -> SafeText.line(name, LONGEST_BYTES))
                .filter(name -> !name.isEmpty());
    }
}
