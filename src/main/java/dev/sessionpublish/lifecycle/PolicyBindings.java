package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** The bindings of the validating admission policies: the existence of one means that what its policy says is verified. */
public record PolicyBindings(KubernetesClient client) {
    /** False also if the operator may not read it, or the API server has no such policies. */
    public boolean exists(String name) {
        try {
            return client.resources(ValidatingAdmissionPolicyBinding.class)
                            .withName(name)
                            .get()
                    != null;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
