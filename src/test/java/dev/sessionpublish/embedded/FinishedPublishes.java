package dev.sessionpublish.embedded;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes many finished publishes out of one, without an operator. */
public final class FinishedPublishes {
    private static final int CLIENTS = 8;
    private static final PatchContext STATUS = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("operator")
            .build();

    private FinishedPublishes() {}

    /** Creates {@code finished-FROM} to before {@code finished-TO} like a publish, spec and status each by its writer. */
    public static void copy(KubernetesClient client, String namespace, String name, int from, int to)
            throws InterruptedException, ExecutionException {
        GenericKubernetesResource like = client.genericKubernetesResources(
                        "sessionpublish.dev/v1alpha1", "SessionPublish")
                .inNamespace(namespace)
                .withName(name)
                .get();
        List<Callable<Void>> copies = new ArrayList<>();
        for (int n = from; n < to; n++) {
            GenericKubernetesResource spec = part("spec", "finished-" + n, like);
            GenericKubernetesResource status = part("status", "finished-" + n, like);
            copies.add(() -> {
                client.resource(spec).fieldManager("kubectl").serverSideApply();
                client.resource(status).subresource("status").patch(STATUS);
                return null;
            });
        }
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            for (Future<Void> each : clients.invokeAll(copies)) {
                each.get();
            }
        } finally {
            clients.shutdown();
        }
    }

    private static GenericKubernetesResource part(String field, String name, GenericKubernetesResource like) {
        GenericKubernetesResource part = new GenericKubernetesResource();
        part.setApiVersion(like.getApiVersion());
        part.setKind(like.getKind());
        part.setMetadata(new ObjectMetaBuilder()
                .withNamespace(like.getMetadata().getNamespace())
                .withName(name)
                .build());
        part.setAdditionalProperty(field, like.get(field));
        return part;
    }
}
