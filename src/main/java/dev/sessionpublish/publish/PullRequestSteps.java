package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.api.v1alpha1.Push;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.lifecycle.LifecycleEvent;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Credentials;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectMetrics;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.publish.plan.PullRequestPlan;
import dev.sessionpublish.publish.plan.PushPlan;
import dev.sessionpublish.publish.pullrequest.PullRequestOpener;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * The steps from the pushed branch to the pull request: opened, adopted, or left to the user with a link. Nothing that
 * happens here makes a good push fail.
 */
final class PullRequestSteps {
    private final Forges forges;
    private final PlanQuestions questions;
    private final ProjectMetrics metrics;
    private final boolean publishingEnabled;
    private final AfterPullRequest after;
    private final PullRequestUpdate update;

    PullRequestSteps(
            Forges forges,
            PlanQuestions questions,
            ProjectMetrics metrics,
            boolean publishingEnabled,
            AfterPullRequest after,
            PullRequestUpdate update) {
        this.forges = forges;
        this.questions = questions;
        this.metrics = metrics;
        this.publishingEnabled = publishingEnabled;
        this.after = after;
        this.update = update;
    }

    /**
     * Reads the pull request of the status: what has become of it decides what is pushed.
     *
     * @throws RefusedException when the forge fails to answer for now
     */
    Run recall(Run run) throws RefusedException {
        Optional<Forge.PullRequest> found = questions.recorded(run);
        return found.isEmpty()
                ? run
                : run.withRecorded(found).withStatus(PullRequestTransitions.seen(run.status(), found.get()));
    }

    Run update(Run run) {
        return update.update(run);
    }

    /** The same for work that is pushed already. */
    Run recallPushed(Run run) {
        try {
            return recall(run);
        } catch (RefusedException e) {
            return after.refused(run, e);
        }
    }

    /** A merged pull request has the work: the end. */
    static Run merged(Run run, Forge.PullRequest found) {
        PublishStatus status = run.status();
        boolean isKnown = status.isPullRequest(found.number());
        String sentence = "Nothing was pushed: pull request #" + found.number() + ", " + found.url()
                + ", is merged and has this work.";
        Run known = run.withStatus(
                isKnown ? status : status.withBranches(found.headBranch(), Optional.of(found.baseBranch())));
        Run recorded =
                isKnown ? known : known.recording(PublishEventFactory.pullRequestSucceeded(known, found, sentence));
        return recorded.ended(PullRequestTransitions.open(recorded.status(), found, true, sentence));
    }

    /** Whether the forge will be asked for a pull request once the work is pushed. */
    static boolean opensPullRequest(Run run, PublishSettings settings) {
        return PullRequestPlan.opens(
                run.spec(), run.admitted(), run.credentials().orElseThrow(), settings.enabled());
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
        boolean mayExist = !pushedNow || mayExist(run);
        LifecycleEvent started = PublishEventFactory.pullRequestStarted(run);
        PublishStatus opening = pushedNow ? PullRequestTransitions.opening(status) : status;
        Run next = run.withPullRequestMayExist(mayExist)
                .withStatus(isNew ? opening.withEvent(started) : opening)
                .withWrite(pushedNow ? shown(run) : Run.Write.LATER);
        return run.attempt() == 1 ? next.announcing(started) : next;
    }

    /** A journaled push stands for its pull request too: it is looked for after a crash. */
    private static Run.Write shown(Run run) {
        return run.upToDate() ? Run.Write.STORE : Run.Write.SHOW;
    }

    /** Whether the branch may have a pull request: what was listed before the push says so, where it was. */
    private static boolean mayExist(Run run) {
        PublishStatus status = run.status();
        return run.answers()
                .pullRequests()
                .filter(PushPlan.PullRequests::readable)
                .map(listed -> listed.all().stream().anyMatch(each -> each.state() == Forge.State.OPEN))
                .orElseGet(() -> run.beganUnsettled()
                        || status.history().has(PublishEvent.GIT_PR_STARTED)
                        || status.push().map(Push::previousCommit).isPresent());
    }

    /** Opens the pull request, or adopts the one that exists. */
    Run open(Run run) {
        Project project = run.admitted();
        Credentials credentials = run.credentials().orElseThrow();
        try {
            credentials.requireMayOpenPullRequests();
            Forge forge = forges.open(project.host(), project.repository(), credentials.requirePullRequest());
            try {
                PullRequestOpener.Result result = opened(run, forge);
                return after.opened(run, result, EarlierPullRequest.of(run, result, forge));
            } finally {
                metrics.rateLimit(ProjectTags.of(project), forge.rateLimit());
            }
        } catch (RefusedException e) {
            return after.refused(run, e);
        }
    }

    private static PullRequestOpener.Result opened(Run run, Forge forge) throws RefusedException {
        PullRequestOpener opener = new PullRequestOpener(
                forge, run.pullRequest().orElseThrow(), run.status().commit().orElse(""));
        Optional<Forge.PullRequest> open = run.openPullRequest();
        if (open.isPresent()) {
            PullRequestOpener.Result found = run.upToDate()
                    ? PullRequestOpener.Result.adopted(open.get())
                    : opener.update(open.get().number());
            PullRequestOpener.Result edited = opener.edited(found, PullRequestUpdate.edit(run, found.pullRequest()));
            return isOwnStartedAgain(run, found.pullRequest()) ? opener.withAdditions(edited) : edited;
        }
        if (run.recorded().isPresent()) {
            opener.requireMayFollow(run.recorded().get(), mayFollow(run));
        }
        return run.pullRequestMayExist() ? opener.adoptOrOpen(isInterrupted(run), mayFollow(run)) : opener.open();
    }

    /** Whether a user set the retry annotation, and this publish opened the pull request. */
    private static boolean isOwnStartedAgain(Run run, Forge.PullRequest found) {
        ObservedPullRequest known = run.status().get().pullRequest();
        return Trigger.isAskedAgain(run.publish())
                && known != null
                && run.status().isPullRequest(found.number())
                && !Boolean.TRUE.equals(known.adopted());
    }

    /**
     * Which closed pull request a new one may follow: any if a user started the run, or changed what the pull request shows
     * and the forge failed to answer then; else one known as closed before it.
     */
    private static IntPredicate mayFollow(Run run) {
        boolean explicit = run.trigger() != Trigger.PULL_REQUEST
                && (Trigger.isStartedByUser(run.publish()) || PullRequestUpdate.isChanged(run));
        Optional<ObservedPullRequest> stored =
                Optional.ofNullable(run.publish().getStatus()).map(SessionPublishStatus::pullRequest);
        return number -> explicit
                || stored.filter(each -> each.number() != null && each.number() == number)
                        .filter(each -> "closed".equals(each.state()))
                        .isPresent();
    }

    /** Whether an earlier run may have opened it and ended before its labels and people were set. */
    private static boolean isInterrupted(Run run) {
        SessionPublishStatus stored = run.publish().getStatus();
        boolean isFound = run.beganUnsettled() && (run.plan().isEmpty() || run.upToDate());
        return stored != null
                && (stored.phase() == Phase.OpeningPullRequest || isFound)
                && !run.status().hasOpenPullRequest();
    }
}
