package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.lifecycle.TrimmedStore;
import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.net.HttpURLConnection;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches each Secret that a project names, by its name, so that the operator needs no permission to list all Secrets.
 * It keeps only the version of a Secret in memory, not its data.
 */
final class SecretWatches extends AbstractEventSource<Secret, SessionProject>
        implements ResourceEventAware<SessionProject> {
    private final KubernetesClient client;
    private final Consumer<SessionProject> gone;
    private final Map<ResourceID, WatchedSecret> secrets = new ConcurrentHashMap<>();
    private final Map<ResourceID, ResourceID> secretOfProject = new ConcurrentHashMap<>();

    /** A Secret that a project names. The informer is null until the watch has started. */
    private static final class WatchedSecret {
        private final Set<ResourceID> projects = new HashSet<>();
        private volatile @Nullable String version;
        private @Nullable SharedIndexInformer<Secret> informer;
    }

    /** @param gone called for each deleted project */
    SecretWatches(KubernetesClient client, Consumer<SessionProject> gone) {
        super(Secret.class, "project-secrets");
        this.client = client;
        this.gone = gone;
    }

    /**
     * Starts to watch the project's Secret. Returns once the Secret's current version is known.
     *
     * @throws RefusedException project-not-ready if the operator has no permission to watch it; the next call tries
     *     again
     */
    synchronized void follow(SessionProject project, Optional<String> secretName) throws RefusedException {
        ResourceID who = ResourceID.fromResource(project);
        @Nullable ResourceID before = secretOfProject.get(who);
        @Nullable
        ResourceID now = secretName
                .map(name -> new ResourceID(name, project.getMetadata().getNamespace()))
                .orElse(null);
        if (before != null && !before.equals(now)) {
            leave(who, before);
        }
        if (now == null) {
            return;
        }
        secretOfProject.put(who, now);
        WatchedSecret watched = secrets.computeIfAbsent(now, id -> new WatchedSecret());
        synchronized (watched.projects) {
            watched.projects.add(who);
        }
        if (watched.informer == null) {
            try {
                watched.informer = watch(now, watched);
            } catch (KubernetesClientException e) {
                if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                    throw Credentials.unreadable(now.getName());
                }
                throw e;
            }
        }
    }

    private SharedIndexInformer<Secret> watch(ResourceID id, WatchedSecret watched) {
        return client.secrets()
                .inNamespace(id.getNamespace().orElseThrow())
                .withName(id.getName())
                .runnableInformer(0)
                .itemStore(store())
                .addEventHandler(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(Secret secret) {
                        seen(watched, secret.getMetadata().getResourceVersion());
                    }

                    @Override
                    public void onUpdate(Secret before, Secret secret) {
                        seen(watched, secret.getMetadata().getResourceVersion());
                    }

                    @Override
                    public void onDelete(Secret secret, boolean finalStateUnknown) {
                        seen(watched, null);
                    }
                })
                .run();
    }

    static ItemStore<Secret> store() {
        return new TrimmedStore<>(SecretWatches::withoutData);
    }

    /** Only what tells one version of the Secret from another. */
    private static Secret withoutData(Secret secret) {
        ObjectMeta metadata = secret.getMetadata();
        return new SecretBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withNamespace(metadata.getNamespace())
                        .withName(metadata.getName())
                        .withUid(metadata.getUid())
                        .withResourceVersion(metadata.getResourceVersion())
                        .build())
                .build();
    }

    private void seen(WatchedSecret watched, @Nullable String version) {
        if (Objects.equals(version, watched.version)) {
            return;
        }
        watched.version = version;
        Set<ResourceID> projects;
        synchronized (watched.projects) {
            projects = Set.copyOf(watched.projects);
        }
        if (isRunning()) {
            projects.forEach(project -> getEventHandler().handleEvent(new Event(project)));
        }
    }

    private void leave(ResourceID project, ResourceID secret) {
        secretOfProject.remove(project);
        WatchedSecret watched = secrets.get(secret);
        if (watched == null) {
            return;
        }
        boolean abandoned;
        synchronized (watched.projects) {
            watched.projects.remove(project);
            abandoned = watched.projects.isEmpty();
        }
        if (abandoned) {
            secrets.remove(secret);
            SharedIndexInformer<Secret> informer = watched.informer;
            if (informer != null) {
                informer.close();
            }
        }
    }

    /** The Secret's resourceVersion; empty if the Secret does not exist. */
    Optional<String> version(SessionProject project, String secretName) {
        return Optional.ofNullable(secrets.get(
                        new ResourceID(secretName, project.getMetadata().getNamespace())))
                .map(watched -> watched.version);
    }

    @Override
    public Set<Secret> getSecondaryResources(SessionProject primary) {
        return Set.of();
    }

    /** Called by the controller for deleted projects. */
    @Override
    public synchronized void onResourceDeleted(SessionProject project) {
        ResourceID who = ResourceID.fromResource(project);
        ResourceID secret = secretOfProject.get(who);
        if (secret != null) {
            leave(who, secret);
        }
        gone.accept(project);
    }

    @Override
    public synchronized void stop() {
        super.stop();
        secrets.values().forEach(watched -> {
            if (watched.informer != null) {
                watched.informer.close();
            }
        });
        secrets.clear();
        secretOfProject.clear();
    }
}
