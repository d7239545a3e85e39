package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.ReceivePack;
import dev.sessionpublish.git.RefUpdate;
import dev.sessionpublish.git.lfs.LfsServer;
import dev.sessionpublish.git.lfs.LfsTransfer;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.PodLocator;
import java.util.List;
import java.util.Optional;

/**
 * From the sandbox to the branch: locate, advertise, exec, journal, relay. Whatever an earlier attempt may have done is
 * looked up at the forge first.
 */
final class PushStage {
    private final PodLocator locator;
    private final Questions questions;
    private final BaseBranch base;
    private final Forges forges;
    private final PublishSettings settings;
    private final StatusWriter writer;
    private final PublishMetrics metrics;
    private final Steps steps;

    /** How the stage ended, when it wasn't refused. */
    enum End {
        PUSHED,
        NOTHING_TO_PUBLISH
    }

    PushStage(
            PodLocator locator,
            Questions questions,
            BaseBranch base,
            Forges forges,
            PublishSettings settings,
            StatusWriter writer,
            PublishMetrics metrics,
            Steps steps) {
        this.locator = locator;
        this.questions = questions;
        this.base = base;
        this.forges = forges;
        this.settings = settings;
        this.writer = writer;
        this.metrics = metrics;
        this.steps = steps;
    }

    /**
     * Ends with the branch where it was to go, told and noted but not yet written as pushed.
     *
     * @throws RefusedException with any reason up to the push stage
     * @throws io.fabric8.kubernetes.client.KubernetesClientException with code 409 when the object changed meanwhile
     */
    End run(Attempt begun) throws RefusedException {
        PublishStatus draft = begun.draft();
        requested(begun);
        Attempt attempt = base.known(begun);
        Token token = attempt.credentials().requirePush();
        ReceivePack forge = forges.receivePack(attempt.project().host());

        Optional<ReceivePack.Remote> looked = Optional.empty();
        if (draft.hasUnsettledPush()) {
            ReceivePack.Remote remote = advertise(forge, attempt, token);
            Optional<String> landed = landed(draft, remote.advertisement());
            if (landed.isPresent() && !attempt.newRun()) {
                if (attempt.resumed()) {
                    PushEvents.tellStarted(attempt);
                }
                PushEvents.tellSucceeded(
                        attempt,
                        landed.get(),
                        draft.push().map(SessionPublishStatus.Push::bytes).orElse(null));
                return End.PUSHED;
            }
            landed.ifPresent(id -> draft.pushed(id, null));
            looked = Optional.of(remote);
        }
        PodLocator.LocatedSandbox sandbox = steps.take(Step.LOCATE, () -> locate(attempt));
        ReceivePack.Remote remote = looked.isPresent() ? looked.get() : advertise(forge, attempt, token);
        return askAndPush(base.present(attempt, remote.advertisement()), forge, remote, token, sandbox);
    }

    private End askAndPush(
            Attempt attempt,
            ReceivePack forge,
            ReceivePack.Remote remote,
            Token token,
            PodLocator.LocatedSandbox sandbox)
            throws RefusedException {
        PublishStatus draft = attempt.draft();
        Optional<BranchName> requested = requested(attempt);
        BranchRules.requireBaseThere(attempt, remote.advertisement());
        try (Questions.Asked asked =
                steps.take(Step.ASK, () -> questions.ask(attempt, sandbox, remote.advertisement()))) {
            Checkout checkout = asked.checkout();
            locator.requireSame(sandbox.container());
            draft.located(sandbox.container(), questions.directory(attempt.spec()));
            draft.described(checkout);
            PublishLog.saw(attempt.publish(), sandbox.container(), draft.workspace(), attempt.base());
            CheckoutRules.check(checkout, attempt.spec(), remote.advertisement());
            if (checkout.contained() || checkout.baseTree().equals(Optional.of(checkout.tree()))) {
                draft.nothingToPublish(
                        PullRequestReason.NO_CHANGES,
                        "Nothing to publish: " + checkout.head().abbreviated() + " adds nothing to "
                                + attempt.base().orElse("the base") + ".");
                return End.NOTHING_TO_PUBLISH;
            }
            HeadBranch head = head(attempt, requested, checkout, sandbox);
            return push(attempt, forge, relay(attempt, asked, remote, token), head, sandbox);
        }
    }

    private Relay relay(Attempt attempt, Questions.Asked asked, ReceivePack.Remote remote, Token token)
            throws RefusedException {
        ProjectTags whose = ProjectTags.of(attempt.project());
        return new Relay(
                asked.session(),
                remote,
                token,
                asked.checkout(),
                lfs(attempt, remote, token),
                bytes -> metrics.relayed(whose, PublishMetrics.Content.LFS, bytes));
    }

    private ReceivePack.Remote advertise(ReceivePack forge, Attempt attempt, Token token) throws RefusedException {
        return steps.take(
                Step.ADVERTISE, () -> forge.advertise(attempt.project().repository(), token));
    }

    private static Optional<BranchName> requested(Attempt attempt) throws RefusedException {
        return HeadBranch.requested(
                Optional.ofNullable(attempt.spec().headBranch()), attempt.project(), attempt.base());
    }

    private PodLocator.LocatedSandbox locate(Attempt attempt) throws RefusedException {
        Optional<String> seen =
                attempt.newRun() ? Optional.empty() : attempt.draft().seenPodUid();
        return locator.locate(attempt.namespace(), attempt.spec().source(), seen);
    }

    private static HeadBranch head(
            Attempt attempt, Optional<BranchName> requested, Checkout checkout, PodLocator.LocatedSandbox sandbox)
            throws RefusedException {
        PublishStatus draft = attempt.draft();
        HeadBranch.Identity identity = new HeadBranch.Identity(
                Optional.ofNullable(attempt.spec().title()).orElse(attempt.name()),
                sandbox.uid(),
                Optional.ofNullable(attempt.publish().getStatus())
                        .map(SessionPublishStatus::source)
                        .map(SessionPublishStatus.ObservedSource::podUid),
                attempt.namespace(),
                attempt.name());
        Optional<String> remembered = draft.commit().isPresent() ? draft.headBranch() : Optional.empty();
        return HeadBranch.resolve(
                requested, remembered, checkout.branch(), attempt.project(), attempt.base(), identity);
    }

    private End push(
            Attempt attempt, ReceivePack forge, Relay relay, HeadBranch head, PodLocator.LocatedSandbox sandbox)
            throws RefusedException {
        PublishStatus draft = attempt.draft();
        Advertisement advertised = relay.remote().advertisement();
        Checkout checkout = relay.checkout();
        String branch = head.name().value();
        Optional<ObjectId> old = advertised.branch(branch);
        if (old.isEmpty()) {
            BranchRules.requireRoom(branch, advertised);
        }
        List<LfsTransfer> lfsObjects = old.equals(Optional.of(checkout.commit()))
                ? List.of()
                : relay.lackingLfsObjects(branch, settings.maxPackBytes());
        boolean force = Boolean.TRUE.equals(attempt.spec().force());
        boolean ownTip = head.generated() && old.map(ObjectId::hex).equals(draft.commit()) && old.isPresent();
        if (force && !ownTip) {
            BranchRules.requireUnmoved(attempt, branch, old);
        }
        boolean mayReplace = old.isPresent() && (force || ownTip);
        draft.branches(branch, attempt.base().orElse(null));
        if (!settings.enabled()) {
            throw new RefusedException(
                    PublishReason.PUBLISHING_DISABLED,
                    "All checks have passed, and nothing is pushed because the operator is set to validate only. "
                            + checkout.commit().abbreviated() + " will go to " + branch
                            + " when publishing is switched on.");
        }
        draft.attempt(attempt.number());
        Long commits = checkout.commits().isPresent() ? checkout.commits().getAsLong() : null;
        boolean upToDate = old.equals(Optional.of(checkout.commit()));
        draft.pushing(checkout.commit(), old, commits, mayReplace && !upToDate, Texts.of(attempt, checkout, sandbox));
        sandbox.notice().ifPresent(draft::note);
        if (upToDate) {
            PushEvents.tellSucceeded(attempt, checkout.commit().hex(), 0L);
            return End.PUSHED;
        }
        if (!attempt.resumed()) {
            attempt.journal().note(PublishEvent.GIT_PUSH_STARTED, PushEvents.startedData(attempt));
        }
        steps.take(Step.JOURNAL, () -> writer.journal(attempt.publish(), draft));
        PushEvents.tellStarted(attempt);
        RefUpdate update = new RefUpdate(branch, old.orElse(checkout.commit().zero()), checkout.commit());
        Relay.Plan plan = new Relay.Plan(
                update, old.isPresent() && !mayReplace, attempt.base(), settings.maxPackBytes(), lfsObjects);
        long bytes = steps.take(
                Step.RELAY,
                () -> relay.run(
                        forge,
                        attempt.project().repository(),
                        plan,
                        new PushProgress(attempt, writer, settings.progressInterval()),
                        () -> questions.open(attempt, sandbox)));
        metrics.relayed(ProjectTags.of(attempt.project()), PublishMetrics.Content.PACK, bytes);
        PushEvents.tellSucceeded(attempt, checkout.commit().hex(), bytes);
        return End.PUSHED;
    }

    private LfsServer lfs(Attempt attempt, ReceivePack.Remote remote, Token token) throws RefusedException {
        return forges.lfs(attempt.project().host(), remote.repository(), token);
    }

    private static Optional<String> landed(PublishStatus draft, Advertisement advertised) {
        Optional<String> tip = draft.headBranch().flatMap(advertised::branch).map(ObjectId::hex);
        return tip.filter(id ->
                id.equals(draft.push().map(SessionPublishStatus.Push::commit).orElse("")));
    }
}
