package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Objects;

/** Accepts the changes that a user makes to an object, and ignores the operator's own status writes. */
public final class SpecOrRetryChanged implements OnUpdateFilter<HasMetadata> {
    @Override
    public boolean accept(HasMetadata now, HasMetadata before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || !RetryAnnotation.of(now).equals(RetryAnnotation.of(before))
                || now.isMarkedForDeletion() != before.isMarkedForDeletion();
    }
}
