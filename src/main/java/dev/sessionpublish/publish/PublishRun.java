package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.kube.LifecycleEvents;
import dev.sessionpublish.kube.LifecycleType;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.RetryClass;
import dev.sessionpublish.project.Credentials;
import dev.sessionpublish.project.Project;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Takes a publish as far as it goes now: to its end, or to the time of its next attempt. Status is the journal; the forge
 * and the sandbox are asked for the truth.
 */
final class PublishRun {
    private final KubernetesClient client;
    private final ForgeHosts hosts;
    private final PushStage pushStage;
    private final PullRequestStage pullRequestStage;
    private final StatusWriter writer;
    private final LifecycleEvents events;
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
            Backoff backoff,
            Clock clock,
            RandomGenerator random) {
        this.client = client;
        this.hosts = hosts;
        this.pushStage = pushStage;
        this.pullRequestStage = pullRequestStage;
        this.writer = writer;
        this.events = events;
        this.backoff = backoff;
        this.clock = clock;
        this.random = random;
    }

    /**
     * @param publish as the API server has it now
     * @param project as last seen
     * @return the object as stored at the end
     */
    SessionPublish run(SessionPublish publish, Optional<SessionProject> project) {
        StatusDraft draft = new StatusDraft(publish, clock);
        Journal journal = new Journal(events, publish, draft);
        Trigger trigger = Trigger.of(publish, draft);
        if (Boolean.TRUE.equals(publish.getSpec().suspend())) {
            draft.observe(publish.getMetadata().getGeneration());
            if (!draft.phase().isTerminal()) {
                draft.suspended();
            }
            return writer.write(publish, draft);
        }
        boolean alreadyPushed = trigger == Trigger.SPEC_AFTER_PUSH || trigger == Trigger.PULL_REQUEST;
        trigger.begin(publish, draft);
        int number = continuesCrashedAttempt(draft) ? Math.max(1, draft.attempts()) : draft.attempts() + 1;
        draft.project(Project.revision(project), null);
        try {
            Project checked = Project.of(
                    project.orElseThrow(() -> new RefusedException(
                            Reason.PROJECT_NOT_FOUND,
                            "There is no SessionProject " + projectName(publish)
                                    + " in this namespace: create it, or correct spec.projectRef.name.")),
                    hosts);
            draft.project(checked.revision(), checked.repository().web());
            if (!checked.pushEnabled()) {
                throw new RefusedException(
                        Reason.PUSH_DISABLED,
                        "The project " + checked.name() + " takes no pushes (spec.push.enabled is false).");
            }
            Credentials credentials = Credentials.read(client, checked);
            Attempt attempt =
                    new Attempt(publish, draft, journal, checked, credentials, number, trigger == Trigger.ANEW);
            if (alreadyPushed) {
                pullRequestStage.run(attempt, true);
                return writer.write(publish, draft);
            }
            try {
                return push(attempt);
            } catch (RefusedException e) {
                if (!isPullRequestLeft(attempt, e)) {
                    throw e;
                }
                pullRequestStage.run(attempt.inNextStage(), true);
                return writer.write(publish, draft);
            }
        } catch (RefusedException e) {
            return refused(publish, draft, journal, number, e, alreadyPushed);
        }
    }

    private SessionPublish push(Attempt attempt) throws RefusedException {
        StatusDraft draft = attempt.draft();
        if (pushStage.run(attempt) == PushStage.End.NOTHING_TO_PUBLISH) {
            return writer.write(attempt.publish(), draft);
        }
        if (!attempt.wantsPullRequest()) {
            draft.pushOnly("Pushed " + draft.commit().orElse("") + " to "
                    + draft.headBranch().orElse("") + ".");
            return writer.write(attempt.publish(), draft);
        }
        Attempt next = attempt.inNextStage();
        if (PullRequestStage.refusal(next).isEmpty()) {
            boolean toldBefore = draft.isRecorded(LifecycleType.GIT_PR_STARTED.word());
            draft.openingPullRequest();
            attempt.journal().note(LifecycleType.GIT_PR_STARTED, PullRequestStage.startedData(next));
            writer.write(attempt.publish(), draft);
            PullRequestStage.tellStarted(next);
            pullRequestStage.run(next, toldBefore);
        } else {
            pullRequestStage.run(next, false);
        }
        return writer.write(attempt.publish(), draft);
    }

    /** What was pushed before can get its pull request although the sandbox is gone. */
    private static boolean isPullRequestLeft(Attempt attempt, RefusedException failure) {
        StatusDraft draft = attempt.draft();
        return (failure.reason() == Reason.SANDBOX_TERMINATED || failure.reason() == Reason.SANDBOX_NOT_READY)
                && attempt.wantsPullRequest()
                && draft.commit().isPresent()
                && draft.baseBranch().isPresent()
                && !draft.hasPullRequest();
    }

    private static boolean continuesCrashedAttempt(StatusDraft draft) {
        return draft.phase() == Phase.Pushing;
    }

    private SessionPublish refused(
            SessionPublish publish,
            StatusDraft draft,
            Journal journal,
            int number,
            RefusedException failure,
            boolean alreadyPushed) {
        boolean journaled = draft.phase() == Phase.Pushing;
        int inARow = failure.reason().retryClass() == RetryClass.ONCE
                        && !failure.reason()
                                .code()
                                .equals(Optional.ofNullable(publish.getStatus())
                                        .map(SessionPublishStatus::reason)
                                        .orElse(""))
                ? 1
                : Math.max(number, failure.reason().retryClass() == RetryClass.ONCE ? 2 : 1);
        Optional<Instant> next = backoff.delay(failure.reason().retryClass(), inARow, failure.retryAfter(), random)
                .map(delay -> clock.instant().plus(delay));
        draft.attempt(number);
        if (alreadyPushed) {
            draft.keepPushed(failure.reason(), failure.getMessage(), next);
            return writer.write(publish, draft);
        }
        if (journaled || next.isEmpty()) {
            Map<String, String> data = Journal.data(
                    "head-branch",
                            draft.headBranch()
                                    .or(() -> Optional.ofNullable(
                                            publish.getSpec().headBranch()))
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

    static String projectName(SessionPublish publish) {
        return publish.getSpec().projectRef() == null
                ? ""
                : publish.getSpec().projectRef().name();
    }

    /** Why a publish runs. */
    enum Trigger {
        /** New, or started again: the work in the sandbox is looked at. */
        ANEW,
        /** The same run goes on with its push. */
        CONTINUE,
        /** The work is pushed, and the spec has changed since. */
        SPEC_AFTER_PUSH,
        /** The work is pushed, the same run goes on with its pull request. */
        PULL_REQUEST;

        static Trigger of(SessionPublish publish, StatusDraft draft) {
            SessionPublishStatus stored = publish.getStatus();
            boolean retry = stored != null && !Objects.equals(stored.observedRetryAt(), retryAt(publish));
            boolean newSpec =
                    stored == null || !publish.getMetadata().getGeneration().equals(stored.observedGeneration());
            boolean pushed = draft.commit().isPresent() && draft.push().isPresent() && !draft.hasUnsettledPush();
            if (retry && stored.phase() != null) {
                return ANEW;
            }
            return switch (draft.phase()) {
                case OpeningPullRequest, ManualPullRequestRequired -> newSpec ? SPEC_AFTER_PUSH : PULL_REQUEST;
                case Pushed, PullRequestCreated, Suspended -> pushed ? SPEC_AFTER_PUSH : ANEW;
                case Pending, NothingToPublish -> ANEW;
                case Failed -> ANEW;
                case Waiting, Pushing -> newSpec ? ANEW : CONTINUE;
            };
        }

        void begin(SessionPublish publish, StatusDraft draft) {
            if (this == ANEW || this == SPEC_AFTER_PUSH) {
                boolean sameGeneration = Optional.ofNullable(publish.getStatus())
                        .map(SessionPublishStatus::observedGeneration)
                        .filter(publish.getMetadata().getGeneration()::equals)
                        .isPresent();
                boolean sameRetry = draft.runId()
                        .equals(Optional.ofNullable(retryAt(publish)).orElse(""));
                draft.begin(publish.getMetadata().getGeneration(), retryAt(publish), !sameGeneration || !sameRetry);
            }
            if (this == ANEW) {
                draft.forgetSource();
            }
        }

        private static @Nullable String retryAt(SessionPublish publish) {
            Map<String, String> annotations = publish.getMetadata().getAnnotations();
            return annotations == null ? null : annotations.get(SessionPublish.RETRY_AT);
        }
    }
}
