package dev.sessionpublish.publish.pullrequest;

import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.util.List;
import java.util.Optional;

/**
 * Opens the pull request of a pushed branch, or adopts the one that exists.
 *
 * @param commit that the branch was pushed to
 */
public record PullRequestOpener(Forge forge, Forge.NewPullRequest request, String commit) {

    /**
     * The pull request at the forge.
     *
     * @param adopted whether it existed before
     * @param notes sentences about labels and people that the forge did not accept
     */
    public record Result(Forge.PullRequest pullRequest, boolean adopted, List<String> notes) {}

    /**
     * Looks for an existing pull request first.
     *
     * @param interrupted whether a run may have opened it and ended before its labels and people were set
     */
    public Result adoptOrOpen(boolean interrupted) throws RefusedException {
        Optional<Forge.PullRequest> existing = existing();
        if (existing.isEmpty()) {
            return open();
        }
        Forge.PullRequest found = existing.get();
        List<String> notes =
                interrupted && found.state() == Forge.State.OPEN ? forge.complete(found.number(), request) : List.of();
        return new Result(found, true, notes);
    }

    /** Opens one; adopts the one that exists when the forge says that there is one. */
    public Result open() throws RefusedException {
        try {
            Forge.Opened opened = forge.open(request);
            return new Result(opened.pullRequest(), false, opened.notes());
        } catch (Forge.PullRequestExistsException e) {
            Optional<Forge.PullRequest> found = named(e);
            return new Result(found.isPresent() ? found.get() : listed(e), true, List.of());
        }
    }

    /** The pull request that the forge's refusal names, so that it need not be looked for. */
    private Optional<Forge.PullRequest> named(Forge.PullRequestExistsException refusal) throws RefusedException {
        if (refusal.number().isEmpty()) {
            return Optional.empty();
        }
        Forge.PullRequest named = forge.pullRequest(refusal.number().getAsInt());
        return Optional.of(named).filter(each -> each.state() == Forge.State.OPEN && isOfBranches(each));
    }

    private Forge.PullRequest listed(Forge.PullRequestExistsException refusal) throws RefusedException {
        return existing()
                .orElseThrow(() -> new RefusedException(
                        SharedReason.SERVER_ERROR,
                        "The forge reports an existing pull request but doesn't list it; opening it is retried: "
                                + refusal.getMessage()));
    }

    private Optional<Forge.PullRequest> existing() throws RefusedException {
        return ExistingPullRequest.find(forge, request.headBranch(), request.baseBranch(), commit);
    }

    private boolean isOfBranches(Forge.PullRequest each) {
        return each.headBranch().equals(request.headBranch())
                && each.baseBranch().equals(request.baseBranch());
    }
}
