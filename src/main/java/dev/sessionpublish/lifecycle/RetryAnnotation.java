package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The annotation {@code sessionpublish.dev/retry-at}: any new value starts the object again. An absent annotation and an
 * empty value ask for nothing.
 */
public final class RetryAnnotation {
    public static final String NAME = "sessionpublish.dev/retry-at";

    private RetryAnnotation() {}

    /** The value; never empty text. */
    public static Optional<String> of(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return Optional.ofNullable(annotations).map(all -> all.get(NAME)).filter(value -> !value.isEmpty());
    }

    /** @param observed the value that was acted on last, from the status; null when there is none */
    public static boolean isNew(HasMetadata object, @Nullable String observed) {
        return of(object).filter(value -> !value.equals(observed)).isPresent();
    }
}
