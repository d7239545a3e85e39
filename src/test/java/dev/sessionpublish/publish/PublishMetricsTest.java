package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.lifecycle.LifecycleEvents;
import dev.sessionpublish.lifecycle.StatusWriter;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.publish.watch.PublishCensus;
import dev.sessionpublish.telemetry.Traces;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PublishMetricsTest {
    private static final ProjectTags WEB = new ProjectTags("team", "web");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PublishMetrics metrics = new PublishMetrics(registry);

    @Test
    void anEndIsCountedOnceByProjectPhaseAndReason() {
        SessionPublish failed = ended(Phase.Failed, "2026-03-01T12:00:00Z")
                .status("reason", "auth")
                .publish();
        metrics.ended(new StoredPublish().publish(), failed, WEB);
        metrics.ended(failed, failed, WEB);
        metrics.ended(failed, ended(Phase.Pushed, "2026-03-01T12:01:00Z").publish(), WEB);

        assertThat(registry.scrape())
                .contains("session_publish_ended_total{namespace=\"team\",phase=\"Failed\",project=\"web\","
                        + "reason=\"auth\"} 1.0")
                .contains("session_publish_ended_total{namespace=\"team\",phase=\"Pushed\",project=\"web\","
                        + "reason=\"none\"} 1.0");
    }

    @Test
    void whatGoesOnHasNotEnded() {
        metrics.ended(new StoredPublish().publish(), new StoredPublish().publish(), WEB);
        metrics.ended(
                new StoredPublish().publish(),
                new StoredPublish().phase(Phase.Waiting).publish(),
                WEB);

        assertThat(registry.scrape())
                .doesNotContain("session_publish_ended_total")
                .contains("session_publish_duration_seconds_count{phase=\"Failed\"} 0");
    }

    @Test
    void aPublishLastsFromItsCreationAndOneStartedAgainFromThen() {
        SessionPublish before = new StoredPublish().publish();
        metrics.ended(before, made(ended(Phase.Pushed, "2026-03-01T12:00:00Z").generation(1)), WEB);
        metrics.ended(before, made(ended(Phase.Failed, "2026-03-01T12:00:00Z").generation(2)), WEB);
        metrics.ended(
                before,
                made(ended(Phase.NothingToPublish, "2026-03-01T12:00:00Z")
                        .generation(1)
                        .observedRetryAt("now")),
                WEB);

        assertThat(registry.scrape())
                .contains("session_publish_duration_seconds_sum{phase=\"Pushed\"} 3600.0")
                .contains("session_publish_duration_seconds_sum{phase=\"Failed\"} 60.0")
                .contains("session_publish_duration_seconds_sum{phase=\"NothingToPublish\"} 60.0");
    }

    @Test
    void aStageIsTimedThoughItIsRefused() {
        Step refused = Step.of(StepName.LOCATE, run -> {
            throw new RefusedException(SharedReason.NETWORK, "no answer");
        });
        Run begun = Run.begin(new StoredPublish().publish(), Optional.empty(), StoredPublish.CLOCK);

        Run after = new StepRunner(recorders()).take(refused, begun);

        assertThat(after.refusal()).map(RefusedException::reason).contains(SharedReason.NETWORK);
        assertThat(after.over()).isTrue();
        assertThat(registry.scrape()).contains("session_publish_stage_seconds_count{stage=\"locate\"} 1");
    }

    @Test
    void theOldestIsTheOneThatHasGoneOnForTheLongest() {
        PublishCensus census = new PublishCensus(
                () -> Stream.of(
                        made(waiting("2026-03-01T11:58:00.25Z")),
                        made(waiting("2026-03-01T11:59:00.25Z")),
                        made(new StoredPublish()),
                        made(ended(Phase.Failed, "2026-03-01T11:30:00Z"))),
                id -> id.getName().equals("web")
                        && id.getNamespace().orElseThrow().equals("team"),
                StoredPublish.CLOCK);

        Map<String, Double> told = census.collect().stream()
                .map(GaugeSnapshot.class::cast)
                .flatMap(gauge -> gauge.getDataPoints().stream()
                        .map(point -> Map.entry(
                                gauge.getMetadata().getName() + " "
                                        + point.getLabels().stream()
                                                .map(label -> label.getValue())
                                                .collect(Collectors.joining(" ")),
                                point.getValue())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        assertThat(told)
                .containsOnly(
                        Map.entry("session_publish_publishes team Waiting web", 2.0),
                        Map.entry("session_publish_publishes team Pending web", 1.0),
                        Map.entry("session_publish_publishes team Failed web", 1.0),
                        Map.entry("session_publish_oldest_unfinished_seconds team web", 3600.0));
    }

    private PublishSteps.Recorders recorders() {
        KubernetesClient unused = new KubernetesClientBuilder().build();
        return new PublishSteps.Recorders(
                new StatusWriter<>(unused, SessionPublish::new, SessionPublishStatus::withoutText),
                new LifecycleEvents(unused, "operator", StoredPublish.CLOCK),
                metrics,
                Traces.OFF,
                StoredPublish.CLOCK);
    }

    private static StoredPublish waiting(String since) {
        return new StoredPublish().phase(Phase.Waiting).status("startedAt", since);
    }

    private static StoredPublish ended(Phase phase, String finishedAt) {
        return new StoredPublish()
                .phase(phase)
                .status("startedAt", "2026-03-01T11:59:00Z")
                .status("finishedAt", finishedAt);
    }

    private static SessionPublish made(StoredPublish stored) {
        return stored.publish();
    }
}
