package dev.sessionpublish.project;

import dev.sessionpublish.forge.Forge.RateLimit;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;

/**
 * The rate limits of the projects' credentials. Also removes all metrics of a deleted project. docs/metrics.md lists
 * the metrics.
 */
public final class ProjectMetrics {
    private final MeterRegistry registry;
    private final Map<ProjectTags, AtomicReference<RateLimit>> limits = new HashMap<>();

    public ProjectMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Records a rate limit. {@link RateLimit#UNKNOWN} is ignored. */
    public synchronized void rateLimit(ProjectTags whose, RateLimit limit) {
        if (limit.equals(RateLimit.UNKNOWN)) {
            return;
        }
        AtomicReference<RateLimit> known = limits.get(whose);
        if (known != null) {
            known.set(limit);
            return;
        }
        AtomicReference<RateLimit> last = new AtomicReference<>(limit);
        limits.put(whose, last);
        gauge(
                "session.publish.rate.limit.remaining",
                "Requests left in the rate limit of a project's credential, as the forge last reported.",
                whose,
                last,
                RateLimit::remaining);
        gauge(
                "session.publish.rate.limit",
                "Requests that the forge allows the credential per period.",
                whose,
                last,
                RateLimit::limit);
        gauge(
                "session.publish.rate.limit.reset.timestamp.seconds",
                "Time at which the rate limit resets, in seconds since 1970.",
                whose,
                last,
                RateLimit::resetAt);
    }

    private void gauge(
            String name,
            String description,
            ProjectTags whose,
            AtomicReference<RateLimit> last,
            ToDoubleFunction<RateLimit> part) {
        Gauge.builder(name, last, each -> part.applyAsDouble(each.get()))
                .description(description)
                .tags(whose.tags())
                .register(registry);
    }

    /** Removes all metrics of a project. */
    synchronized void forget(ProjectTags gone) {
        limits.remove(gone);
        List<Tag> tags = gone.tags().stream().toList();
        registry.getMeters().stream()
                .filter(meter -> meter.getId().getTags().containsAll(tags))
                .forEach(registry::remove);
    }
}
