package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/** Numbers about publishes, without names of objects, repositories or people. docs/metrics.md lists them. */
final class PublishMetrics {
    private final MeterRegistry registry;
    private final Counter execs;
    private final Counter bytes;

    /** The stages that are timed. */
    enum Stage {
        PUSH("push"),
        PULL_REQUEST("pull-request");

        private final String word;

        Stage(String word) {
            this.word = word;
        }
    }

    /** A step that may be refused. */
    interface Step<T> {
        T run() throws RefusedException;
    }

    PublishMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.execs = Counter.builder("session.publish.execs")
                .description("Conversations with the git of a sandbox that were opened.")
                .register(registry);
        this.bytes = Counter.builder("session.publish.relayed")
                .baseUnit("bytes")
                .description("Bytes of packs that forges took.")
                .register(registry);
    }

    /** Counts an end that was not there before. */
    void ended(@Nullable SessionPublishStatus before, @Nullable SessionPublishStatus now) {
        if (now == null || now.finishedAt() == null || now.phase() == null) {
            return;
        }
        boolean same = before != null && now.finishedAt().equals(before.finishedAt()) && now.phase() == before.phase();
        if (!same) {
            Counter.builder("session.publish.ended")
                    .description("Publishes that ended, by phase and reason.")
                    .tag("phase", now.phase().name())
                    .tag("reason", Reason.ofCode(now.reason()).map(Reason::code).orElse("none"))
                    .register(registry)
                    .increment();
        }
    }

    /** Times a stage, however it ends. */
    <T> T timed(Stage stage, Step<T> step) throws RefusedException {
        Timer.Sample sample = Timer.start(registry);
        try {
            return step.run();
        } finally {
            sample.stop(Timer.builder("session.publish.stage")
                    .description("How long one attempt of a stage took, whatever came of it.")
                    .tag("stage", stage.word)
                    .register(registry));
        }
    }

    void execOpened() {
        execs.increment();
    }

    void relayed(long packBytes) {
        bytes.increment(packBytes);
    }
}
