package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The user who started a run by a change of the spec or of the retry annotation. Admission policies record the user in the
 * annotation {@code sessionpublish.dev/started-by} and verify it, where the API server supports that; elsewhere anybody can
 * write the annotation, and a change by another user leaves it as it is, so it proves nothing.
 */
public record StartedBy(PolicyBindings policies) {
    public static final String ANNOTATION = "sessionpublish.dev/started-by";

    /** Its existence means that the annotation is verified. */
    static final String POLICY_BINDING = "started-by.sessionpublish.dev";

    /**
     * The user as one clean line; empty when it is not proven.
     *
     * @param requestedBy the user who created the object, who also starts the first run unless it was changed before
     */
    public Optional<String> of(HasMetadata object, @Nullable String requestedBy) {
        ObjectMeta metadata = object.getMetadata();
        Map<String, String> annotations = metadata.getAnnotations();
        String recorded = annotations == null ? null : annotations.get(ANNOTATION);
        if (recorded != null && policies.exists(POLICY_BINDING)) {
            return Requester.of(recorded);
        }
        boolean asCreated =
                metadata.getGeneration() == 1 && RetryAnnotation.of(object).isEmpty();
        return asCreated ? Requester.of(requestedBy) : Optional.empty();
    }
}
