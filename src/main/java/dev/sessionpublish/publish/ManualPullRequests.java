package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.ManualPullRequest;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.forge.DraftTitle;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.forge.PullRequestLink;
import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.publish.plan.PullRequestText;
import java.time.Instant;
import java.util.Optional;

/** Leaves the pull request of pushed work to the user, with a link and a command. */
final class ManualPullRequests {
    private ManualPullRequests() {}

    /**
     * Ends the run with a link for the repository of its project.
     *
     * @param next when the operator retries; empty when it doesn't
     */
    static Run handOver(Run run, RefusedException why, Optional<Instant> next) {
        return handOver(run, run.admitted().host().kind(), run.admitted().repository(), why, next);
    }

    static Run handOver(
            Run run, ForgeKind kind, RepositoryUrl repository, RefusedException why, Optional<Instant> next) {
        PublishStatus status = run.status();
        PullRequestText text = text(run);
        PullRequestLink link = new PullRequestLink(
                kind,
                repository,
                BranchName.of(status.baseBranch()),
                BranchName.of(status.headBranch()),
                DraftTitle.of(kind, text.title(), run.wantsDraft(), status.headBranch()),
                text.body());
        Run recorded = status.phase() == Phase.ManualPullRequestRequired
                ? run
                : run.recording(PublishEventFactory.pullRequestManual(run, why, link.shortUrl()));
        return recorded.ended(PullRequestTransitions.manual(
                recorded.status(),
                why,
                new ManualPullRequest(link.url(), why.reason().code(), link.command()),
                next));
    }

    /** Title and body: what the spec says, otherwise what was made with the push. */
    static PullRequestText text(Run run) {
        SessionPublishStatus.PullRequestText kept = run.status().get().pullRequestText();
        return PullRequestText.of(
                run.publish(),
                Optional.ofNullable(kept).map(stored -> new PullRequestText(stored.title(), stored.body())));
    }
}
