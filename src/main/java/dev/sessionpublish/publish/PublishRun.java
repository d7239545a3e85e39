package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.lifecycle.LifecycleEvents;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.sandbox.SandboxReason;
import dev.sessionpublish.telemetry.Traces;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a publish as far as it goes now: to its end, or to the time of its next attempt. Status is the journal; the forge
 * and the sandbox are asked for the truth.
 */
final class PublishRun {
    private static final Set<Reason> SANDBOX_AWAY = Set.of(
            SandboxReason.SANDBOX_TERMINATED,
            SandboxReason.SANDBOX_NOT_READY,
            SandboxReason.SANDBOX_SUSPENDED,
            SandboxReason.SANDBOX_EXPIRED);

    private final Admission admission;
    private final PushStage pushStage;
    private final PullRequestStage pullRequestStage;
    private final StatusWriter writer;
    private final LifecycleEvents events;
    private final PublishMetrics metrics;
    private final Steps steps;
    private final Traces traces;
    private final Setback setback;
    private final Clock clock;

    PublishRun(
            Admission admission,
            PushStage pushStage,
            PullRequestStage pullRequestStage,
            StatusWriter writer,
            LifecycleEvents events,
            PublishMetrics metrics,
            Steps steps,
            Traces traces,
            Setback setback,
            Clock clock) {
        this.admission = admission;
        this.pushStage = pushStage;
        this.pullRequestStage = pullRequestStage;
        this.writer = writer;
        this.events = events;
        this.metrics = metrics;
        this.steps = steps;
        this.traces = traces;
        this.setback = setback;
        this.clock = clock;
    }

    /**
     * @param publish as the API server has it now
     * @param project as the API server has it now; empty when there is none
     * @return the object as stored at the end
     */
    SessionPublish run(SessionPublish publish, Optional<SessionProject> project) {
        try (Traces.Span span = traces.begin("publish")) {
            span.with("k8s.namespace.name", publish.getMetadata().getNamespace())
                    .with("session_publish.name", publish.getMetadata().getName())
                    .with("session_publish.project", projectName(publish));
            try {
                SessionPublish stored = step(publish, project);
                metrics.ended(publish, stored, ProjectTags.of(project));
                describe(span, stored.getStatus());
                PublishLog.left(publish.getStatus(), stored.getStatus());
                return stored;
            } catch (RuntimeException e) {
                span.failed(e.getClass().getSimpleName());
                throw e;
            }
        }
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

    private SessionPublish step(SessionPublish publish, Optional<SessionProject> project) {
        PublishStatus draft = new PublishStatus(publish, clock);
        Journal journal = new Journal(events, publish, draft);
        Trigger trigger = Trigger.of(publish, draft);
        if (Boolean.TRUE.equals(publish.getSpec().suspend())) {
            draft.suspended(publish.getMetadata().getGeneration());
            return writer.write(publish, draft);
        }
        if (trigger == Trigger.NOTED) {
            draft.observe(publish.getMetadata().getGeneration());
            draft.project(Project.revision(project), null);
            return writer.write(publish, draft);
        }
        trigger.begin(publish, draft);
        boolean resumed = draft.phase() == Phase.Pushing;
        int number = resumed ? Math.max(1, draft.attempts()) : draft.attempts() + 1;
        draft.project(Project.revision(project), null);
        PublishLog.began(publish, trigger, number, resumed);
        try {
            Admission.Admitted admitted =
                    steps.take(Step.ADMIT, () -> admission.admit(publish, project, draft, trigger));
            Attempt attempt = new Attempt(
                    publish,
                    draft,
                    journal,
                    admitted.project(),
                    admitted.credentials(),
                    number,
                    resumed,
                    trigger == Trigger.ANEW);
            if (trigger.isAfterPush()) {
                if (trigger == Trigger.SPEC_AFTER_PUSH
                        || !draft.isRecordedSince(PublishEvent.GIT_PUSH_SUCCEEDED, PublishEvent.GIT_PR_STARTED)) {
                    pullRequestStage.noteStarted(attempt);
                }
                openPullRequest(attempt, true);
                return writer.write(publish, draft);
            }
            try {
                return push(attempt);
            } catch (RefusedException e) {
                if (!isPullRequestLeft(attempt, e)) {
                    throw e;
                }
                if (!draft.isRecordedSince(PublishEvent.GIT_PUSH_STARTED, PublishEvent.GIT_PUSH_SUCCEEDED)) {
                    PushEvents.tellSucceeded(attempt, draft.commit().orElse(""), null);
                }
                Attempt next = attempt.inNextStage();
                pullRequestStage.noteStarted(next);
                openPullRequest(next, true);
                return writer.write(publish, draft);
            }
        } catch (RefusedException e) {
            setback.meet(publish, draft, journal, number, e, trigger.isAfterPush());
            return writer.write(publish, draft);
        }
    }

    private SessionPublish push(Attempt attempt) throws RefusedException {
        PublishStatus draft = attempt.draft();
        if (steps.take(Step.PUSH, () -> pushStage.run(attempt)) == PushStage.End.NOTHING_TO_PUBLISH) {
            return writer.write(attempt.publish(), draft);
        }
        if (!attempt.wantsPullRequest()) {
            draft.pushOnly(
                    null,
                    "Pushed " + draft.commit().orElse("") + " to "
                            + draft.headBranch().orElse("") + ".");
            return writer.write(attempt.publish(), draft);
        }
        Attempt next = attempt.inNextStage();
        boolean toldBefore = draft.isRecorded(PublishEvent.GIT_PR_STARTED);
        if (pullRequestStage.refusal(next).isEmpty()) {
            draft.openingPullRequest();
            pullRequestStage.noteStarted(next);
            writer.write(attempt.publish(), draft);
        }
        openPullRequest(next, toldBefore);
        return writer.write(attempt.publish(), draft);
    }

    private void openPullRequest(Attempt attempt, boolean mayBeOpen) throws RefusedException {
        steps.take(Step.PULL_REQUEST, () -> {
            pullRequestStage.run(attempt, mayBeOpen);
            return attempt;
        });
    }

    /** What was pushed before can get its pull request although the sandbox is gone. */
    private static boolean isPullRequestLeft(Attempt attempt, RefusedException failure) {
        PublishStatus draft = attempt.draft();
        return SANDBOX_AWAY.contains(failure.reason())
                && attempt.wantsPullRequest()
                && draft.commit().isPresent()
                && draft.baseBranch().isPresent()
                && !draft.hasPullRequest();
    }

    static String projectName(SessionPublish publish) {
        return publish.getSpec().projectRef() == null
                ? ""
                : publish.getSpec().projectRef().name();
    }
}
