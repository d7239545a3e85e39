package dev.sessionpublish.publish.watch;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.Source;
import dev.sessionpublish.sandbox.AgentSandbox;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts publishes that wait for their source again: when a pod with the sandbox label changes, or a Sandbox of
 * agent-sandbox where the cluster served that kind when the operator started. The caches are a hint; a run reads the
 * source from the API server.
 */
public final class SourceWatches {
    private static final Logger LOG = LoggerFactory.getLogger(SourceWatches.class);
    private static final String BY_POD = "pod";
    private static final String BY_SANDBOX = "sandbox";
    private static final String BY_NAME = "name";

    private final InformerEventSource<Pod, SessionPublish> pods;
    private final Optional<InformerEventSource<GenericKubernetesResource, SessionPublish>> sandboxes;

    public SourceWatches(KubernetesClient client, String podSelector, EventSourceContext<SessionPublish> context) {
        IndexerResourceCache<SessionPublish> cache = context.getPrimaryCache();
        cache.addIndexer(BY_POD, publish -> keys(publish, source(publish).podName()));
        cache.addIndexer(BY_SANDBOX, publish -> keys(publish, source(publish).sandboxName()));
        pods = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Pod.class, SessionPublish.class)
                        .withLabelSelector(podSelector)
                        .withSecondaryToPrimaryMapper(pod -> publishes(
                                cache, BY_POD, keys(pod, pod.getMetadata().getName())))
                        .build(),
                context);
        sandboxes = isServed(client) ? Optional.of(sandboxes(context, cache)) : Optional.empty();
    }

    private static boolean isServed(KubernetesClient client) {
        boolean served = client.supports(AgentSandbox.GROUP + "/" + AgentSandbox.VERSION, AgentSandbox.KIND);
        if (!served) {
            LOG.info(
                    "The cluster serves no {}/{} Sandboxes: publishes that name one poll for it",
                    AgentSandbox.GROUP,
                    AgentSandbox.VERSION);
        }
        return served;
    }

    private static InformerEventSource<GenericKubernetesResource, SessionPublish> sandboxes(
            EventSourceContext<SessionPublish> context, IndexerResourceCache<SessionPublish> cache) {
        InformerEventSource<GenericKubernetesResource, SessionPublish> source = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(
                                new GroupVersionKind(AgentSandbox.GROUP, AgentSandbox.VERSION, AgentSandbox.KIND),
                                SessionPublish.class)
                        .withSecondaryToPrimaryMapper(sandbox -> publishes(cache, BY_SANDBOX, sandboxKeys(sandbox)))
                        .build(),
                context);
        source.addIndexers(Map.of(BY_NAME, SourceWatches::sandboxKeys));
        return source;
    }

    public List<EventSource<?, SessionPublish>> eventSources() {
        return Stream.<EventSource<?, SessionPublish>>concat(Stream.of(pods), sandboxes.stream())
                .toList();
    }

    /** The publish's source when it was last seen. */
    public SourceState state(SessionPublish publish) {
        Source source = source(publish);
        if (source.podName() != null) {
            return pods.get(new ResourceID(
                            source.podName(), publish.getMetadata().getNamespace()))
                    .map(pod -> isReady(pod) ? SourceState.READY : SourceState.NOT_READY)
                    .orElse(SourceState.UNKNOWN);
        }
        return sandboxes.stream()
                .flatMap(watched -> keys(publish, source.sandboxName()).stream()
                        .flatMap(key -> watched.byIndex(BY_NAME, key).stream()))
                .map(sandbox -> AgentSandbox.isReady(sandbox) ? SourceState.READY : SourceState.NOT_READY)
                .max(Comparator.naturalOrder())
                .orElse(SourceState.UNKNOWN);
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(each -> each.getType().equals("Ready")
                                && each.getStatus().equals("True"));
    }

    private static Source source(SessionPublish publish) {
        return publish.getSpec().source();
    }

    private static List<String> sandboxKeys(GenericKubernetesResource sandbox) {
        return AgentSandbox.names(sandbox).stream()
                .flatMap(name -> keys(sandbox, name).stream())
                .toList();
    }

    private static List<String> keys(HasMetadata resource, @Nullable String name) {
        return name == null ? List.of() : List.of(resource.getMetadata().getNamespace() + "/" + name);
    }

    private static Set<ResourceID> publishes(
            IndexerResourceCache<SessionPublish> cache, String index, List<String> keys) {
        return keys.stream()
                .flatMap(key -> cache.byIndex(index, key).stream())
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }
}
