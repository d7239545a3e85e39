package dev.sessionpublish.publish;

import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.kube.LifecycleEvents;
import dev.sessionpublish.project.ProjectMetrics;
import dev.sessionpublish.project.RepositoryCheck;
import dev.sessionpublish.project.SecondLooks;
import dev.sessionpublish.sandbox.PodExec;
import dev.sessionpublish.sandbox.PodLocator;
import dev.sessionpublish.telemetry.Traces;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * What publishing is made of.
 *
 * @param podSelector labels of the pods that may be exec'd into, as kubectl takes them
 * @param watchdog ends requests whose forge has fallen silent
 * @param forgeTimeout the longest silence of a forge
 */
public record PublishParts(
        KubernetesClient client,
        String podSelector,
        ForgeHosts hosts,
        Forges forges,
        RepositoryCheck check,
        SecondLooks secondLooks,
        LifecycleEvents events,
        ScheduledExecutorService watchdog,
        Duration forgeTimeout,
        Backoff backoff,
        PublishSettings settings,
        PrometheusMeterRegistry metrics,
        ProjectMetrics projectMetrics,
        Traces traces,
        Clock clock,
        RandomGenerator random) {

    public SessionPublishReconciler reconciler() {
        StatusWriter writer = new StatusWriter(client);
        PublishMetrics numbers = new PublishMetrics(metrics);
        Steps steps = new Steps(numbers, traces);
        PushStage pushStage = new PushStage(
                new PodLocator(client, podSelector, clock),
                new Questions(new PodExec(client), settings, numbers),
                new BaseBranch(check, secondLooks),
                forges,
                watchdog,
                forgeTimeout,
                settings,
                writer,
                numbers,
                steps);
        PullRequestStage pullRequestStage =
                new PullRequestStage(forges, settings.enabled(), projectMetrics, backoff, clock, random);
        PublishRun run = new PublishRun(
                new Admission(client, hosts),
                pushStage,
                pullRequestStage,
                writer,
                events,
                numbers,
                steps,
                traces,
                new Setback(hosts, backoff, clock, random),
                clock);
        Deletion deletion = new Deletion(client, hosts, forges, projectMetrics, events, writer, backoff, clock, random);
        return new SessionPublishReconciler(
                client, podSelector, run, deletion, metrics.getPrometheusRegistry(), settings.enabled(), clock);
    }
}
