package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.ObservedSource;
import dev.sessionpublish.api.v1alpha1.Workspace;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.git.ReceivePack;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.publish.plan.BranchRules;
import dev.sessionpublish.publish.plan.HeadBranch;
import dev.sessionpublish.publish.push.DefaultBranch;
import dev.sessionpublish.publish.push.SandboxGit;
import dev.sessionpublish.sandbox.CheckoutSession;
import dev.sessionpublish.sandbox.LocatedSandbox;
import dev.sessionpublish.sandbox.PodLocator;
import dev.sessionpublish.sandbox.SandboxContainer;
import java.util.Optional;

/**
 * The steps that find out what there is, in the sandbox and at the forge. In its first attempt a run asks both at the same
 * time. A later one asks one after the other, so that what fails again costs the others nothing.
 */
final class SourceSteps {
    private final PodLocator locator;
    private final SandboxGit git;
    private final Forges forges;
    private final DefaultBranch defaultBranch;
    private final PublishMetrics metrics;
    private final RunProgress progress;

    /** Finds a sandbox, and talks with its git. */
    record Sandboxes(PodLocator locator, SandboxGit git) {}

    SourceSteps(
            Sandboxes sandboxes,
            Forges forges,
            DefaultBranch defaultBranch,
            PublishMetrics metrics,
            RunProgress progress) {
        this.locator = sandboxes.locator;
        this.git = sandboxes.git;
        this.forges = forges;
        this.defaultBranch = defaultBranch;
        this.metrics = metrics;
        this.progress = progress;
    }

    /** Begins to look for the pod. */
    Run beginLocating(Run run) {
        return run.isFirstAttempt()
                ? run.withUnderway(
                        run.underway().withSandbox(Optional.of(run.asks().start(() -> located(run)))))
                : run;
    }

    /** One running pod, known by its uid. */
    Run locate(Run run) throws RefusedException {
        return run.withSandbox(Optional.of(Underway.answer(run.underway().sandbox(), () -> located(run))));
    }

    private LocatedSandbox located(Run run) throws RefusedException {
        Optional<String> seen = run.startsAnew()
                ? Optional.empty()
                : Optional.ofNullable(run.status().get().source()).map(ObservedSource::podUid);
        return locator.locate(run.namespace(), run.spec().source(), seen);
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

    ReceivePack.Remote advertised(Run run) throws RefusedException {
        return forges.receivePack(run.admitted().host())
                .advertise(
                        run.admitted().repository(),
                        run.credentials().orElseThrow().requirePush(),
                        run.memory().orElseThrow());
    }

    private Run withPresentDefault(Run run) throws RefusedException {
        Run known = run.withProject(Optional.of(
                defaultBranch.refresh(run.admitted(), run.credentials().orElseThrow())));
        HeadBranch.requested(Optional.ofNullable(run.spec().headBranch()), known.admitted(), known.base());
        return known;
    }

    /** Begins the exec, which waits for the base that the forge advertises. */
    Run beginExec(Run run) {
        return run.isFirstAttempt()
                ? run.withUnderway(run.underway()
                        .withExec(Optional.of(run.asks().open(() -> opened(run), CheckoutSession::close))))
                : run;
    }

    /** One exec, and its header: what the checkout is. */
    Run ask(Run run) throws RefusedException {
        SandboxContainer container = run.sandbox().orElseThrow().container();
        SandboxGit.Conversation conversation = git.ask(
                Underway.answer(run.underway().exec(), () -> opened(run)),
                run.publish(),
                run.admitted(),
                run.base(),
                run.remote().orElseThrow().advertisement(),
                run.memory().orElseThrow(),
                () -> progress.awaitingSandbox(run));
        try {
            Workspace workspace = WorkspaceNotes.workspace(conversation.checkout());
            PublishLog.checkout(run, container, workspace);
            return run.withConversation(Optional.of(conversation))
                    .withStatus(run.status()
                            .withWorkspace(WorkspaceNotes.source(container, git.directory(run.spec())), workspace));
        } catch (RuntimeException e) {
            conversation.close();
            throw e;
        }
    }

    /** Opens the conversation with the sandbox. */
    CheckoutSession opened(Run run) throws RefusedException {
        return git.open(
                run.publish(),
                run.sandbox().orElseThrow().container(),
                outcome -> metrics.execEnded(ProjectTags.of(run.admitted()), outcome));
    }

    /** Begins to look whether the pod is still the one that was located: its name may belong to another one by now. */
    Run beginLook(Run run) {
        SandboxContainer container = run.sandbox().orElseThrow().container();
        return run.withUnderway(
                run.underway().withSamePod(Optional.of(run.asks().start(() -> {
                    locator.requireSame(container);
                    return true;
                }))));
    }
}
