package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.Push;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.lifecycle.Backoff;
import dev.sessionpublish.lifecycle.LifecycleEvent;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectMetrics;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.publish.plan.PullRequestFallback;
import dev.sessionpublish.publish.plan.PullRequestPlan;
import dev.sessionpublish.publish.pullrequest.PullRequestOpener;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * The steps from the pushed branch to the pull request: opened, adopted, or left to the user with a link. Nothing that
 * happens here makes a good push fail.
 */
final class PullRequestSteps {
    private final Forges forges;
    private final ProjectMetrics metrics;
    private final boolean publishingEnabled;
    private final Backoff backoff;
    private final Clock clock;

    PullRequestSteps(Forges forges, ProjectMetrics metrics, boolean publishingEnabled, Backoff backoff, Clock clock) {
        this.forges = forges;
        this.metrics = metrics;
        this.publishingEnabled = publishingEnabled;
        this.backoff = backoff;
        this.clock = clock;
    }

    /** Decides whether a pull request is opened, and records that it is about to be. */
    Run prepare(Run run) {
        PullRequestPlan plan = PullRequestPlan.of(facts(run));
        if (plan instanceof PullRequestPlan.NotWanted) {
            return run.ended(PullRequestTransitions.notWanted(run.status()));
        }
        if (plan instanceof PullRequestPlan.Open open) {
            return opening(run.withPullRequest(Optional.of(open.request())));
        }
        return ManualPullRequests.handOver(run, ((PullRequestPlan.HandOver) plan).why(), Optional.empty());
    }

    private PullRequestPlan.Facts facts(Run run) {
        PublishStatus status = run.status();
        return new PullRequestPlan.Facts(
                run.spec(),
                run.admitted(),
                run.credentials().orElseThrow(),
                publishingEnabled,
                status.headBranch(),
                status.baseBranch(),
                ManualPullRequests.text(run));
    }

    private static Run opening(Run run) {
        PublishStatus status = run.status();
        boolean pushedNow = !run.trigger().isAfterPush();
        boolean isNew = pushedNow
                || run.trigger() == Trigger.SPEC_AFTER_PUSH
                || !status.history().hasSince(PublishEvent.GIT_PUSH_SUCCEEDED, PublishEvent.GIT_PR_STARTED);
        boolean mayExist = !pushedNow
                || status.history().has(PublishEvent.GIT_PR_STARTED)
                || status.push().map(Push::previousCommit).isPresent();
        LifecycleEvent started = PublishEventFactory.pullRequestStarted(run);
        PublishStatus opening = pushedNow ? PullRequestTransitions.opening(status) : status;
        Run next = run.withPullRequestMayExist(mayExist)
                .withStatus(isNew ? opening.withEvent(started) : opening)
                .withWrite(pushedNow ? Run.Write.SHOW : Run.Write.LATER);
        return run.attempt() == 1 ? next.announcing(started) : next;
    }

    /** Opens the pull request, or adopts the one that exists. */
    Run open(Run run) {
        Project project = run.admitted();
        try {
            Forge forge = forges.open(
                    project.host(),
                    project.repository(),
                    run.credentials().orElseThrow().requirePullRequest());
            try {
                return succeeded(run, opened(run, forge));
            } finally {
                metrics.rateLimit(ProjectTags.of(project), forge.rateLimit());
            }
        } catch (RefusedException e) {
            return fallback(run, e);
        }
    }

    private static PullRequestOpener.Result opened(Run run, Forge forge) throws RefusedException {
        PullRequestOpener opener = new PullRequestOpener(
                forge, run.pullRequest().orElseThrow(), run.status().commit().orElse(""));
        return run.pullRequestMayExist() ? opener.adoptOrOpen(isInterrupted(run)) : opener.open();
    }

    /** Whether an earlier run may have opened it and ended before its labels and people were set. */
    private static boolean isInterrupted(Run run) {
        SessionPublishStatus stored = run.publish().getStatus();
        return stored != null
                && stored.phase() == Phase.OpeningPullRequest
                && !run.status().hasPullRequest();
    }

    private static Run succeeded(Run run, PullRequestOpener.Result result) {
        String sentence = PullRequestTransitions.sentence(run.status(), result);
        Run recorded = run.recording(PublishEventFactory.pullRequestSucceeded(run, result.pullRequest(), sentence));
        return recorded.ended(
                PullRequestTransitions.open(recorded.status(), result.pullRequest(), result.adopted(), sentence));
    }

    private Run fallback(Run run, RefusedException why) {
        Optional<Instant> next = backoff.delay(why.reason().retryClass(), run.attempt(), why.retryAfter())
                .map(delay -> clock.instant().plus(delay));
        boolean handedOver = run.status().phase() == Phase.ManualPullRequestRequired;
        PullRequestFallback fallback = PullRequestFallback.of(why, run.attempt(), handedOver, next);
        if (fallback instanceof PullRequestFallback.Impossible) {
            return run.ended(PullRequestTransitions.impossible(run.status(), why));
        }
        Run failed = run.withStatus(run.status().withAttempt(run.attempt()));
        if (fallback instanceof PullRequestFallback.Retry retry) {
            return failed.ended(PullRequestTransitions.retried(failed.status(), why, retry.at()));
        }
        PullRequestFallback.HandOver handOver = (PullRequestFallback.HandOver) fallback;
        Run recorded = handOver.isNew() ? failed.recording(PublishEventFactory.pullRequestFailed(run, why)) : failed;
        return ManualPullRequests.handOver(recorded, why, handOver.next());
    }
}
