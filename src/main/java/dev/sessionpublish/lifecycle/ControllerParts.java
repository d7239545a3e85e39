package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;

/** What the reconciler of every resource kind works with. */
public record ControllerParts(
        KubernetesClient client, LifecycleEvents events, Backoff backoff, Clock clock, Shutdown shutdown) {}
