package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.lifecycle.NamespaceTurns;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.sandbox.ExecOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counters and timers of publishes. Their labels name projects at most, never publishes, repositories or users.
 * docs/metrics.md lists them.
 */
final class PublishMetrics {
    private static final Duration[] STAGE_BUCKETS = {
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        Duration.ofMinutes(10),
        Duration.ofMinutes(30)
    };
    private static final Duration[] WHOLE_BUCKETS = {
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1),
        Duration.ofHours(6),
        Duration.ofDays(1)
    };

    private final MeterRegistry registry;

    /** What is sent to a forge. */
    enum Content {
        PACK("pack"),
        LFS("lfs");

        private final String word;

        Content(String word) {
            this.word = word;
        }
    }

    PublishMetrics(MeterRegistry registry) {
        this.registry = registry;
        Arrays.stream(Phase.values()).filter(Phase::isTerminal).forEach(this::duration);
    }

    /** @param turns read whenever the metrics are */
    void turns(NamespaceTurns<?> turns) {
        Gauge.builder("session.publish.waiting.for.turn", turns, NamespaceTurns::waiting)
                .description("Publishes that wait because their namespace has its maximum number of running ones.")
                .register(registry);
    }

    /** Registered at the start, so that Prometheus sees the first end as an increase. */
    private Timer duration(Phase phase) {
        return Timer.builder("session.publish.duration")
                .description("Duration from the creation of a publish, or from its latest restart, to its end.")
                .serviceLevelObjectives(WHOLE_BUCKETS)
                .tag("phase", phase.name())
                .register(registry);
    }

    /** Counts a new end. */
    void ended(SessionPublish before, SessionPublish now, ProjectTags whose) {
        SessionPublishStatus status = now.getStatus();
        if (!PublishLog.isNewEnd(before.getStatus(), status)) {
            return;
        }
        Phase phase = Objects.requireNonNull(status.phase());
        Counter.builder("session.publish.ended")
                .description("Publishes that ended, by phase and reason.")
                .tags(whose.tags())
                .tag("phase", phase.name())
                .tag(
                        "reason",
                        PublishReason.ofCode(status.reason()).map(Reason::code).orElse("none"))
                .register(registry)
                .increment();
        duration(phase)
                .record(Duration.between(begin(now), Instant.parse(Objects.requireNonNull(status.finishedAt()))));
    }

    /** A publish that its spec or the retry annotation started again began with that run. */
    private static Instant begin(SessionPublish publish) {
        SessionPublishStatus status = publish.getStatus();
        boolean again = publish.getMetadata().getGeneration() > 1 || status.observedRetryAt() != null;
        @Nullable String startedAt = status.startedAt();
        return Instant.parse(
                again && startedAt != null ? startedAt : publish.getMetadata().getCreationTimestamp());
    }

    /** Times a step. */
    void took(StepName step, Duration time) {
        Timer.builder("session.publish.stage")
                .description("Duration of one attempt of a step, whatever its result.")
                .serviceLevelObjectives(STAGE_BUCKETS)
                .tag("stage", step.word())
                .register(registry)
                .record(time);
    }

    void execEnded(ProjectTags whose, ExecOutcome outcome) {
        Counter.builder("session.publish.execs")
                .description("Execs in sandboxes, by their outcome.")
                .tags(whose.tags())
                .tag("outcome", outcome.word())
                .register(registry)
                .increment();
    }

    void relayed(ProjectTags whose, Content content, long size) {
        Counter.builder("session.publish.relayed")
                .baseUnit("bytes")
                .description("Bytes sent to forges.")
                .tags(whose.tags())
                .tag("content", content.word)
                .register(registry)
                .increment(size);
    }
}
