package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.lifecycle.Backoff;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.RetryClass;
import dev.sessionpublish.sandbox.SandboxReason;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of a publish that was refused: it waits for another attempt, or it has failed, or what was pushed before
 * stays pushed. All is told and noted in the draft, nothing written.
 */
record Setback(ForgeHosts hosts, Backoff backoff, Clock clock) {

    /**
     * @param number of the attempt that was refused
     * @param alreadyPushed whether the work is at the forge, and only its pull request was left
     */
    void meet(
            SessionPublish publish,
            PublishStatus draft,
            Journal journal,
            int number,
            RefusedException failure,
            boolean alreadyPushed) {
        if (alreadyPushed) {
            keepPushed(publish, draft, journal, number, failure);
            return;
        }
        boolean journaled = draft.phase() == Phase.Pushing;
        if (failure.reason() == SandboxReason.SANDBOX_SUSPENDED) {
            draft.expectAnotherPod();
        }
        draft.attempt(number);
        Optional<Instant> next = backoff.delay(
                        failure.reason().retryClass(), inARow(publish, failure, number), failure.retryAfter())
                .map(delay -> clock.instant().plus(delay));
        if (journaled || next.isEmpty()) {
            tellFailed(publish, draft, journal, number, failure);
        }
        if (next.isPresent()) {
            draft.waiting(failure.reason(), failure.getMessage(), next.get());
        } else {
            draft.failed(failure.reason(), failure.getMessage());
        }
    }

    private static void tellFailed(
            SessionPublish publish, PublishStatus draft, Journal journal, int number, RefusedException failure) {
        Map<String, String> data = journal.data(
                "head-branch",
                        Optional.ofNullable(publish.getSpec().headBranch())
                                .or(draft::headBranch)
                                .orElse(""),
                "error", failure.getMessage(),
                "reason", failure.reason().code());
        journal.tellAndNote(PublishEvent.GIT_PUSH_FAILED, number, data, failure.getMessage());
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
    private void keepPushed(
            SessionPublish publish, PublishStatus draft, Journal journal, int number, RefusedException failure) {
        if (draft.hasPullRequest()) {
            draft.keepPullRequest("The pull request stays as it is: " + failure.getMessage());
            return;
        }
        try {
            RepositoryUrl repository = RepositoryUrl.parse(draft.repository().orElse(""));
            ForgeKind kind =
                    hosts.find(repository.authority()).map(ForgeHost::kind).orElse(ForgeKind.GITHUB);
            new Handover(publish, draft, journal, kind, repository).because(failure, number, Optional.empty());
        } catch (RefusedException e) {
            draft.pushOnly(
                    failure.reason(), "The work is pushed, the pull request is not open: " + failure.getMessage());
        }
    }
}
