package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One finalizer, added and removed by a patch that leaves the others alone.
 *
 * @param name as in metadata.finalizers
 */
public record Finalizer(String name) {
    private static final PatchContext MERGE = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager(StatusWriter.FIELD_MANAGER)
            .build();

    public boolean isOn(HasMetadata object) {
        return object.getMetadata().getFinalizers().contains(name);
    }

    /** As {@link #set}, without the finalizer. */
    public <R extends HasMetadata> R remove(KubernetesClient client, R object) {
        return set(client, object, false);
    }

    /**
     * @return the object as stored
     * @throws io.fabric8.kubernetes.client.KubernetesClientException with code 409 when it has changed since it was read
     */
    public <R extends HasMetadata> R set(KubernetesClient client, R object, boolean wanted) {
        Stream<String> others = object.getMetadata().getFinalizers().stream().filter(each -> !each.equals(name));
        List<String> all = (wanted ? Stream.concat(others, Stream.of(name)) : others).toList();
        String patch = Serialization.asJson(Map.of(
                "metadata",
                Map.of(
                        "resourceVersion",
                        object.getMetadata().getResourceVersion(),
                        "uid",
                        object.getMetadata().getUid(),
                        "finalizers",
                        all)));
        return client.resource(object).patch(MERGE, patch);
    }
}
