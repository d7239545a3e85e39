package dev.sessionpublish.publish;

import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.lifecycle.ControllerParts;
import dev.sessionpublish.project.ProjectMetrics;
import dev.sessionpublish.project.ProjectRechecks;
import dev.sessionpublish.project.RepositoryCheck;
import dev.sessionpublish.sandbox.PodExec;
import dev.sessionpublish.sandbox.PodLocator;
import dev.sessionpublish.telemetry.Traces;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;

/** Wires the parts of publishing. */
public record PublishParts(
        ControllerParts controller,
        Forges forges,
        RepositoryCheck check,
        ProjectRechecks rechecks,
        PublishSettings settings,
        PrometheusMeterRegistry metrics,
        ProjectMetrics projectMetrics,
        Traces traces) {

    public SessionPublishReconciler reconciler() {
        KubernetesClient client = controller.client();
        Clock clock = controller.clock();
        String podSelector = settings.workspace().podSelector();
        StatusWriter writer = new StatusWriter(client);
        PublishMetrics numbers = new PublishMetrics(metrics);
        Steps steps = new Steps(numbers, traces);
        PushStage pushStage = new PushStage(
                new PodLocator(client, podSelector, clock),
                new Questions(new PodExec(client), settings, numbers),
                new BaseBranch(check, rechecks),
                forges,
                settings,
                writer,
                numbers,
                steps);
        PullRequestStage pullRequestStage =
                new PullRequestStage(forges, settings.enabled(), projectMetrics, controller.backoff(), clock);
        PublishRun run = new PublishRun(
                new Admission(client, forges.hosts()),
                pushStage,
                pullRequestStage,
                writer,
                controller.events(),
                numbers,
                steps,
                traces,
                new Setback(forges.hosts(), controller.backoff(), clock),
                clock);
        Deletion deletion = new Deletion(controller, forges, projectMetrics, writer);
        return new SessionPublishReconciler(
                client, podSelector, run, deletion, metrics.getPrometheusRegistry(), settings.enabled(), clock);
    }
}
