package dev.sessionpublish.publish.watch;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.lifecycle.StoredTime;
import dev.sessionpublish.project.ProjectTags;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Gauges of the existing publishes, counted from the informers' caches whenever the metrics are read. */
public final class PublishCensus implements MultiCollector {
    private final Supplier<Stream<SessionPublish>> publishes;
    private final Predicate<ResourceID> isProject;
    private final Clock clock;

    /** @param isProject whether a project of this name exists: only existing ones have series of their own */
    public PublishCensus(Supplier<Stream<SessionPublish>> publishes, Predicate<ResourceID> isProject, Clock clock) {
        this.publishes = publishes;
        this.isProject = isProject;
        this.clock = clock;
    }

    private record Group(ProjectTags whose, Phase phase) {
        Labels labels() {
            return Labels.of("namespace", whose.namespace(), "phase", phase.name(), "project", whose.project());
        }
    }

    @Override
    public MetricSnapshots collect() {
        Instant now = clock.instant();
        Map<Group, Integer> counts = new HashMap<>();
        Map<ProjectTags, Long> oldest = new HashMap<>();
        publishes.get().forEach(publish -> {
            ProjectTags whose = whose(publish);
            Phase phase = Optional.ofNullable(publish.getStatus())
                    .map(SessionPublishStatus::phase)
                    .orElse(Phase.Pending);
            counts.merge(new Group(whose, phase), 1, Integer::sum);
            if (!phase.isTerminal() && phase != Phase.Suspended) {
                oldest.merge(whose, age(publish, now), Math::max);
            }
        });
        return MetricSnapshots.of(publishes(counts), oldest(oldest));
    }

    private static GaugeSnapshot publishes(Map<Group, Integer> counts) {
        GaugeSnapshot.Builder all = GaugeSnapshot.builder()
                .name("session_publish_publishes")
                .help("SessionPublishes, by their present phase.");
        counts.forEach((group, count) -> all.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(group.labels())
                .value(count)
                .build()));
        return all.build();
    }

    private static GaugeSnapshot oldest(Map<ProjectTags, Long> ages) {
        GaugeSnapshot.Builder all = GaugeSnapshot.builder()
                .name("session_publish_oldest_unfinished_seconds")
                .help("Age of the oldest run that has not ended and is not suspended.");
        ages.forEach((whose, age) -> all.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of("namespace", whose.namespace(), "project", whose.project()))
                .value(age)
                .build()));
        return all.build();
    }

    private ProjectTags whose(SessionPublish publish) {
        String namespace = publish.getMetadata().getNamespace();
        String project = publish.getSpec().projectName();
        return new ProjectTags(
                namespace, !project.isEmpty() && isProject.test(new ResourceID(project, namespace)) ? project : "");
    }

    private static long age(SessionPublish publish, Instant now) {
        Instant since = Optional.ofNullable(publish.getStatus())
                .flatMap(status -> StoredTime.of(status.startedAt()))
                .or(() -> StoredTime.of(publish.getMetadata().getCreationTimestamp()))
                .orElse(now);
        return Math.max(0, Duration.between(since, now).toSeconds());
    }
}
