package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.ObservedSource;
import dev.sessionpublish.api.v1alpha1.Push;
import dev.sessionpublish.api.v1alpha1.Workspace;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.git.ReceivePack;
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.lifecycle.Shutdown;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.publish.plan.BranchRules;
import dev.sessionpublish.publish.plan.HeadBranch;
import dev.sessionpublish.publish.plan.PullRequestText;
import dev.sessionpublish.publish.plan.PushPlan;
import dev.sessionpublish.publish.push.DefaultBranch;
import dev.sessionpublish.publish.push.PushProgress;
import dev.sessionpublish.publish.push.Relay;
import dev.sessionpublish.publish.push.SandboxGit;
import dev.sessionpublish.sandbox.ExecOutcome;
import dev.sessionpublish.sandbox.LocatedSandbox;
import dev.sessionpublish.sandbox.PodLocator;
import dev.sessionpublish.sandbox.SandboxContainer;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The steps from the sandbox to the branch at the forge. */
final class PushSteps {
    private final PodLocator locator;
    private final SandboxGit git;
    private final Forges forges;
    private final DefaultBranch defaultBranch;
    private final PlanQuestions questions;
    private final PublishSettings settings;
    private final PublishMetrics metrics;
    private final Shutdown shutdown;
    private final RunProgress progress;

    /** Finds a sandbox, and talks with its git. */
    record Sandboxes(PodLocator locator, SandboxGit git) {}

    PushSteps(
            Sandboxes sandboxes,
            Forges forges,
            DefaultBranch defaultBranch,
            PlanQuestions questions,
            PublishSettings settings,
            PublishMetrics metrics,
            Shutdown shutdown,
            RunProgress progress) {
        this.locator = sandboxes.locator;
        this.git = sandboxes.git;
        this.forges = forges;
        this.defaultBranch = defaultBranch;
        this.questions = questions;
        this.settings = settings;
        this.metrics = metrics;
        this.shutdown = shutdown;
        this.progress = progress;
    }

    /** A push was journaled, and its outcome is not known: the branch says whether it arrived. */
    Run resume(Run run) throws RefusedException {
        ReceivePack.Remote remote = advertised(run);
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

    /** One running pod, known by its uid. */
    Run locate(Run run) throws RefusedException {
        Optional<String> seen = run.startsAnew()
                ? Optional.empty()
                : Optional.ofNullable(run.status().get().source()).map(ObservedSource::podUid);
        return run.withSandbox(
                Optional.of(locator.locate(run.namespace(), run.spec().source(), seen)));
    }

    /** The refs of the forge's repository, with the base among them. */
    Run advertise(Run run) throws RefusedException {
        ReceivePack.Remote remote = run.remote().isPresent() ? run.remote().get() : advertised(run);
        boolean outdated = BranchRules.isDefaultOutdated(
                run.spec().baseBranch() != null, run.base(), run.admitted(), remote.advertisement());
        Run known = outdated ? withPresentDefault(run) : run;
        BranchRules.requireBase(known.base(), run.spec().wantsPullRequest(), remote.advertisement());
        return known.withRemote(Optional.of(remote));
    }

    private Run withPresentDefault(Run run) throws RefusedException {
        Run known = run.withProject(Optional.of(
                defaultBranch.refresh(run.admitted(), run.credentials().orElseThrow())));
        HeadBranch.requested(Optional.ofNullable(run.spec().headBranch()), known.admitted(), known.base());
        return known;
    }

    /** One exec, and its header: what the checkout is. */
    Run ask(Run run) throws RefusedException {
        SandboxContainer container = run.sandbox().orElseThrow().container();
        SandboxGit.Conversation conversation = git.ask(
                run.publish(),
                container,
                run.admitted(),
                run.base(),
                run.remote().orElseThrow().advertisement(),
                run.memory().orElseThrow(),
                () -> progress.awaitingSandbox(run),
                execEnded(run.admitted()));
        try {
            locator.requireSame(container);
            Workspace workspace = WorkspaceNotes.workspace(conversation.checkout());
            PublishLog.checkout(run, container, workspace);
            return run.withConversation(Optional.of(conversation))
                    .withStatus(run.status()
                            .withWorkspace(WorkspaceNotes.source(container, git.directory(run.spec())), workspace));
        } catch (RefusedException | RuntimeException e) {
            conversation.close();
            throw e;
        }
    }

    /** Decides what is done to the branch; then asks the forge which LFS objects it lacks. */
    Run plan(Run run) throws RefusedException {
        PlanQuestions.Answered answered = questions.plan(run);
        Run known = run.withAnswers(answered.answers());
        PushPlan plan = answered.plan();
        if (plan instanceof PushPlan.Push push) {
            return planned(known.withLfsObjects(relayOf(run).lackingLfsObjects(push.branch())), push);
        }
        if (plan instanceof PushPlan.UpToDate upToDate) {
            return planned(known.withUpToDate(true), upToDate.push());
        }
        return PlanEnd.of(run, plan);
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
                ? journaled.announcing(PublishEventFactory.pushStarted(started))
                : journaled.recording(PublishEventFactory.pushStarted(started));
    }

    /** Passes the pack on from the sandbox to the forge. */
    Run relay(Run run) throws RefusedException {
        Project project = run.admitted();
        PushPlan.Push push = run.plan().orElseThrow();
        SandboxContainer container = run.sandbox().orElseThrow().container();
        AtomicLong shown = new AtomicLong();
        Relay.Transport transport = new Relay.Transport(
                forges.receivePack(project.host()),
                project.repository(),
                new PushProgress(settings.progressInterval(), shutdown::beginSending, sent -> {
                    shown.set(sent);
                    progress.sending(run, sent);
                }),
                () -> git.open(run.publish(), container, execEnded(project)));
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

    private ReceivePack.Remote advertised(Run run) throws RefusedException {
        Project project = run.admitted();
        return forges.receivePack(project.host())
                .advertise(project.repository(), credential(run), run.memory().orElseThrow());
    }

    private Consumer<ExecOutcome> execEnded(Project project) {
        return outcome -> metrics.execEnded(ProjectTags.of(project), outcome);
    }

    private static Credential credential(Run run) throws RefusedException {
        return run.credentials().orElseThrow().requirePush();
    }

    private static SandboxGit.Conversation conversation(Run run) {
        return run.conversation().orElseThrow();
    }
}
