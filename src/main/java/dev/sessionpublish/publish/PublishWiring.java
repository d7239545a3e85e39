package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.lifecycle.ControllerParts;
import dev.sessionpublish.lifecycle.NamespaceTurns;
import dev.sessionpublish.lifecycle.PolicyBindings;
import dev.sessionpublish.lifecycle.StartedBy;
import dev.sessionpublish.lifecycle.StatusWriter;
import dev.sessionpublish.lifecycle.TaskThreads;
import dev.sessionpublish.project.ProjectHold;
import dev.sessionpublish.project.ProjectMetrics;
import dev.sessionpublish.project.ProjectRechecks;
import dev.sessionpublish.publish.follow.Following;
import dev.sessionpublish.publish.push.DefaultBranch;
import dev.sessionpublish.publish.push.SandboxGit;
import dev.sessionpublish.sandbox.PodExec;
import dev.sessionpublish.sandbox.PodLocator;
import dev.sessionpublish.telemetry.Traces;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Clock;

/** Wires the reconciler of SessionPublishes. */
@RecordBuilder
@RecordBuilder.Options(enableGetters = false)
public record PublishWiring(
        ControllerParts controller,
        Forges forges,
        DefaultBranch defaultBranch,
        PublishSettings settings,
        PrometheusMeterRegistry registry,
        ProjectHold hold,
        ProjectMetrics projectMetrics,
        ProjectRechecks rechecks,
        Traces traces,
        MemoryBudget memory,
        TaskThreads threads) {
    public SessionPublishReconciler reconciler() {
        KubernetesClient client = controller.client();
        Clock clock = controller.clock();
        StatusWriter<SessionPublish, SessionPublishStatus> writer =
                new StatusWriter<>(client, SessionPublish::new, SessionPublishStatus::withoutText);
        PublishMetrics metrics = new PublishMetrics(registry);
        String podSelector = settings.workspace().podSelector();
        StepRunner runner =
                new StepRunner(new PublishSteps.Recorders(writer, controller.events(), metrics, traces, clock));
        PlanQuestions questions = new PlanQuestions(client, forges, memory, projectMetrics);
        PolicyBindings policies = new PolicyBindings(client);
        SourceSteps source = source(metrics, runner);
        PublishSteps steps = new PublishSteps(
                runner,
                new PublishSteps.Shared(threads, memory, controller.shutdown()),
                new StartedBy(policies),
                new Admission(client, forges, rechecks, defaultBranch, new ForceRight(policies::exists)),
                source,
                new PushSteps(source, forges, questions, settings, metrics, controller.shutdown(), runner),
                new PullRequestSteps(
                        forges,
                        questions,
                        projectMetrics,
                        settings.enabled(),
                        new AfterPullRequest(questions, controller.backoff(), clock),
                        new PullRequestUpdate(forges, projectMetrics, controller, settings.enabled(), clock)),
                new AfterRefusal(forges.hosts(), controller.backoff(), clock));
        Deletion deletion = new Deletion(controller, forges, hold, projectMetrics, writer);
        NamespaceTurns<SessionPublish> turns =
                new NamespaceTurns<>(SessionPublish.class, settings.parallelPerNamespace());
        metrics.turns(turns);
        Following following = new Following(client, forges, settings.follow(), registry, controller.shutdown(), clock);
        FollowStep follow = new FollowStep(following, writer, controller.events(), clock);
        return new SessionPublishReconciler(
                client,
                podSelector,
                new SessionPublishReconciler.Work(steps, follow, deletion),
                turns,
                registry.getPrometheusRegistry(),
                settings.enabled(),
                clock);
    }

    private SourceSteps source(PublishMetrics metrics, StepRunner runner) {
        KubernetesClient client = controller.client();
        PodLocator locator = new PodLocator(client, settings.workspace().podSelector(), controller.clock());
        SandboxGit git = new SandboxGit(new PodExec(client), settings);
        return new SourceSteps(new SourceSteps.Sandboxes(locator, git), forges, defaultBranch, metrics, runner);
    }
}
