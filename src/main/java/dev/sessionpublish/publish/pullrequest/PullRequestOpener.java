package dev.sessionpublish.publish.pullrequest;

import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.PullRequestEdit;
import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.lifecycle.RetryAnnotation;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

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
     * @param applied whether what spec and project want of it was sent, or need not be
     */
    public record Result(Forge.PullRequest pullRequest, boolean adopted, List<String> notes, boolean applied) {
        public static Result adopted(Forge.PullRequest found) {
            return new Result(found, true, List.of(), true);
        }

        private Result noting(List<String> more, boolean isApplied) {
            return new Result(
                    pullRequest,
                    adopted,
                    Stream.concat(notes.stream(), more.stream()).toList(),
                    isApplied);
        }
    }

    /** Changes an open pull request. That the forge refuses it is a note, because the work is pushed. */
    public Result edited(Result found, PullRequestEdit edit) {
        if (edit.isEmpty() || found.pullRequest().state() != Forge.State.OPEN) {
            return found;
        }
        try {
            return found.noting(forge.edit(found.pullRequest().number(), edit), true);
        } catch (RefusedException e) {
            return found.noting(
                    List.of("Its " + String.join(", ", edit.changes()) + " could not be changed. " + e.getMessage()
                            + " To try again, set the annotation " + RetryAnnotation.NAME + " to a new value."),
                    false);
        }
    }

    /** The pull request that shows the pushed commit: the one that was open before the push, unless it ended meanwhile. */
    public Result update(int number) throws RefusedException {
        Forge.PullRequest now = forge.pullRequest(number);
        boolean shows = now.state() == Forge.State.OPEN
                || now.state() == Forge.State.MERGED && now.headCommit().equals(commit);
        return shows ? Result.adopted(now) : adoptOrOpen(false, any -> true);
    }

    /**
     * Adds the labels and assignees to an open pull request once more: the forge may have refused them before. Reviewers are
     * not requested again, because who has reviewed would be asked for another review.
     */
    public Result withAdditions(Result found) {
        Forge.NewPullRequest again = new Forge.NewPullRequest(
                request.headBranch(),
                request.baseBranch(),
                request.title(),
                request.body(),
                request.draft(),
                request.labels(),
                List.of(),
                request.assignees());
        boolean isNothing = request.labels().isEmpty() && request.assignees().isEmpty();
        if (isNothing || found.pullRequest().state() != Forge.State.OPEN) {
            return found;
        }
        try {
            return found.noting(forge.complete(found.pullRequest().number(), again), found.applied());
        } catch (RefusedException e) {
            return found.noting(
                    List.of("Its labels and assignees could not be added. " + e.getMessage()), found.applied());
        }
    }

    /**
     * Looks for an existing pull request first.
     *
     * @param interrupted whether a run may have opened it and ended before its labels and people were set
     * @param mayFollow which pull request of this very commit, closed without a merge, may be followed by a new one
     * @throws RefusedException pull-request-closed, and as the forge answers
     */
    public Result adoptOrOpen(boolean interrupted, IntPredicate mayFollow) throws RefusedException {
        List<Forge.PullRequest> all = ExistingPullRequest.of(forge, request.headBranch(), request.baseBranch());
        Optional<Forge.PullRequest> existing = ExistingPullRequest.find(all, commit);
        if (existing.isEmpty()) {
            requireNoneClosed(all, mayFollow);
            return open();
        }
        Forge.PullRequest found = existing.get();
        List<String> notes =
                interrupted && found.state() == Forge.State.OPEN ? forge.complete(found.number(), request) : List.of();
        return new Result(found, true, notes, true);
    }

    private void requireNoneClosed(List<Forge.PullRequest> all, IntPredicate mayFollow) throws RefusedException {
        for (Forge.PullRequest each : all) {
            if (each.headCommit().equals(commit)) {
                requireMayFollow(each, mayFollow);
            }
        }
    }

    /** @throws RefusedException pull-request-closed */
    public void requireMayFollow(Forge.PullRequest earlier, IntPredicate mayFollow) throws RefusedException {
        if (earlier.state() == Forge.State.CLOSED && !mayFollow.test(earlier.number())) {
            throw new RefusedException(
                    PullRequestReason.PULL_REQUEST_CLOSED,
                    "Pull request #" + earlier.number() + " of " + request.headBranch()
                            + " was closed without merging, and the operator does not open another one by itself. Reopen it at the"
                            + " forge, or set the annotation " + RetryAnnotation.NAME + " to a new value.");
        }
    }

    /** Opens one; adopts the one that exists when the forge says that there is one. */
    public Result open() throws RefusedException {
        try {
            Forge.Opened opened = forge.open(request);
            return new Result(opened.pullRequest(), false, opened.notes(), true);
        } catch (Forge.PullRequestExistsException e) {
            Optional<Forge.PullRequest> found = named(e);
            return new Result(found.isPresent() ? found.get() : listed(e), true, List.of(), true);
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
        return ExistingPullRequest.find(
                ExistingPullRequest.of(forge, request.headBranch(), request.baseBranch()), commit);
    }

    private boolean isOfBranches(Forge.PullRequest each) {
        return each.headBranch().equals(request.headBranch())
                && each.baseBranch().equals(request.baseBranch());
    }
}
