package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.git.ReceivePack;
import dev.sessionpublish.git.lfs.LfsTransfer;
import dev.sessionpublish.lifecycle.LifecycleEvent;
import dev.sessionpublish.lifecycle.RunTasks;
import dev.sessionpublish.lifecycle.Stored;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Credentials;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.publish.plan.PushPlan;
import dev.sessionpublish.publish.push.SandboxGit;
import dev.sessionpublish.sandbox.LocatedSandbox;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known in one run of one publish: an immutable value that each step takes and returns with what it has found out.
 * What is empty is not known yet.
 *
 * @param publish as it was when the run began
 * @param stored the same object, for the writes of its status
 * @param records in flight while the next step runs
 * @param asks what is asked beside the steps
 * @param underway what of that no step has waited for yet
 * @param resource the project, as the API server has it now; empty when there is none
 * @param attempt from 1, in its step and run: the events are recorded under it
 * @param pushAttempt the attempt of the push, also once the pull request counts its own
 * @param resumed whether the attempt had begun in a process that did not record its end
 * @param project checked; with the present default branch
 * @param requested {@code spec.headBranch}, checked; empty when the spec names none
 * @param memory that the run holds what sandbox and forge send in, until the push has ended
 * @param remote the repository and its advertised refs
 * @param conversation with the sandbox, open
 * @param recorded the pull request of the status, as the forge has it now
 * @param answers to the questions of the plan
 * @param plan of the push
 * @param upToDate whether the branch is at the planned commit already
 * @param lfsObjects of the work, that the forge lacks
 * @param pushed whether the branch is where it was to go
 * @param pullRequest that is wanted
 * @param pullRequestMayExist whether one may have been opened before
 * @param write what happens to the status when the step ends
 * @param unannounced events that have no Kubernetes Event yet
 * @param refusal why the run ends
 * @param over whether no further step is taken
 */
@RecordBuilder
@RecordBuilder.Options(enableGetters = false)
record Run(
        SessionPublish publish,
        Stored<SessionPublish> stored,
        Records records,
        RunTasks asks,
        Underway underway,
        Optional<SessionProject> resource,
        PublishStatus status,
        Trigger trigger,
        int attempt,
        int pushAttempt,
        boolean resumed,
        Optional<Project> project,
        Optional<Credentials> credentials,
        Optional<BranchName> requested,
        Optional<LocatedSandbox> sandbox,
        Optional<MemoryBudget.Share> memory,
        Optional<ReceivePack.Remote> remote,
        Optional<SandboxGit.Conversation> conversation,
        Optional<Forge.PullRequest> recorded,
        PushPlan.Answers answers,
        Optional<PushPlan.Push> plan,
        boolean upToDate,
        List<LfsTransfer> lfsObjects,
        boolean pushed,
        Optional<Forge.NewPullRequest> pullRequest,
        boolean pullRequestMayExist,
        Write write,
        List<LifecycleEvent> unannounced,
        Optional<RefusedException> refusal,
        boolean over)
        implements RunBuilder.With {

    /** What the runner does with the status at the end of a step. */
    enum Write {
        /** Nothing: the next write has it. */
        LATER,
        /** Stores it before anything else happens, unless the object has changed. */
        JOURNAL,
        /** Stores it before the next step. */
        STORE,
        /** Stores it for whoever watches, while the next step runs. */
        SHOW
    }

    static Run begin(SessionPublish publish, Optional<SessionProject> resource, Clock clock) {
        PublishStatus stored = PublishStatus.of(publish, clock);
        Trigger trigger = Trigger.of(publish, stored);
        Run run = RunBuilder.builder()
                .publish(publish)
                .stored(Stored.of(publish))
                .records(new Records(RunTasks.inline()))
                .asks(RunTasks.inline())
                .underway(Underway.NOTHING)
                .resource(resource)
                .status(stored)
                .trigger(trigger)
                .lfsObjects(List.of())
                .unannounced(List.of())
                .answers(PushPlan.Answers.NONE)
                .write(Write.LATER)
                .pushed(trigger.isAfterPush())
                .build();
        long generation = publish.getMetadata().getGeneration();
        if (publish.getSpec().suspends()) {
            return run.withStatus(stored.withSuspension(generation)).withOver(true);
        }
        String revision = Project.revision(resource);
        if (trigger == Trigger.NOTED || trigger == Trigger.UPDATE && PullRequestUpdate.isNothing(run)) {
            return run.withStatus(PullRequestTransitions.nothingLeft(stored, generation)
                            .withProject(revision))
                    .withOver(true);
        }
        PublishStatus status = trigger.begin(publish, stored).withProject(revision);
        boolean resumed = status.phase() == Phase.Pushing;
        int attempt = resumed ? Math.max(1, status.attempts()) : status.attempts() + 1;
        return run.withStatus(status).withResumed(resumed).withAttempt(attempt).withPushAttempt(attempt);
    }

    SessionPublishSpec spec() {
        return publish.getSpec();
    }

    String namespace() {
        return publish.getMetadata().getNamespace();
    }

    String name() {
        return publish.getMetadata().getName();
    }

    /** The project, from the step Admit on. */
    Project admitted() {
        return project.orElseThrow();
    }

    /** The base: that of the open pull request, otherwise what the spec says, otherwise the project's default branch. */
    Optional<String> base() {
        return openPullRequest()
                .map(Forge.PullRequest::baseBranch)
                .or(() -> Optional.ofNullable(spec().baseBranch()))
                .or(() -> project.flatMap(Project::defaultBranch));
    }

    /** The push that this run has sent. */
    Optional<PushPlan.Push> pushedNow() {
        return plan.filter(push -> !upToDate && !trigger.isAfterPush());
    }

    /** The pull request of the status, if it is open at the forge. */
    Optional<Forge.PullRequest> openPullRequest() {
        return recorded.filter(each -> each.state() == Forge.State.OPEN);
    }

    /** Whether the pull request is to be a draft: what the spec says, otherwise the project. */
    boolean wantsDraft() {
        return Optional.ofNullable(spec().draft())
                .or(() -> project.map(each -> each.pullRequests().draft()))
                .orElse(false);
    }

    /** Whether the work in the sandbox is read again, whatever was pushed before. */
    boolean startsAnew() {
        return trigger == Trigger.ANEW;
    }

    boolean hasUnsettledPush() {
        return status.hasUnsettledPush();
    }

    /** Whether nothing has failed before, and nothing is left to be resumed. */
    boolean isFirstAttempt() {
        return attempt == 1 && !resumed && !hasUnsettledPush() && !trigger.isAfterPush();
    }

    /**
     * Whether the run began with a push whose outcome was not recorded. Its pull request may have been opened, because that
     * does not wait until the outcome of the push is recorded.
     */
    boolean beganUnsettled() {
        return Optional.ofNullable(publish.getStatus())
                .map(SessionPublishStatus::push)
                .filter(push -> push.startedAt() != null && push.finishedAt() == null)
                .isPresent();
    }

    /** Puts an event into the history, and has the runner announce it. */
    Run recording(LifecycleEvent event) {
        return withStatus(status.withEvent(event)).announcing(event);
    }

    /** Has the runner announce an event that the history has already, under the ordinal that it has there. */
    Run announcing(LifecycleEvent event) {
        LifecycleEvent numbered = event.withOrdinal(status.history().ordinalOf(event.type()));
        return withUnannounced(
                Stream.concat(unannounced.stream(), Stream.of(numbered)).toList());
    }

    Run ended(PublishStatus end) {
        return withStatus(end).withOver(true);
    }

    Run refused(RefusedException why) {
        return withRefusal(Optional.of(why)).withOver(true);
    }

    /** The push ended well, or is left as it is: the next attempt is the first one of the pull request. */
    Run atPullRequest() {
        return withPushed(true)
                .withAttempt(1)
                .withResumed(false)
                .withRefusal(Optional.empty())
                .withOver(false);
    }
}
