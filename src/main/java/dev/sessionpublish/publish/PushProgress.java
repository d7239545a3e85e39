package dev.sessionpublish.publish;

import dev.sessionpublish.git.PushBody;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows in the status how far a long push is, at most once an interval; a short push costs no write. */
final class PushProgress implements PushBody.Progress {
    private static final Logger LOG = LoggerFactory.getLogger(PushProgress.class);

    private final Attempt attempt;
    private final StatusWriter writer;
    private final long intervalNanos;
    private long last = System.nanoTime();

    PushProgress(Attempt attempt, StatusWriter writer, Duration interval) {
        this.attempt = attempt;
        this.writer = writer;
        this.intervalNanos = interval.toNanos();
    }

    @Override
    public void sent(long bytes) {
        if (System.nanoTime() - last < intervalNanos) {
            return;
        }
        attempt.draft().sent(bytes);
        try {
            writer.write(attempt.publish(), attempt.draft());
        } catch (KubernetesClientException e) {
            LOG.debug("The progress of a push could not be shown: {}", e.getMessage());
        }
        last = System.nanoTime();
    }
}
