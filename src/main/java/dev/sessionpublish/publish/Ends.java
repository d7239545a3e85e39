package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import org.jspecify.annotations.Nullable;

/** Tells an end from one that was there before. */
final class Ends {
    private Ends() {}

    static boolean isNew(@Nullable SessionPublishStatus before, @Nullable SessionPublishStatus now) {
        if (now == null || now.finishedAt() == null || now.phase() == null) {
            return false;
        }
        return before == null || !now.finishedAt().equals(before.finishedAt()) || now.phase() != before.phase();
    }
}
