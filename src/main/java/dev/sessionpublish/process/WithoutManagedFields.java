package dev.sessionpublish.process;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * Reads objects without {@code metadata.managedFields}, which are more than half of what an object takes in memory, and
 * which nothing here looks at. They are never written either: the API server keeps them by itself.
 */
@JsonIgnoreProperties("managedFields")
public abstract class WithoutManagedFields {
    private WithoutManagedFields() {}

    /** For a client of its own. */
    public static KubernetesSerialization serialization() {
        ObjectMapper mapper = new ObjectMapper();
        mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
        return new KubernetesSerialization(mapper, true);
    }
}
