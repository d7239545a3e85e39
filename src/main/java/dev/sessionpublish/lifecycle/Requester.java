package dev.sessionpublish.lifecycle;

import dev.sessionpublish.outcome.SafeText;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A user as status, events and pull requests name them: {@code spec.requestedBy}, which the cluster's admission policies
 * prove to be the user who created the object, or {@link StartedBy}.
 */
public final class Requester {
    private static final int LONGEST_BYTES = 1_024;

    private Requester() {}

    /**
     * The name as one clean line of at most 1,024 bytes of UTF-8; empty when nobody is named.
     *
     * @param requestedBy as the spec or the annotation has it
     */
    public static Optional<String> of(@Nullable String requestedBy) {
        return Optional.ofNullable(requestedBy)
                .map(name -> SafeText.line(name, LONGEST_BYTES))
                .filter(name -> !name.isEmpty());
    }
}
