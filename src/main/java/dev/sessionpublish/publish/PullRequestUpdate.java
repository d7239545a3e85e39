package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.AppliedPullRequest;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.forge.PullRequestEdit;
import dev.sessionpublish.lifecycle.ControllerParts;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Credentials;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectMetrics;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.publish.plan.PullRequestPlan;
import dev.sessionpublish.publish.plan.PullRequestWishes;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Changes an open pull request when the spec has changed. If it was closed, a new run opens the next one. Only what the spec changed is sent, so that what people edited
 * at the forge stays. The sandbox isn't needed, and nothing is pushed.
 */
record PullRequestUpdate(
        Forges forges, ProjectMetrics metrics, ControllerParts controller, boolean publishingEnabled, Clock clock) {

    /**
     * Whether the spec has changed in nothing that the pull request shows. An open one with a reason is to be tried again;
     * nothing but a change follows a closed one.
     */
    static boolean isNothing(Run run) {
        SessionPublishStatus status = run.status().get();
        return !isChanged(run) && (status.phase() == Phase.Closed || status.reason() == null);
    }

    /** Whether the spec wants something else of the pull request than what was applied. */
    static boolean isChanged(Run run) {
        Project.PullRequests rules = Project.PullRequests.of(
                run.resource().map(project -> project.getSpec().pullRequests()).orElse(null));
        return applied(run)
                .filter(applied ->
                        !PullRequestWishes.of(run.spec(), rules).since(applied).isEmpty())
                .isPresent();
    }

    static PullRequestWishes wishes(Run run) {
        return PullRequestWishes.of(run.spec(), run.admitted().pullRequests());
    }

    /** What changes in a pull request; nothing if it isn't the one of the status. */
    static PullRequestEdit edit(Run run, Forge.PullRequest found) {
        return applied(run)
                .filter(any -> run.status().isPullRequest(found.number()))
                .map(applied -> wishes(run).since(applied))
                .orElse(PullRequestEdit.NONE);
    }

    private static Optional<AppliedPullRequest> applied(Run run) {
        return Optional.ofNullable(run.status().get().pullRequest()).map(ObservedPullRequest::applied);
    }

    /** The run ends unless the pull request has ended: then the next steps decide. */
    Run update(Run run) {
        try {
            Project project = run.admitted();
            Credentials credentials = run.credentials().orElseThrow();
            requireMayChange(project, credentials);
            Forge forge = forges.open(project.host(), project.repository(), credentials.requirePullRequest());
            try {
                return updated(run, forge);
            } finally {
                metrics.rateLimit(ProjectTags.of(project), forge.rateLimit());
            }
        } catch (RefusedException e) {
            return refused(run, e);
        }
    }

    private void requireMayChange(Project project, Credentials credentials) throws RefusedException {
        Optional<RefusedException> refusal = PullRequestPlan.refusalOfChanges(project, credentials, publishingEnabled);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        credentials.requireMayOpenPullRequests();
    }

    private Run updated(Run run, Forge forge) throws RefusedException {
        Forge.PullRequest now =
                forge.pullRequest(run.status().pullRequestNumber().orElseThrow());
        if (now.state() != Forge.State.OPEN) {
            return startedAgain(run, now);
        }
        PullRequestEdit edit = edit(run, now);
        List<String> notes = edit.isEmpty() ? List.of() : sent(forge, now.number(), edit);
        String what = edit.isEmpty() ? "" : " Changed: " + String.join(", ", edit.changes()) + ".";
        String sentence = (edit.isEmpty() ? "Found" : "Updated") + " pull request #" + now.number() + ", " + now.url()
                + "." + what + (notes.isEmpty() ? "" : " " + String.join(" ", notes));
        Run seen = run.withStatus(PullRequestTransitions.seen(run.status(), now));
        Run recorded = edit.isEmpty()
                ? seen
                : seen.recording(PublishEventFactory.pullRequestUpdated(seen, now, edit, sentence));
        return recorded.ended(PullRequestTransitions.applied(
                PullRequestTransitions.updated(recorded.status(), sentence), wishes(run)));
    }

    private List<String> sent(Forge forge, int number, PullRequestEdit edit) throws RefusedException {
        controller.shutdown().beginSending();
        return forge.edit(number, edit);
    }

    private static Run startedAgain(Run run, Forge.PullRequest ended) {
        PublishStatus seen = PullRequestTransitions.seen(run.status(), ended);
        return run.withRecorded(Optional.of(ended))
                .withTrigger(Trigger.SPEC_AFTER_PUSH)
                .withStatus(Trigger.SPEC_AFTER_PUSH.begin(run.publish(), seen));
    }

    private Run refused(Run run, RefusedException why) {
        Optional<Instant> next = controller
                .backoff()
                .delay(why.reason().retryClass(), run.attempt(), why.retryAfter())
                .map(delay -> clock.instant().plus(delay));
        return run.ended(PullRequestTransitions.notUpdated(run.status().withAttempt(run.attempt()), why, next));
    }
}
