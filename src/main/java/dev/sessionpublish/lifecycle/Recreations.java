package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.ResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reconciles objects that are created again under the name of a deleted one, as GitOps tools do. JOSDK 5.2 forgets the
 * events of a name that arrive between the deletion and the end of the reconcile that runs then, so the cache is looked at
 * once more after that end.
 */
public final class Recreations<R extends HasMetadata> extends AbstractEventSource<R, R> {
    private static final Duration UNTIL_THE_RECONCILE_HAS_ENDED = Duration.ofSeconds(1);

    private final ResourceCache<R> cache;
    private @Nullable ScheduledExecutorService timer;

    public Recreations(Class<R> kind, ResourceCache<R> cache) {
        super(kind, "recreations");
        this.cache = cache;
    }

    /** To be called at the end of a reconcile whose object is gone. */
    public synchronized void lookFor(R gone) {
        ResourceID id = ResourceID.fromResource(gone);
        if (timer != null) {
            timer.schedule(() -> look(id), UNTIL_THE_RECONCILE_HAS_ENDED.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void look(ResourceID id) {
        if (isRunning()) {
            cache.get(id).ifPresent(present -> getEventHandler()
                    .handleEvent(new ResourceEvent(ResourceAction.ADDED, id, present)));
        }
    }

    @Override
    public synchronized void start() {
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "recreations");
            thread.setDaemon(true);
            return thread;
        });
        super.start();
    }

    @Override
    public synchronized void stop() {
        super.stop();
        if (timer != null) {
            timer.shutdownNow();
            timer = null;
        }
    }

    @Override
    public Set<R> getSecondaryResources(R primary) {
        return Set.of();
    }
}
