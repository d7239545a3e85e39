package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Map;
import java.util.Objects;

/** Lets through what a user did to a publish, and not the operator's own status writes. */
public final class SpecOrRetryChanged implements OnUpdateFilter<SessionPublish> {
    @Override
    public boolean accept(SessionPublish now, SessionPublish before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || !Objects.equals(retryAt(now), retryAt(before))
                || now.isMarkedForDeletion() != before.isMarkedForDeletion();
    }

    private static String retryAt(SessionPublish publish) {
        Map<String, String> annotations = publish.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(SessionPublish.RETRY_AT, "");
    }
}
