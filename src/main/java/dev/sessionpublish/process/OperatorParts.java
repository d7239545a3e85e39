package dev.sessionpublish.process;

import dev.sessionpublish.config.OperatorConfig;
import dev.sessionpublish.lifecycle.Shutdown;
import dev.sessionpublish.telemetry.Traces;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;

/**
 * What the process provides to its reconcilers.
 *
 * @param replica the name of this process, unique among those of the cluster
 */
public record OperatorParts(
        OperatorConfig config,
        KubernetesClient client,
        PrometheusMeterRegistry metrics,
        Traces traces,
        Clock clock,
        Shutdown shutdown,
        String replica) {}
