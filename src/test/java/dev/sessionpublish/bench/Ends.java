package dev.sessionpublish.bench;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Sees when publishes end, by a watch, as a client that waits for them would. */
final class Ends implements Watcher<SessionPublish>, AutoCloseable {
    private final Map<String, CompletableFuture<SessionPublish>> ends = new ConcurrentHashMap<>();
    private final Watch watch;

    Ends(KubernetesClient client) {
        watch = client.resources(SessionPublish.class).inAnyNamespace().watch(this);
    }

    /** Completes when the publish has ended, well or not. */
    CompletableFuture<SessionPublish> of(String namespace, String name) {
        return ends.computeIfAbsent(namespace + "/" + name, any -> new CompletableFuture<>());
    }

    @Override
    public void eventReceived(Action action, SessionPublish publish) {
        if (publish.getStatus() != null && publish.getStatus().finishedAt() != null) {
            of(publish.getMetadata().getNamespace(), publish.getMetadata().getName())
                    .complete(publish);
        }
    }

    @Override
    public void onClose(WatcherException cause) {
        ends.values().forEach(each -> each.completeExceptionally(cause));
    }

    @Override
    public void close() {
        watch.close();
    }
}
