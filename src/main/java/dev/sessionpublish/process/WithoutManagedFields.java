package dev.sessionpublish.process;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * Reads objects without {@code metadata.managedFields}, which take more than half of an object's memory and are unused
 * here. They are not written either: the API server maintains them.
 */
@JsonIgnoreProperties("managedFields")
public abstract class WithoutManagedFields {
    private WithoutManagedFields() {}

    /** Returns a new serialization, to be used by one client. */
    public static KubernetesSerialization serialization() {
        ObjectMapper mapper = new ObjectMapper();
        mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
        return new KubernetesSerialization(mapper, true);
    }
}
