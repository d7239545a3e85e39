package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.kube.LifecycleEvents;
import dev.sessionpublish.kube.LifecycleType;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.RetryClass;
import dev.sessionpublish.project.Credentials;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.sandbox.PodLocator;
import dev.sessionpublish.telemetry.Traces;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Takes a publish as far as it goes now: to its end, or to the time of its next attempt. Status is the journal; the forge
 * and the sandbox are asked for the truth.
 */
final class PublishRun {
    private static final Set<Reason> SANDBOX_AWAY = EnumSet.of(
            Reason.SANDBOX_TERMINATED, Reason.SANDBOX_NOT_READY, Reason.SANDBOX_SUSPENDED, Reason.SANDBOX_EXPIRED);

    private final KubernetesClient client;
    private final ForgeHosts hosts;
    private final PushStage pushStage;
    private final PullRequestStage pullRequestStage;
    private final StatusWriter writer;
    private final LifecycleEvents events;
    private final PublishMetrics metrics;
    private final Steps steps;
    private final Traces traces;
    private final Backoff backoff;
    private final Clock clock;
    private final RandomGenerator random;

    PublishRun(
            KubernetesClient client,
            ForgeHosts hosts,
            PushStage pushStage,
            PullRequestStage pullRequestStage,
            StatusWriter writer,
            LifecycleEvents events,
            PublishMetrics metrics,
            Steps steps,
            Traces traces,
            Backoff backoff,
            Clock clock,
            RandomGenerator random) {
        this.client = client;
        this.hosts = hosts;
        this.pushStage = pushStage;
        this.pullRequestStage = pullRequestStage;
        this.writer = writer;
        this.events = events;
        this.metrics = metrics;
        this.steps = steps;
        this.traces = traces;
        this.backoff = backoff;
        this.clock = clock;
        this.random = random;
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
                Story.left(publish.getStatus(), stored.getStatus());
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
        Optional<String> reason = Reason.ofCode(status.reason()).map(Reason::code);
        reason.ifPresent(code -> span.with("session_publish.reason", code));
        if (status.phase() == Phase.Failed || status.nextAttemptAt() != null) {
            reason.ifPresent(span::failed);
        }
    }

    private SessionPublish step(SessionPublish publish, Optional<SessionProject> project) {
        StatusDraft draft = new StatusDraft(publish, clock);
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
        Story.began(publish, trigger, number, resumed);
        try {
            Admitted admitted = steps.take(Step.ADMIT, () -> admit(publish, project, draft, trigger));
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
                        || !draft.isRecordedSince(LifecycleType.GIT_PUSH_SUCCEEDED, LifecycleType.GIT_PR_STARTED)) {
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
                if (!draft.isRecordedSince(LifecycleType.GIT_PUSH_STARTED, LifecycleType.GIT_PUSH_SUCCEEDED)) {
                    PushEvents.tellSucceeded(attempt, draft.commit().orElse(""), null);
                }
                Attempt next = attempt.inNextStage();
                pullRequestStage.noteStarted(next);
                openPullRequest(next, true);
                return writer.write(publish, draft);
            }
        } catch (RefusedException e) {
            return refused(publish, draft, journal, number, e, trigger.isAfterPush());
        }
    }

    private record Admitted(Project project, Credentials credentials) {}

    /** What is known of the project goes into the draft, whether it is refused or not. */
    private Admitted admit(SessionPublish publish, Optional<SessionProject> project, StatusDraft draft, Trigger trigger)
            throws RefusedException {
        PodLocator.requireSupported(publish.getSpec().source());
        Project checked = Project.of(
                project.orElseThrow(() -> new RefusedException(
                        Reason.PROJECT_NOT_FOUND,
                        "There is no SessionProject " + projectName(publish)
                                + " in this namespace: create it, or correct spec.projectRef.name.")),
                hosts);
        if (trigger.isAfterPush()) {
            checked.requireRepository(draft.repository());
        }
        draft.project(checked.revision(), checked.repository().web());
        if (!checked.pushEnabled()) {
            throw new RefusedException(
                    Reason.PUSH_DISABLED,
                    "The project " + checked.name() + " takes no pushes (spec.push.enabled is false).");
        }
        Credentials credentials = Credentials.read(client, checked);
        draft.project(checked.revisionWith(credentials), null);
        return new Admitted(checked, credentials);
    }

    private SessionPublish push(Attempt attempt) throws RefusedException {
        StatusDraft draft = attempt.draft();
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
        boolean toldBefore = draft.isRecorded(LifecycleType.GIT_PR_STARTED);
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
        StatusDraft draft = attempt.draft();
        return SANDBOX_AWAY.contains(failure.reason())
                && attempt.wantsPullRequest()
                && draft.commit().isPresent()
                && draft.baseBranch().isPresent()
                && !draft.hasPullRequest();
    }

    private SessionPublish refused(
            SessionPublish publish,
            StatusDraft draft,
            Journal journal,
            int number,
            RefusedException failure,
            boolean alreadyPushed) {
        if (alreadyPushed) {
            return keepPushed(publish, draft, journal, number, failure);
        }
        boolean journaled = draft.phase() == Phase.Pushing;
        if (failure.reason() == Reason.SANDBOX_SUSPENDED) {
            draft.expectAnotherPod();
        }
        draft.attempt(number);
        Optional<Instant> next = backoff.delay(
                        failure.reason().retryClass(), inARow(publish, failure, number), failure.retryAfter(), random)
                .map(delay -> clock.instant().plus(delay));
        if (journaled || next.isEmpty()) {
            Map<String, String> data = journal.data(
                    "head-branch",
                            Optional.ofNullable(publish.getSpec().headBranch())
                                    .or(draft::headBranch)
                                    .orElse(""),
                    "error", failure.getMessage(),
                    "reason", failure.reason().code());
            journal.tellAndNote(LifecycleType.GIT_PUSH_FAILED, number, data, failure.getMessage());
        }
        if (next.isPresent()) {
            draft.waiting(failure.reason(), failure.getMessage(), next.get());
        } else {
            draft.failed(failure.reason(), failure.getMessage());
        }
        return writer.write(publish, draft);
    }

    /** How often the push has failed; for what is tried again once, how often for this very reason. */
    private static int inARow(SessionPublish publish, RefusedException failure, int number) {
        if (failure.reason().retryClass() != RetryClass.ONCE) {
            return number;
        }
        return Optional.ofNullable(publish.getStatus())
                        .filter(stored -> failure.reason().code().equals(stored.reason()))
                        .filter(stored ->
                                stored.phase() != null && !stored.phase().isTerminal())
                        .isPresent()
                ? 2
                : 1;
    }

    /** The work stays pushed although its pull request can't be seen to: the project or its credential is missing. */
    private SessionPublish keepPushed(
            SessionPublish publish, StatusDraft draft, Journal journal, int number, RefusedException failure) {
        try {
            if (draft.hasPullRequest()) {
                draft.keepPullRequest("The pull request stays as it is: " + failure.getMessage());
            } else {
                RepositoryUrl repository =
                        RepositoryUrl.parse(draft.repository().orElse(""));
                ForgeKind kind =
                        hosts.find(repository.authority()).map(ForgeHost::kind).orElse(ForgeKind.GITHUB);
                new Handover(publish, draft, journal, kind, repository).because(failure, number, Optional.empty());
            }
        } catch (RefusedException e) {
            draft.pushOnly(
                    failure.reason(), "The work is pushed, the pull request is not open: " + failure.getMessage());
        }
        return writer.write(publish, draft);
    }

    static String projectName(SessionPublish publish) {
        return publish.getSpec().projectRef() == null
                ? ""
                : publish.getSpec().projectRef().name();
    }
}
