package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.lifecycle.LifecycleEvents;
import dev.sessionpublish.lifecycle.RunTasks;
import dev.sessionpublish.lifecycle.Shutdown;
import dev.sessionpublish.lifecycle.StartedBy;
import dev.sessionpublish.lifecycle.StatusWriter;
import dev.sessionpublish.lifecycle.TaskThreads;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.telemetry.Traces;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * The steps of a publish, in order. A run takes each step that applies, until its end or until the next attempt is due.
 * The status is the journal; sandbox and forge are asked for the truth. {@link StepRunner} times, traces and journals each
 * step.
 */
final class PublishSteps {
    private final List<Step> steps;
    private final StartedBy startedBy;
    private final AfterRefusal afterRefusal;
    private final Shared shared;
    private final StepRunner runner;
    private final StatusWriter<SessionPublish, SessionPublishStatus> writer;
    private final PublishMetrics metrics;
    private final Traces traces;
    private final Clock clock;

    PublishSteps(
            StepRunner runner,
            Shared shared,
            StartedBy startedBy,
            Admission admission,
            SourceSteps source,
            PushSteps push,
            PullRequestSteps pullRequest,
            AfterRefusal afterRefusal) {
        this.steps = List.of(
                Step.of(StepName.ADMIT, admission::admit).beside(source::beginLocating),
                Step.group(
                        StepName.PUSH,
                        run -> !run.pushed(),
                        this::push,
                        List.of(
                                Step.of(StepName.RESUME, push::resume).when(Run::hasUnsettledPush),
                                Step.of(StepName.RECALL, pullRequest::recall)
                                        .when(run -> run.status().hasPullRequest()),
                                Step.of(StepName.LOCATE, source::locate),
                                Step.of(StepName.ADVERTISE, source::advertise).beside(source::beginExec),
                                Step.of(StepName.ASK, source::ask),
                                Step.of(StepName.PLAN, push::plan).beside(source::beginLook),
                                Step.of(StepName.JOURNAL, push::journal).then(push::confirm),
                                Step.of(StepName.RELAY, push::relay))),
                Step.of(StepName.UPDATE, pullRequest::update).when(run -> run.trigger() == Trigger.UPDATE),
                Step.of(StepName.RECALL, pullRequest::recallPushed)
                        .when(run -> run.trigger().isAfterPush()
                                && run.status().hasPullRequest()
                                && run.recorded().isEmpty()),
                Step.of(StepName.PREPARE, run -> {
                    shared.shutdown().beginSending();
                    return pullRequest.prepare(run);
                }),
                Step.of(StepName.PULL_REQUEST, pullRequest::open));
        this.startedBy = startedBy;
        this.afterRefusal = afterRefusal;
        this.shared = shared;
        this.runner = runner;
        Recorders recorders = runner.recorders();
        this.writer = recorders.writer();
        this.metrics = recorders.metrics();
        this.traces = recorders.traces();
        this.clock = recorders.clock();
    }

    /** What all runs share: threads for what they do beside their steps, memory, and the end of the process. */
    record Shared(TaskThreads threads, MemoryBudget memory, Shutdown shutdown) {}

    /** Where what happens is recorded. */
    record Recorders(
            StatusWriter<SessionPublish, SessionPublishStatus> writer,
            LifecycleEvents events,
            PublishMetrics metrics,
            Traces traces,
            Clock clock) {}

    /** For what is done beside a run, or read before it. */
    RunTasks tasks() {
        return shared.threads().begin();
    }

    /**
     * Takes a publish as far as it goes now, unless the process stops before anything is sent.
     *
     * @param publish as the API server has it now
     * @param project as the API server has it now; empty when there is none
     * @return the object as stored at the end; as it was given if the process stops
     * @throws io.fabric8.kubernetes.client.KubernetesClientException with code 409 when the object changed meanwhile
     */
    SessionPublish run(SessionPublish publish, Optional<SessionProject> project) {
        return shared.shutdown().run(() -> taken(publish, project)).orElse(publish);
    }

    private SessionPublish taken(SessionPublish publish, Optional<SessionProject> project) {
        try (Traces.Span span = traces.begin("publish")) {
            span.with("k8s.namespace.name", publish.getMetadata().getNamespace())
                    .with("session_publish.name", publish.getMetadata().getName())
                    .with("session_publish.project", publish.getSpec().projectName());
            try (RunTasks asks = tasks();
                    RunTasks records = tasks()) {
                Run begun =
                        named(Run.begin(publish, project, clock).withAsks(asks).withRecords(new Records(records)));
                PublishLog.began(begun);
                Run taken = runner.takeAll(steps, begun);
                shared.shutdown().requireNotAbandoned();
                Run last = settle(taken);
                last.records().await();
                SessionPublish stored =
                        writer.write(begun.stored(), last.status().build());
                metrics.ended(publish, stored, ProjectTags.of(project));
                describe(span, stored.getStatus());
                PublishLog.ended(publish.getStatus(), stored.getStatus());
                return stored;
            } catch (RuntimeException e) {
                span.failed(e.getClass().getSimpleName());
                throw e;
            }
        }
    }

    /** A run that goes on, or that the operator starts, keeps who started the one before. */
    private Run named(Run run) {
        return run.over() || !Trigger.isStartedByUser(run.publish())
                ? run
                : run.withStatus(run.status()
                        .withStartedBy(startedBy.of(run.publish(), run.spec().requestedBy())));
    }

    private Run settle(Run run) {
        return run.refusal()
                .map(why -> runner.announced(afterRefusal.settle(run, why)))
                .orElse(run);
    }

    /**
     * The steps of the push, until the branch is where it was to go. The conversation with the sandbox ends with them, and
     * what it and the forge sent is not kept.
     */
    private Run push(List<Step> all, Run begun) {
        Run run = begun;
        try (MemoryBudget.Share share = shared.memory().open(begun.namespace())) {
            run = run.withMemory(Optional.of(share));
            try {
                for (Step step : all) {
                    run = run.pushed() ? run : runner.take(step, run);
                }
            } finally {
                if (run.conversation().isPresent()) {
                    run.conversation().get().close();
                }
                begun.asks().close();
            }
        }
        run = run.withRemote(Optional.empty())
                .withLfsObjects(List.of())
                .withMemory(Optional.empty())
                .withUnderway(Underway.NOTHING);
        return AfterRefusal.isPullRequestLeft(run) ? runner.announced(AfterRefusal.withPullRequestLeft(run)) : run;
    }

    private static void describe(Traces.Span span, SessionPublishStatus status) {
        span.with("session_publish.phase", String.valueOf(status.phase()));
        Optional.ofNullable(status.headBranch()).ifPresent(head -> span.with("session_publish.head_branch", head));
        Optional.ofNullable(status.commit()).ifPresent(commit -> span.with("session_publish.commit", commit));
        Optional<String> reason = PublishReason.ofCode(status.reason()).map(Reason::code);
        reason.ifPresent(code -> span.with("session_publish.reason", code));
        if (status.phase() == Phase.Failed || status.nextAttemptAt() != null) {
            reason.ifPresent(span::failed);
        }
    }
}
