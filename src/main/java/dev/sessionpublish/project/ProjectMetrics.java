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
 * What forges have told of the requests that are left to each project's credential, and the end of all numbers of a
 * project that is gone. docs/metrics.md lists them.
 */
public final class ProjectMetrics {
    private final MeterRegistry registry;
    private final Map<ProjectTags, AtomicReference<RateLimit>> told = new HashMap<>();

    public ProjectMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A limit that isn't known changes nothing. */
    public synchronized void rateLimit(ProjectTags whose, RateLimit limit) {
        if (limit.equals(RateLimit.UNKNOWN)) {
            return;
        }
        AtomicReference<RateLimit> known = told.get(whose);
        if (known != null) {
            known.set(limit);
            return;
        }
        AtomicReference<RateLimit> last = new AtomicReference<>(limit);
        told.put(whose, last);
        gauge(
                "session.publish.rate.limit.remaining",
                "Requests that are left to a project's credential, as the forge's last answer told.",
                whose,
                last,
                RateLimit::remaining);
        gauge(
                "session.publish.rate.limit",
                "Requests that the forge allows the credential in each of its periods.",
                whose,
                last,
                RateLimit::limit);
        gauge(
                "session.publish.rate.limit.reset.timestamp.seconds",
                "When the period ends and all are left again, in seconds since 1970.",
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

    /** Forgets every number of a project. */
    synchronized void forget(ProjectTags gone) {
        told.remove(gone);
        List<Tag> tags = gone.tags().stream().toList();
        registry.getMeters().stream()
                .filter(meter -> meter.getId().getTags().containsAll(tags))
                .forEach(registry::remove);
    }
}
