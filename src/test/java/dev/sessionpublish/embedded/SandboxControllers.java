package dev.sessionpublish.embedded;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** Sandboxes of agent-sandbox in one namespace, as that project's users and its controllers write them. */
public record SandboxControllers(KubernetesClient client, String namespace) {
    private static final Path DEFINITIONS = Path.of("src/test/resources/agent-sandbox");

    /** Has the cluster serve them; returns when it does. */
    public static void install(KubernetesClient client) {
        for (String definition : List.of("sandboxes.yaml", "sandboxclaims.yaml")) {
            try {
                client.resource(Files.readString(DEFINITIONS.resolve(definition)))
                        .forceConflicts()
                        .serverSideApply();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Awaitility.await()
                .until(() -> client.supports("agents.x-k8s.io/v1beta1", "Sandbox")
                        && client.supports("extensions.agents.x-k8s.io/v1beta1", "SandboxClaim"));
    }

    /** @param more of the spec, as a YAML flow without braces */
    public GenericKubernetesResource sandbox(String name, String more) {
        return apply("""
                apiVersion: agents.x-k8s.io/v1beta1
                kind: Sandbox
                metadata: {namespace: %s, name: %s}
                spec: {podTemplate: {spec: {containers: [{name: agent, image: none}]}}%s}
                """.formatted(namespace, name, more.isEmpty() ? "" : ", " + more));
    }

    /** @param more of the spec, as a YAML flow without braces */
    public GenericKubernetesResource claim(String name, String more) {
        return apply("""
                apiVersion: extensions.agents.x-k8s.io/v1beta1
                kind: SandboxClaim
                metadata: {namespace: %s, name: %s}
                spec: {warmPoolRef: {name: pool}%s}
                """.formatted(namespace, name, more.isEmpty() ? "" : ", " + more));
    }

    private GenericKubernetesResource apply(String yaml) {
        return client.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .forceConflicts()
                .serverSideApply();
    }

    /** Sets the one condition that a status has here. */
    public void condition(GenericKubernetesResource of, String type, boolean holds, String reason) {
        client.resource(client.resource(of).get()).editStatus(present -> {
            present.setAdditionalProperty(
                    "status",
                    Map.of(
                            "conditions",
                            List.of(Map.of(
                                    "type",
                                    type,
                                    "status",
                                    holds ? "True" : "False",
                                    "reason",
                                    reason,
                                    "message",
                                    "",
                                    "lastTransitionTime",
                                    Instant.now()
                                            .truncatedTo(ChronoUnit.SECONDS)
                                            .toString()))));
            return present;
        });
    }

    /** Makes a Sandbox the controller of a pod. */
    public void give(GenericKubernetesResource sandbox, String pod) {
        client.pods().inNamespace(namespace).withName(pod).edit(present -> owned(present, controller(sandbox)));
    }

    /** Makes a claim the controller of a Sandbox. */
    public void give(GenericKubernetesResource claim, GenericKubernetesResource sandbox) {
        client.resource(client.resource(sandbox).get()).edit(present -> owned(present, controller(claim)));
    }

    public static OwnerReference controller(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    /** Sets the pod's owner as it stands. */
    public void owner(String pod, OwnerReference reference) {
        client.pods().inNamespace(namespace).withName(pod).edit((Pod present) -> owned(present, reference));
    }

    private static <T extends HasMetadata> T owned(T resource, OwnerReference reference) {
        resource.getMetadata().setOwnerReferences(List.of(reference));
        return resource;
    }
}
