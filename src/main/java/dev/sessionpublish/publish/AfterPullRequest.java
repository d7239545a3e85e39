package dev.sessionpublish.publish;

import dev.sessionpublish.lifecycle.Backoff;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.publish.plan.PullRequestFallback;
import dev.sessionpublish.publish.pullrequest.PullRequestOpener;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * What becomes of pushed work whose pull request was opened or refused. The push stays good whatever happens here, unless
 * the branch turns out not to be where the forge reported it.
 */
record AfterPullRequest(PlanQuestions questions, Backoff backoff, Clock clock) {
    /** The forge may show an old head for a while, so the branch decides where the two differ. */
    Run opened(Run run, PullRequestOpener.Result result, Optional<EarlierPullRequest> earlier) {
        boolean shown =
                result.pullRequest().headCommit().equals(run.status().commit().orElse(""));
        Optional<RefusedException> lost = shown ? Optional.empty() : lost(run);
        if (lost.isPresent()) {
            Run known =
                    run.withStatus(PullRequestTransitions.found(run.status(), result.pullRequest(), result.adopted()));
            return notLanded(known, lost.get());
        }
        String sentence = PullRequestTransitions.sentence(run.status(), result, earlier);
        Run recorded = run.recording(PublishEventFactory.pullRequestSucceeded(run, result.pullRequest(), sentence));
        PublishStatus end =
                PullRequestTransitions.open(recorded.status(), result.pullRequest(), result.adopted(), sentence);
        return recorded.ended(
                result.applied() ? PullRequestTransitions.applied(end, PullRequestUpdate.wishes(recorded)) : end);
    }

    Run refused(Run run, RefusedException why) {
        Optional<RefusedException> lost = lost(run);
        return lost.isPresent() ? notLanded(run, lost.get()) : fallback(run, why);
    }

    private Optional<RefusedException> lost(Run run) {
        return run.pushedNow().flatMap(push -> questions.lost(run, push.update()));
    }

    private static Run notLanded(Run run, RefusedException why) {
        return run.withStatus(PullRequestTransitions.lost(run.status()))
                .withAttempt(run.pushAttempt())
                .withPushed(false)
                .refused(why);
    }

    private Run fallback(Run run, RefusedException why) {
        Optional<Instant> next = backoff.delay(why.reason().retryClass(), run.attempt(), why.retryAfter())
                .map(delay -> clock.instant().plus(delay));
        PullRequestFallback fallback =
                PullRequestFallback.of(why, run.attempt(), PullRequestTransitions.shown(run.status()), next);
        if (fallback instanceof PullRequestFallback.Impossible) {
            return run.ended(PullRequestTransitions.impossible(run.status(), why));
        }
        Run failed = run.withStatus(run.status().withAttempt(run.attempt()));
        if (fallback instanceof PullRequestFallback.Retry retry) {
            return failed.ended(PullRequestTransitions.retried(failed.status(), why, retry.at()));
        }
        if (fallback instanceof PullRequestFallback.Keep) {
            Run recorded = failed.recording(PublishEventFactory.pullRequestFailed(run, why));
            return recorded.ended(PullRequestTransitions.unchanged(recorded.status(), why));
        }
        PullRequestFallback.HandOver handOver = (PullRequestFallback.HandOver) fallback;
        Run recorded = handOver.isNew() ? failed.recording(PublishEventFactory.pullRequestFailed(run, why)) : failed;
        return ManualPullRequests.handOver(recorded, why, handOver.next());
    }
}
