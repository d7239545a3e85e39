package dev.sessionpublish.publish.pullrequest;

import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.outcome.RefusedException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the pull request of a pair of branches. */
public final class ExistingPullRequest {
    private ExistingPullRequest() {}

    /** An open one; otherwise a merged one of this very commit. */
    static Optional<Forge.PullRequest> find(List<Forge.PullRequest> all, String commit) {
        Stream<Forge.PullRequest> open = all.stream().filter(each -> each.state() == Forge.State.OPEN);
        Stream<Forge.PullRequest> merged = all.stream()
                .filter(each -> each.state() == Forge.State.MERGED)
                .filter(each -> each.headCommit().equals(commit));
        return Stream.concat(open, merged).findFirst();
    }

    /** An open one of this very commit. */
    public static Optional<Forge.PullRequest> findOpen(Forge forge, String head, String base, String commit)
            throws RefusedException {
        return of(forge, head, base).stream()
                .filter(each -> each.state() == Forge.State.OPEN)
                .filter(each -> each.headCommit().equals(commit))
                .findFirst();
    }

    /** Those of the two branches, in every state, newest first. */
    static List<Forge.PullRequest> of(Forge forge, String head, String base) throws RefusedException {
        return forge.pullRequestsOf(head).stream()
                .filter(each -> each.baseBranch().equals(base))
                .toList();
    }
}
