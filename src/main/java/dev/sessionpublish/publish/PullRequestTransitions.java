package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequestBuilder;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.ManualPullRequest;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.lifecycle.StoredTime;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.publish.plan.PullRequestFallback;
import dev.sessionpublish.publish.plan.PullRequestWishes;
import dev.sessionpublish.publish.pullrequest.PullRequestOpener;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The transitions of a {@link PublishStatus} from the pushed branch on: to a pull request, a link, or a retry. */
final class PullRequestTransitions {
    private PullRequestTransitions() {}

    static PublishStatus opening(PublishStatus before) {
        return before.with(status -> status.phase(Phase.OpeningPullRequest)
                .reason(null)
                .nextAttemptAt(null)
                .message("Pushed " + before.get().commit() + " to " + before.headBranch()
                        + ", opening the pull request."));
    }

    /** The end of a publish that wants no pull request. */
    static PublishStatus notWanted(PublishStatus before) {
        return before.with(status -> status.pullRequestText(null))
                .ended(
                        Phase.Pushed,
                        Optional.empty(),
                        "Pushed " + before.commit().orElse("") + " to " + before.headBranch() + ".");
    }

    /** The end of a publish that wants a pull request where there can be none. */
    static PublishStatus impossible(PublishStatus before, RefusedException why) {
        return before.with(status -> status.pullRequestText(null))
                .ended(
                        Phase.Pushed,
                        Optional.of(why.reason()),
                        "Pushed, but there is no pull request: " + why.getMessage());
    }

    /** The work is pushed, and opening the pull request is retried. */
    static PublishStatus retried(PublishStatus before, RefusedException why, Instant next) {
        return before.withRetry(why, next).with(status -> status.phase(Phase.OpeningPullRequest)
                .message("The work is pushed; opening the pull request is retried: " + why.getMessage()));
    }

    /** What was done about the pull request, and what the forge did not accept. */
    static String sentence(
            PublishStatus before, PullRequestOpener.Result result, Optional<EarlierPullRequest> earlierOne) {
        Forge.PullRequest found = result.pullRequest();
        String notes = result.notes().isEmpty() ? "" : " " + String.join(" ", result.notes());
        String earlier = earlierOne.map(EarlierPullRequest::sentence).orElse("");
        return verb(before, result) + " pull request #" + found.number() + ", " + found.url() + "." + earlier + notes;
    }

    private static String verb(PublishStatus before, PullRequestOpener.Result result) {
        if (!result.adopted()) {
            return "Opened";
        }
        if (result.pullRequest().state() == Forge.State.MERGED) {
            return "Found merged:";
        }
        return before.isPullRequest(result.pullRequest().number()) ? "Updated" : "Adopted";
    }

    /** @param adopted whether this publish found it instead of opening it */
    static PublishStatus open(PublishStatus before, Forge.PullRequest found, boolean adopted, String sentence) {
        Phase end = found.state() == Forge.State.MERGED ? Phase.Merged : Phase.PullRequestCreated;
        return found(before, found, adopted)
                .with(status ->
                        status.manualPullRequest(null).pullRequestText(null).attempts(0))
                .ended(end, Optional.empty(), sentence);
    }

    /** The pull request of the status, as the forge has it now. */
    static PublishStatus seen(PublishStatus before, Forge.PullRequest found) {
        PublishStatus known = found(before, found, true);
        return found.state() == Forge.State.OPEN
                ? known.withBranches(before.headBranch(), Optional.of(found.baseBranch()))
                : known;
    }

    /** The forge reported the push as done, and the branch is elsewhere: what became of the push is not known. */
    static PublishStatus lost(PublishStatus before) {
        return before.with(status -> status.phase(Phase.Pushing)
                .commit(null)
                .push(before.push().map(PushTransitions::lost).orElse(null)));
    }

    static PublishStatus found(PublishStatus before, Forge.PullRequest found, boolean adopted) {
        ObservedPullRequest known = before.get().pullRequest();
        boolean own = known != null && before.isPullRequest(found.number());
        boolean sameHead = own && found.headCommit().equals(known.headCommit()) && found.state() == Forge.State.OPEN;
        ObservedPullRequestBuilder kept =
                sameHead ? ObservedPullRequestBuilder.builder(known) : ObservedPullRequestBuilder.builder();
        return before.with(status -> status.pullRequest(kept.number(found.number())
                .nodeId(own ? known.nodeId() : null)
                .url(SafeText.line(found.url(), 2_000))
                .state(found.state().name().toLowerCase(Locale.ROOT))
                .draft(found.draft())
                .adopted(own ? Boolean.TRUE.equals(known.adopted()) : adopted)
                .lifecycle(lifecycle(found))
                .headCommit(found.headCommit())
                .closedAt(found.state() == Forge.State.CLOSED && own ? known.closedAt() : null)
                .applied(own ? known.applied() : null)
                .build()));
    }

    private static ObservedPullRequest.Lifecycle lifecycle(Forge.PullRequest found) {
        return switch (found.state()) {
            case MERGED -> ObservedPullRequest.Lifecycle.Merged;
            case CLOSED -> ObservedPullRequest.Lifecycle.Closed;
            case OPEN -> found.draft() ? ObservedPullRequest.Lifecycle.Draft : ObservedPullRequest.Lifecycle.Open;
        };
    }

    /** The pull request is as spec and project want it, as far as the forge allows. */
    static PublishStatus applied(PublishStatus before, PullRequestWishes wishes) {
        ObservedPullRequest known = Objects.requireNonNull(before.get().pullRequest());
        return before.with(status -> status.pullRequest(ObservedPullRequestBuilder.builder(known)
                .applied(wishes.applied())
                .build()));
    }

    /** The changed spec needs no further step; an attempt that was planned for an earlier one does not take place. */
    static PublishStatus nothingLeft(PublishStatus before, long generation) {
        String reason = before.get().nextAttemptAt() == null ? before.get().reason() : null;
        return before.withGeneration(generation)
                .with(status -> status.reason(reason).nextAttemptAt(null));
    }

    /** The spec has changed, and the open pull request with it. */
    static PublishStatus updated(PublishStatus before, String sentence) {
        String since = before.get().finishedAt();
        return before.ended(Phase.PullRequestCreated, Optional.empty(), sentence)
                .with(status -> status.attempts(0).finishedAt(since == null ? before.now() : since));
    }

    /**
     * The spec has changed, and the open pull request could not be changed with it.
     *
     * @param next when the operator retries; empty when it doesn't
     */
    static PublishStatus notUpdated(PublishStatus before, RefusedException why, Optional<Instant> next) {
        String since = before.get().finishedAt();
        return before.ended(
                        before.phase() == Phase.Closed ? Phase.Closed : Phase.PullRequestCreated,
                        Optional.of(why.reason()),
                        "The pull request was left unchanged: " + why.getMessage())
                .with(status -> status.nextAttemptAt(
                                next.map(StoredTime::notBefore).orElse(null))
                        .finishedAt(since == null ? before.now() : since));
    }

    /** @param next when the operator retries; empty when it doesn't */
    static PublishStatus manual(
            PublishStatus before, RefusedException why, ManualPullRequest link, Optional<Instant> next) {
        String since =
                before.phase() == Phase.ManualPullRequestRequired ? before.get().finishedAt() : null;
        return before.ended(
                        Phase.ManualPullRequestRequired,
                        Optional.of(why.reason()),
                        "The work is pushed; open the pull request from status.manualPullRequest.url. "
                                + why.getMessage())
                .with(status -> status.manualPullRequest(link)
                        .finishedAt(since == null ? before.now() : since)
                        .nextAttemptAt(next.map(StoredTime::notBefore).orElse(null)));
    }

    /** What a user sees of a pull request. */
    static PullRequestFallback.Shown shown(PublishStatus status) {
        if (status.hasOpenPullRequest()) {
            return PullRequestFallback.Shown.PULL_REQUEST;
        }
        return status.phase() == Phase.ManualPullRequestRequired
                ? PullRequestFallback.Shown.LINK
                : PullRequestFallback.Shown.NOTHING;
    }

    /** Nothing is pushed; the phase is the one of what was done before. */
    static PublishStatus notPushed(PublishStatus before, Reason why, String sentence) {
        ObservedPullRequest known = before.get().pullRequest();
        Phase phase = known != null
                ? phaseOf(known)
                : before.get().manualPullRequest() != null ? Phase.ManualPullRequestRequired : Phase.Pushed;
        return before.ended(phase, Optional.of(why), sentence);
    }

    private static Phase phaseOf(ObservedPullRequest known) {
        return switch (String.valueOf(known.state())) {
            case "merged" -> Phase.Merged;
            case "closed" -> Phase.Closed;
            default -> Phase.PullRequestCreated;
        };
    }

    /** The pull request can't be updated: its project or credential is missing. */
    static PublishStatus unchanged(PublishStatus before, RefusedException why) {
        return before.ended(
                Phase.PullRequestCreated,
                Optional.of(why.reason()),
                "The work is pushed, and the pull request was left unchanged: " + why.getMessage());
    }

    /** The object is being deleted, and its pull request could not be closed. */
    static PublishStatus closeRetried(PublishStatus before, int attempt, RefusedException why, Instant next) {
        return before.with(status -> status.attempts(attempt)
                .message(
                        "The SessionPublish is being deleted; its pull request could not be closed. Closing is retried: "
                                + why.getMessage() + " Set spec.deletionPolicy to Orphan to leave it open.")
                .nextAttemptAt(StoredTime.notBefore(next)));
    }
}
