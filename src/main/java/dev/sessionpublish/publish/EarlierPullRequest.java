package dev.sessionpublish.publish;

import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.publish.plan.PushPlan;
import dev.sessionpublish.publish.pullrequest.PullRequestOpener;
import java.util.List;
import java.util.Optional;

/**
 * The pull request of the same branches that a new one follows.
 *
 * @param closedBy the login of who closed it without merging, if the forge reports that
 */
record EarlierPullRequest(Forge.PullRequest pullRequest, Optional<String> closedBy) {
    private static final int LONGEST_LOGIN = 100;

    /** The one of the status; otherwise the newest one that was listed before the push, if that was closed. */
    static Optional<EarlierPullRequest> of(Run run, PullRequestOpener.Result result, Forge forge) {
        int number = result.pullRequest().number();
        Optional<Forge.PullRequest> recorded = run.recorded().filter(each -> each.number() != number);
        Optional<Forge.PullRequest> earlier =
                result.adopted() || recorded.isPresent() ? recorded : listed(run, result.pullRequest());
        return earlier.map(each -> new EarlierPullRequest(each, closedBy(each, forge)));
    }

    private static Optional<Forge.PullRequest> listed(Run run, Forge.PullRequest opened) {
        return run.answers().pullRequests().map(PushPlan.PullRequests::all).orElse(List.of()).stream()
                .filter(each ->
                        each.number() != opened.number() && each.baseBranch().equals(opened.baseBranch()))
                .findFirst()
                .filter(each -> each.state() == Forge.State.CLOSED);
    }

    /** Not knowing who it was is no failure. */
    private static Optional<String> closedBy(Forge.PullRequest earlier, Forge forge) {
        if (earlier.state() != Forge.State.CLOSED) {
            return Optional.empty();
        }
        try {
            return forge.closedBy(earlier.number()).map(login -> SafeText.line(login, LONGEST_LOGIN));
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }

    /** With a space before it. */
    String sentence() {
        return " Pull request #" + pullRequest.number() + " was "
                + (pullRequest.state() == Forge.State.MERGED
                        ? "merged before."
                        : "closed without merging"
                                + closedBy.map(login -> " by " + login).orElse("") + ".");
    }
}
