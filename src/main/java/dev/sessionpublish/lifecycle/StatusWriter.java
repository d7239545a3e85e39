package dev.sessionpublish.lifecycle;

import dev.sessionpublish.outcome.SafeText;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the whole status of an object by server-side apply, under one field manager. Each write names the version of the
 * object that the run knows, so that an operator that was paused can't overwrite what another one has written since.
 */
public final class StatusWriter<R extends CustomResource<?, S>, S> {
    static final String FIELD_MANAGER = "session-publish-operator";

    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(FIELD_MANAGER)
            .withForce(true)
            .build();
    private static final int UNPROCESSABLE = 422;
    /** More changes than users make between a read and the write that follows it. */
    private static final int MOST_WRITES = 5;

    private static final int LOGGED_BYTES = 32_768;

    private final KubernetesClient client;
    private final Supplier<R> empty;
    private final UnaryOperator<S> withoutText;

    /**
     * @param empty makes an object of the kind without a spec and a status
     * @param withoutText takes away the free text of a status, and nothing that decides what happens next
     */
    public StatusWriter(KubernetesClient client, Supplier<R> empty, UnaryOperator<S> withoutText) {
        this.client = client;
        this.empty = empty;
        this.withoutText = withoutText;
    }

    /**
     * Writes a status that must be stored before what it announces is done.
     *
     * @throws StatusRefusedException when the API server refuses it as invalid; nothing is stored then
     * @throws KubernetesClientException with code 409 when the object has changed since the run read or wrote it
     */
    public void journal(Stored<R> stored, S status) throws StatusRefusedException {
        synchronized (stored) {
            try {
                stored.set(apply(stored.get(), status));
            } catch (KubernetesClientException e) {
                if (isRefusal(e)) {
                    throw new StatusRefusedException(e);
                }
                throw e;
            }
        }
    }

    /**
     * Writes a status, also when the rest of the object has changed since the run read it. A status that the API server
     * refuses as invalid is stored without its free text, which is logged.
     *
     * @return the object as stored
     * @throws KubernetesClientException with code 409 when something else has written the status or replaced the object,
     *     and 404 when the object is gone
     */
    public R write(Stored<R> stored, S status) {
        synchronized (stored) {
            try {
                return stored.set(applyAgain(stored.get(), status));
            } catch (KubernetesClientException e) {
                S reduced = withoutText.apply(status);
                if (!isRefusal(e) || reduced.equals(status)) {
                    throw e;
                }
                LOG.warn(
                        "The API server refuses the status, which is stored without its free text: {} The whole status"
                                + " was: {}",
                        StatusRefusedException.message(e),
                        SafeText.line(client.getKubernetesSerialization().asJson(status), LOGGED_BYTES));
                return stored.set(applyAgain(stored.get(), reduced));
            }
        }
    }

    private R applyAgain(R known, S status) {
        R over = known;
        for (int write = 1; ; write++) {
            try {
                return apply(over, status);
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || write == MOST_WRITES) {
                    throw e;
                }
                over = withOurStatus(known, status).orElseThrow(() -> e);
            }
        }
    }

    /**
     * The object as it is now, when its status is the one that the run knows, or the one that is being written: the answer
     * to an earlier attempt may have been lost.
     */
    private Optional<R> withOurStatus(R known, S status) {
        return Optional.ofNullable(client.resource(known).get())
                .filter(now ->
                        now.getMetadata().getUid().equals(known.getMetadata().getUid()))
                .filter(now -> Objects.equals(now.getStatus(), known.getStatus())
                        || Objects.equals(now.getStatus(), asStored(status)));
    }

    @SuppressWarnings("unchecked")
    private S asStored(S status) {
        KubernetesSerialization json = client.getKubernetesSerialization();
        return (S) json.unmarshal(json.asJson(status), status.getClass());
    }

    private R apply(R over, S status) {
        ObjectMeta metadata = over.getMetadata();
        R applied = empty.get();
        applied.setMetadata(new ObjectMetaBuilder()
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .withResourceVersion(metadata.getResourceVersion())
                .build());
        applied.setStatus(status);
        return client.resource(applied).subresource("status").patch(APPLY, applied);
    }

    /** An invalid status is answered 422, but 500 when it does not fit the types of the schema: a duplicate in a set. */
    private static boolean isRefusal(KubernetesClientException e) {
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_ENTITY_TOO_LARGE, UNPROCESSABLE -> true;
            case HttpURLConnection.HTTP_INTERNAL_ERROR ->
                String.valueOf(e.getMessage()).contains("failed to create typed patch object");
            default -> false;
        };
    }
}
