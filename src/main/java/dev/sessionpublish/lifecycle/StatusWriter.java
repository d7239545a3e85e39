package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes the whole status of an object by server-side apply, under one field manager. */
public final class StatusWriter<R extends CustomResource<?, S>, S> {
    static final String FIELD_MANAGER = "session-publish-operator";

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(FIELD_MANAGER)
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final Supplier<R> empty;

    /** @param empty makes an object of the kind without a spec and a status */
    public StatusWriter(KubernetesClient client, Supplier<R> empty) {
        this.client = client;
        this.empty = empty;
    }

    /**
     * Writes a status that must be stored before what it announces is done.
     *
     * @return the object as stored
     * @throws io.fabric8.kubernetes.client.KubernetesClientException with code 409 when the object has changed since it
     *     was read
     */
    public R journal(R read, S status) {
        return write(read, status, read.getMetadata().getResourceVersion());
    }

    /** @return the object as stored */
    public R write(R read, S status) {
        return write(read, status, null);
    }

    private R write(R read, S status, @Nullable String resourceVersion) {
        ObjectMeta metadata = read.getMetadata();
        R applied = empty.get();
        applied.setMetadata(new ObjectMetaBuilder()
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .withResourceVersion(resourceVersion)
                .build());
        applied.setStatus(status);
        return client.resource(applied).subresource("status").patch(APPLY, applied);
    }
}
