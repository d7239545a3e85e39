package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.lifecycle.NamespaceTurns;
import dev.sessionpublish.lifecycle.Recreations;
import dev.sessionpublish.lifecycle.RetriedErrors;
import dev.sessionpublish.lifecycle.RunTask;
import dev.sessionpublish.lifecycle.RunTasks;
import dev.sessionpublish.lifecycle.SpecOrRetryChanged;
import dev.sessionpublish.lifecycle.TrimmedCacheReconciler;
import dev.sessionpublish.publish.watch.PublishCache;
import dev.sessionpublish.publish.watch.PublishCensus;
import dev.sessionpublish.publish.watch.SourceState;
import dev.sessionpublish.publish.watch.SourceWatches;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles SessionPublishes. An idle one costs no request: the informers' caches decide. Any other is read from the API
 * server with its project, because watches lag behind what was just written, and then takes its steps, when it is its
 * turn in its namespace.
 */
@ControllerConfiguration(
        name = "sessionpublish",
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        informer = @Informer(onUpdateFilter = SpecOrRetryChanged.class))
public final class SessionPublishReconciler
        implements Reconciler<SessionPublish>, TrimmedCacheReconciler<SessionPublish> {
    private static final Logger LOG = LoggerFactory.getLogger(SessionPublishReconciler.class);
    private static final String BY_PROJECT = "project";
    /** Also the least time between two reconciles of the same object. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final String podSelector;
    private final PublishSteps steps;
    private final FollowStep follow;
    private final Deletion deletion;
    private final NamespaceTurns<SessionPublish> turns;
    private final PrometheusRegistry metrics;
    private final boolean publishingEnabled;
    private final Clock clock;
    private @Nullable Recreations<SessionPublish> recreations;
    private Function<SessionPublish, SourceState> sources = publish -> SourceState.UNKNOWN;

    /** What is done for a publish that is not idle, at rest, or being deleted. */
    record Work(PublishSteps steps, FollowStep follow, Deletion deletion) {}

    SessionPublishReconciler(
            KubernetesClient client,
            String podSelector,
            Work work,
            NamespaceTurns<SessionPublish> turns,
            PrometheusRegistry metrics,
            boolean publishingEnabled,
            Clock clock) {
        this.client = client;
        this.podSelector = podSelector;
        this.steps = work.steps;
        this.follow = work.follow;
        this.deletion = work.deletion;
        this.turns = turns;
        this.metrics = metrics;
        this.publishingEnabled = publishingEnabled;
        this.clock = clock;
    }

    @Override
    public ItemStore<SessionPublish> store() {
        return PublishCache.store();
    }

    @Override
    public List<EventSource<?, SessionPublish>> prepareEventSources(EventSourceContext<SessionPublish> context) {
        var cache = context.getPrimaryCache();
        cache.addIndexer(
                BY_PROJECT, publish -> List.of(key(publish, publish.getSpec().projectName())));
        Recreations<SessionPublish> created = new Recreations<>(SessionPublish.class, cache);
        recreations = created;
        SourceWatches watches = new SourceWatches(client, podSelector, context);
        sources = watches::state;
        InformerEventSource<SessionProject, SessionPublish> projects = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(SessionProject.class, SessionPublish.class)
                        .withSecondaryToPrimaryMapper(project -> ids(cache.byIndex(
                                BY_PROJECT, key(project, project.getMetadata().getName()))))
                        .withPrimaryToSecondaryMapper((SessionPublish publish) -> Set.of(new ResourceID(
                                publish.getSpec().projectName(),
                                publish.getMetadata().getNamespace())))
                        .build(),
                context);
        metrics.register(
                new PublishCensus(cache::list, project -> projects.get(project).isPresent(), clock));
        return Stream.<EventSource<?, SessionPublish>>concat(
                        Stream.of(projects, turns, created, follow.eventSource()), watches.eventSources().stream())
                .toList();
    }

    private static String key(HasMetadata resource, String name) {
        return resource.getMetadata().getNamespace() + "/" + name;
    }

    private static Set<ResourceID> ids(List<SessionPublish> publishes) {
        return publishes.stream().map(ResourceID::fromResource).collect(Collectors.toSet());
    }

    @Override
    public UpdateControl<SessionPublish> reconcile(SessionPublish cached, Context<SessionPublish> context) {
        return RetriedErrors.within(() -> reconciled(cached, context));
    }

    private UpdateControl<SessionPublish> reconciled(SessionPublish cached, Context<SessionPublish> context) {
        if (context.isPrimaryResourceDeleted()) {
            turns.giveUp(cached);
            follow.forget(cached);
            deletion.gone(cached);
            if (recreations != null) {
                recreations.lookFor(cached);
            }
            return UpdateControl.noUpdate();
        }
        try {
            return decide(cached, context);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                LOG.debug("The object was changed or deleted meanwhile and is reconciled again: {}", e.getMessage());
                return UpdateControl.<SessionPublish>noUpdate().rescheduleAfter(SOON);
            }
            throw e;
        }
    }

    private UpdateControl<SessionPublish> decide(SessionPublish cached, Context<SessionPublish> context) {
        Optional<SessionProject> project = context.getSecondaryResource(SessionProject.class);
        PublishSchedule known = schedule(cached, usable(project));
        if (known.isIdle() && Deletion.isSettled(cached, project) && !follow.hasNews(cached)) {
            turns.giveUp(cached);
            follow.observe(cached);
            return cached.isMarkedForDeletion() ? UpdateControl.noUpdate() : requeue(known);
        }
        if (!turns.begin(cached)) {
            return UpdateControl.noUpdate();
        }
        try {
            return takeSteps(cached);
        } finally {
            turns.end(cached);
        }
    }

    /** The publish and its project are read at the same time. */
    private UpdateControl<SessionPublish> takeSteps(SessionPublish cached) {
        SessionPublish read;
        Optional<SessionProject> stored;
        try (RunTasks reads = steps.tasks()) {
            RunTask<Optional<SessionProject>> named = reads.start(() -> project(cached));
            read = client.resource(cached).get();
            if (read == null) {
                return UpdateControl.noUpdate();
            }
            boolean isSame =
                    read.getSpec().projectName().equals(cached.getSpec().projectName());
            stored = isSame ? named.awaitUnrefused() : project(read);
        }
        if (read.isMarkedForDeletion()) {
            follow.forget(read);
            return deletion.finish(read)
                    .map(delay -> UpdateControl.<SessionPublish>noUpdate().rescheduleAfter(delay))
                    .orElseGet(UpdateControl::noUpdate);
        }
        SessionPublish publish = deletion.settle(read, stored);
        Optional<SessionProject> project = usable(stored);
        SessionPublish after;
        if (schedule(publish, project).isIdle()) {
            after = follow.take(publish);
        } else {
            // What was observed before the run is out of date after it.
            follow.forget(publish);
            after = steps.run(publish, project);
        }
        follow.observe(after);
        return requeue(schedule(after, project));
    }

    /** One that is being deleted only closes pull requests. */
    private static Optional<SessionProject> usable(Optional<SessionProject> project) {
        return project.filter(known -> !known.isMarkedForDeletion());
    }

    private Optional<SessionProject> project(SessionPublish publish) {
        return Optional.of(publish.getSpec().projectName())
                .filter(named -> !named.isEmpty())
                .map(named -> client.resources(SessionProject.class)
                        .inNamespace(publish.getMetadata().getNamespace())
                        .withName(named)
                        .get());
    }

    private PublishSchedule schedule(SessionPublish publish, Optional<SessionProject> project) {
        return new PublishSchedule(publish, project, sources.apply(publish), publishingEnabled, clock);
    }

    /** At the next attempt, or when the object expires. */
    private UpdateControl<SessionPublish> requeue(PublishSchedule schedule) {
        SessionPublish publish = schedule.publish();
        Optional<Instant> expiry = schedule.expiry();
        if (expiry.isPresent() && !expiry.get().isAfter(clock.instant())) {
            // An object that was edited or recreated meanwhile is not deleted.
            client.resource(publish)
                    .lockResourceVersion(publish.getMetadata().getResourceVersion())
                    .delete();
            return UpdateControl.noUpdate();
        }
        boolean planned = publish.getStatus() != null && publish.getStatus().nextAttemptAt() != null;
        return (planned ? Optional.of(schedule.nextAttempt().orElseGet(clock::instant)) : expiry)
                .map(at -> Duration.between(clock.instant(), at).plusMillis(50))
                .map(delay -> delay.compareTo(SOON) < 0 ? SOON : delay)
                .map(delay -> UpdateControl.<SessionPublish>noUpdate().rescheduleAfter(delay))
                .orElseGet(UpdateControl::noUpdate);
    }
}
