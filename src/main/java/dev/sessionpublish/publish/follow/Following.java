package dev.sessionpublish.publish.follow;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.lifecycle.Shutdown;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the pull requests of publishes that have ended, and wakes the publish of each that has changed. It begins with the
 * first publish that is reconciled, so only the leader polls.
 */
public final class Following extends AbstractEventSource<SessionPublish, SessionPublish> {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);

    private final FollowedPullRequests followed;
    private final PullRequestPoller poller;
    private final ForgeLanes lanes = new ForgeLanes();
    private final Shutdown shutdown;
    private final Duration tick;
    private @Nullable ScheduledExecutorService ticks;
    private boolean stopped;

    /** @param registry for the metrics of following */
    public Following(
            KubernetesClient client,
            Forges forges,
            Cadence cadence,
            MeterRegistry registry,
            Shutdown shutdown,
            Clock clock) {
        super(SessionPublish.class, "follow");
        this.followed = new FollowedPullRequests(cadence, clock);
        this.shutdown = shutdown;
        this.tick = cadence.hot();
        this.poller = new PullRequestPoller(
                client, forges, followed, new FollowMetrics(registry, followed), lanes, clock, this::wake);
    }

    /** Follows the pull request of a publish, or no longer, as its status says. To be called by whoever has reconciled it. */
    public void observe(SessionPublish publish) {
        followed.observe(publish);
        begin();
    }

    public void forget(SessionPublish publish) {
        followed.forget(ResourceID.fromResource(publish));
    }

    /** What was observed of the pull request since the status was last written. */
    public Optional<Observation> news(SessionPublish publish) {
        return followed.news(ResourceID.fromResource(publish));
    }

    /** The status has it, or needs it no longer. */
    public void settled(SessionPublish publish, Observation stored) {
        followed.settled(ResourceID.fromResource(publish), stored);
    }

    private synchronized void begin() {
        if (ticks == null && !stopped) {
            ticks = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "follow");
                thread.setDaemon(true);
                return thread;
            });
            ticks.scheduleAtFixedRate(this::tick, tick.toMillis(), tick.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        if (shutdown.isStopping()) {
            return;
        }
        try {
            poller.tick(tick.dividedBy(2));
        } catch (RuntimeException e) {
            LOG.warn("Pull requests could not be followed; they are followed again in {}", tick, e);
        }
    }

    private void wake(ResourceID id) {
        if (isRunning() && !shutdown.isStopping()) {
            getEventHandler().handleEvent(new Event(id));
        }
    }

    /** Doesn't wait for requests in flight. */
    @Override
    public synchronized void stop() {
        stopped = true;
        if (ticks != null) {
            ticks.shutdownNow();
        }
        lanes.close();
        super.stop();
    }

    @Override
    public Set<SessionPublish> getSecondaryResources(SessionPublish primary) {
        return Set.of();
    }
}
