package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.Push;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.git.ReceivePack;
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.lifecycle.Shutdown;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.publish.plan.PullRequestText;
import dev.sessionpublish.publish.plan.PushPlan;
import dev.sessionpublish.publish.push.PushProgress;
import dev.sessionpublish.publish.push.Relay;
import dev.sessionpublish.publish.push.SandboxGit;
import dev.sessionpublish.sandbox.LocatedSandbox;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The steps from the sandbox to the branch at the forge. */
final class PushSteps {
    private final SourceSteps source;
    private final Forges forges;
    private final PlanQuestions questions;
    private final PublishSettings settings;
    private final PublishMetrics metrics;
    private final Shutdown shutdown;
    private final RunProgress progress;

    PushSteps(
            SourceSteps source,
            Forges forges,
            PlanQuestions questions,
            PublishSettings settings,
            PublishMetrics metrics,
            Shutdown shutdown,
            RunProgress progress) {
        this.source = source;
        this.forges = forges;
        this.questions = questions;
        this.settings = settings;
        this.metrics = metrics;
        this.shutdown = shutdown;
        this.progress = progress;
    }

    /** A push was journaled, and its outcome is not known: the branch says whether it arrived. */
    Run resume(Run run) throws RefusedException {
        ReceivePack.Remote remote = source.advertised(run);
        PublishStatus status = run.status();
        Push journaled = status.push().orElseThrow();
        String commit = Objects.requireNonNullElse(journaled.commit(), "");
        boolean landed = questions.hasLanded(
                run, remote.advertisement().branch(status.headBranch()), commit, journaled.previousCommit());
        if (!landed) {
            return run.withRemote(Optional.of(remote));
        }
        if (run.startsAnew()) {
            Run arrived = run.withStatus(status.withPushed(commit, null));
            return arrived.recording(PublishEventFactory.pushSucceeded(arrived, commit))
                    .withRemote(Optional.of(remote));
        }
        Run started = run.resumed() ? run.announcing(PublishEventFactory.pushStarted(run)) : run;
        return pushed(started, commit, journaled.bytes());
    }

    /**
     * Decides what is done to the branch; then asks the forge which LFS objects it lacks. Unless something is pushed, and
     * nothing is sent before the journal, this waits for the look at the pod: the header is only a claim.
     */
    Run plan(Run run) throws RefusedException {
        PlanQuestions.Answered answered = questions.plan(run, settings.enabled());
        boolean hasLfs = !conversation(run).checkout().lfsObjects().isEmpty();
        if (!(answered.plan() instanceof PushPlan.Push) || hasLfs || !settings.enabled()) {
            requireSamePod(run);
        }
        Run known = run.withAnswers(answered.answers())
                .withUnderway(run.underway().withPullRequests(answered.pullRequests()));
        PushPlan plan = answered.plan();
        if (plan instanceof PushPlan.Push push) {
            return planned(known.withLfsObjects(relayOf(run).lackingLfsObjects(push.branch())), push);
        }
        if (plan instanceof PushPlan.UpToDate upToDate) {
            return planned(known.withUpToDate(true), upToDate.push());
        }
        return PlanEnd.of(run, plan);
    }

    private static void requireSamePod(Run run) throws RefusedException {
        run.underway().samePod().orElseThrow().await();
    }

    private static Run planned(Run run, PushPlan.Push push) {
        return run.withPlan(Optional.of(push)).withStatus(run.status().withBranches(push.branch(), run.base()));
    }

    /** Stores what is about to be done, before it is done. */
    Run journal(Run run) throws RefusedException {
        PushPlan.Push push = run.plan().orElseThrow();
        if (!settings.enabled()) {
            throw new RefusedException(
                    PublishReason.PUBLISHING_DISABLED,
                    "All checks passed, and nothing is pushed because publishing is disabled on this operator"
                            + " (SESSION_PUBLISH_PUBLISHING_ENABLED is false). "
                            + push.newId().abbreviated()
                            + " is pushed to " + push.branch()
                            + " automatically once a cluster administrator enables it.");
        }
        LocatedSandbox sandbox = run.sandbox().orElseThrow();
        PullRequestText text = PullRequestText.of(
                run.publish(), run.status().startedBy(), conversation(run).checkout(), sandbox);
        Run started = run.withStatus(
                PushTransitions.journaled(run.status().withAttempt(run.attempt()), push, text, sandbox.notice()));
        if (run.upToDate()) {
            return pushed(started, push.newId().hex(), 0L);
        }
        Run journaled = started.withWrite(Run.Write.JOURNAL);
        return run.resumed()
                ? journaled
                : journaled.withStatus(journaled.status().withEvent(PublishEventFactory.pushStarted(started)));
    }

    /**
     * Waits for what was asked beside the journal. If the pod is another one by now, or a pull request of the branch has the
     * work already, nothing is pushed: the run goes on as it was before the journal, which its next status withdraws.
     */
    Run confirm(Run planned, Run journaled) throws RefusedException {
        if (journaled.pushed()) {
            return journaled;
        }
        requireSamePod(planned);
        PlanQuestions.Answered answered = questions.confirmed(planned);
        return answered.plan() instanceof PushPlan.Push
                ? journaled.withAnswers(answered.answers()).announcing(PublishEventFactory.pushStarted(journaled))
                : PlanEnd.of(planned.withAnswers(answered.answers()), answered.plan());
    }

    /** Passes the pack on from the sandbox to the forge. */
    Run relay(Run run) throws RefusedException {
        Project project = run.admitted();
        PushPlan.Push push = run.plan().orElseThrow();
        AtomicLong shown = new AtomicLong();
        Relay.Transport transport = new Relay.Transport(
                forges.receivePack(project.host()),
                project.repository(),
                new PushProgress(settings.progressInterval(), shutdown::beginSending, sent -> {
                    shown.set(sent);
                    progress.sending(run, sent);
                }),
                () -> source.opened(run));
        boolean repeated = run.status().commit().isPresent();
        Relay.Plan plan = new Relay.Plan(push, repeated, run.base(), run.lfsObjects());
        long bytes;
        try {
            bytes = relayOf(run).run(plan, transport);
            if (!PullRequestSteps.opensPullRequest(run, settings)) {
                Optional<RefusedException> lost = questions.lost(run, push.update());
                if (lost.isPresent()) {
                    throw lost.get();
                }
            }
        } catch (RefusedException e) {
            return shown.get() == 0
                    ? run.refused(e)
                    : run.withStatus(run.status().withPushProgress(shown.get())).refused(e);
        }
        metrics.relayed(ProjectTags.of(project), PublishMetrics.Content.PACK, bytes);
        return pushed(run, push.newId().hex(), bytes);
    }

    static Run pushed(Run run, String commit, @Nullable Long bytes) {
        Run pushed = run.withStatus(run.status().withPushed(commit, bytes));
        return pushed.recording(PublishEventFactory.pushSucceeded(pushed, commit))
                .atPullRequest();
    }

    private Relay relayOf(Run run) throws RefusedException {
        Project project = run.admitted();
        return new Relay(
                conversation(run),
                run.remote().orElseThrow(),
                run.memory().orElseThrow(),
                settings.packLimit(project),
                credential(run),
                forges.lfs(project.host(), run.remote().orElseThrow().repository(), credential(run)),
                bytes -> metrics.relayed(ProjectTags.of(project), PublishMetrics.Content.LFS, bytes));
    }

    private static Credential credential(Run run) throws RefusedException {
        return run.credentials().orElseThrow().requirePush();
    }

    private static SandboxGit.Conversation conversation(Run run) {
        return run.conversation().orElseThrow();
    }
}
