package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.jspecify.annotations.Nullable;

/** Writes whole statuses by server-side apply, under one field manager. */
final class StatusWriter {
    static final String FIELD_MANAGER = "session-publish-operator";

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(FIELD_MANAGER)
            .withForce(true)
            .build();

    private final KubernetesClient client;

    StatusWriter(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Writes the journal: refused with a conflict when the object has changed since it was read.
     *
     * @return the object as stored
     */
    SessionPublish journal(SessionPublish read, PublishStatus draft) {
        return write(read, draft, read.getMetadata().getResourceVersion());
    }

    /** @return the object as stored */
    SessionPublish write(SessionPublish read, PublishStatus draft) {
        return write(read, draft, null);
    }

    private SessionPublish write(SessionPublish read, PublishStatus draft, @Nullable String resourceVersion) {
        SessionPublish applied = new SessionPublish();
        applied.setMetadata(new ObjectMetaBuilder()
                .withNamespace(read.getMetadata().getNamespace())
                .withName(read.getMetadata().getName())
                .withUid(read.getMetadata().getUid())
                .withResourceVersion(resourceVersion)
                .build());
        applied.setStatus(draft.build());
        return client.resource(applied).subresource("status").patch(APPLY, applied);
    }
}
