package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.lifecycle.Backoff;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.RetryClass;
import dev.sessionpublish.sandbox.SandboxReason;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What becomes of a publish that a step refused: it is retried, it failed, or what was pushed before stays pushed. */
record AfterRefusal(ForgeHosts hosts, Backoff backoff, Clock clock) {
    private static final Set<Reason> SANDBOX_GONE = Set.of(
            SandboxReason.SANDBOX_TERMINATED,
            SandboxReason.SANDBOX_NOT_READY,
            SandboxReason.SANDBOX_SUSPENDED,
            SandboxReason.SANDBOX_EXPIRED);

    /** Work that was pushed before gets its pull request although the sandbox is gone. */
    static boolean isPullRequestLeft(Run run) {
        PublishStatus status = run.status();
        return run.refusal().filter(why -> SANDBOX_GONE.contains(why.reason())).isPresent()
                && run.spec().wantsPullRequest()
                && status.commit().isPresent()
                && status.get().baseBranch() != null
                && !status.hasOpenPullRequest();
    }

    /** The run with which the pull request that is left is opened. */
    static Run withPullRequestLeft(Run run) {
        boolean recorded =
                run.status().history().hasSince(PublishEvent.GIT_PUSH_STARTED, PublishEvent.GIT_PUSH_SUCCEEDED);
        Run pushed = recorded
                ? run.atPullRequest()
                : PushSteps.pushed(run, run.status().commit().orElseThrow(), null);
        return pushed.withTrigger(Trigger.SPEC_AFTER_PUSH);
    }

    Run settle(Run run, RefusedException why) {
        return run.trigger().isAfterPush() ? keepPushed(run, why) : stopOrRetry(run, why);
    }

    private Run stopOrRetry(Run run, RefusedException why) {
        Optional<Instant> next = backoff.delay(why.reason().retryClass(), inARow(run, why), why.retryAfter())
                .map(delay -> clock.instant().plus(delay));
        boolean journaled = run.status().phase() == Phase.Pushing;
        Run failed = journaled || next.isEmpty() ? run.recording(PublishEventFactory.pushFailed(run, why)) : run;
        PublishStatus known = why.reason() == SandboxReason.SANDBOX_SUSPENDED
                ? failed.status().withoutSource()
                : failed.status();
        PublishStatus counted = known.withAttempt(run.attempt());
        return failed.ended(next.isPresent() ? counted.withRetry(why, next.get()) : counted.withFailure(why));
    }

    /** How often the push has failed; for a reason that is retried once, how often for this very reason. */
    private static int inARow(Run run, RefusedException why) {
        if (why.reason().retryClass() != RetryClass.ONCE) {
            return run.attempt();
        }
        return Optional.ofNullable(run.publish().getStatus())
                        .filter(stored -> why.reason().code().equals(stored.reason()))
                        .filter(stored ->
                                stored.phase() != null && !stored.phase().isTerminal())
                        .isPresent()
                ? 2
                : 1;
    }

    /** The work stays pushed although its project or credential is missing. */
    private Run keepPushed(Run run, RefusedException why) {
        PublishStatus status = run.status();
        if (status.hasOpenPullRequest()) {
            return run.ended(PullRequestTransitions.unchanged(status, why));
        }
        try {
            RepositoryUrl repository = RepositoryUrl.parse(
                    Optional.ofNullable(status.get().repository()).orElse(""));
            ForgeKind kind =
                    hosts.find(repository.authority()).map(ForgeHost::kind).orElse(ForgeKind.GITHUB);
            return ManualPullRequests.handOver(run, kind, repository, why, Optional.empty());
        } catch (RefusedException e) {
            return run.ended(PullRequestTransitions.impossible(status, why));
        }
    }
}
