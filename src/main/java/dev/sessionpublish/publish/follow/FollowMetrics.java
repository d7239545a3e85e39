package dev.sessionpublish.publish.follow;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Counts the polls, and shows what is followed and what the forges still allow. docs/metrics.md lists them. */
final class FollowMetrics {
    private final FollowBudget budget = new FollowBudget();
    private final Map<Outcome, Counter> polls = new EnumMap<>(Outcome.class);
    private final MultiGauge left;

    /** How a poll ended. */
    enum Outcome {
        OK,
        FAILED,
        OVER_BUDGET;

        private String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    FollowMetrics(MeterRegistry registry, FollowedPullRequests followed) {
        for (Cadence.Pace pace : Cadence.Pace.values()) {
            Gauge.builder("session.publish.followed", followed, all -> all.counts()
                            .getOrDefault(pace, 0))
                    .description("Pull requests that are followed, by how often they are read.")
                    .tag("pace", pace.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        for (Outcome outcome : Outcome.values()) {
            polls.put(
                    outcome,
                    Counter.builder("session.publish.follow.polls")
                            .description("Batches of followed pull requests that were read, or were to be read.")
                            .tag("outcome", outcome.word())
                            .register(registry));
        }
        left = MultiGauge.builder("session.publish.follow.budget.left.ratio")
                .description("The share of its rate limit that is left to the credential with the smallest one.")
                .register(registry);
    }

    FollowBudget budget() {
        return budget;
    }

    void polled(Outcome outcome) {
        Objects.requireNonNull(polls.get(outcome)).increment();
        left.register(
                budget.left().entrySet().stream()
                        .map(each -> MultiGauge.Row.of(Tags.of("host", each.getKey()), each.getValue()))
                        .toList(),
                true);
    }
}
