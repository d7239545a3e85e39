package dev.sessionpublish.publish;

import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.CommitChain;
import dev.sessionpublish.git.ObjectFormat;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.Pack;
import dev.sessionpublish.git.PushAnswer;
import dev.sessionpublish.git.PushBody;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.git.ReceivePack;
import dev.sessionpublish.git.RefUpdate;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.git.lfs.LfsObject;
import dev.sessionpublish.git.lfs.LfsServer;
import dev.sessionpublish.git.lfs.LfsTransfer;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.CheckoutSession;
import dev.sessionpublish.sandbox.LfsStream;
import dev.sessionpublish.sandbox.SandboxReason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Takes a pack from a checkout to a forge, and finds out what became of it.
 *
 * @param session has described the checkout and waits to be asked
 * @param remote as advertised before
 * @param lfs takes the work's LFS objects before its pack goes
 * @param lfsTaken is told of each how many bytes were taken
 */
record Relay(
        CheckoutSession session,
        ReceivePack.Remote remote,
        Token token,
        Checkout checkout,
        LfsServer lfs,
        LongConsumer lfsTaken) {
    private static final int MAX_HAVES = 20_000;

    /**
     * @param proveDescent whether the new commit must be shown to build on the old one
     * @param base asked about again when the sandbox has to be asked a second time
     * @param lfsObjects that the forge lacks
     */
    record Plan(
            RefUpdate update,
            boolean proveDescent,
            Optional<String> base,
            long maxPackBytes,
            List<LfsTransfer> lfsObjects) {}

    /** Opens the sandbox once more. */
    @FunctionalInterface
    interface SecondSession {
        CheckoutSession open() throws RefusedException;
    }

    /** Which LFS objects of the work the forge lacks; it is asked only when the work adds some. */
    List<LfsTransfer> lackingLfsObjects(String branch, long maxBytes) throws RefusedException {
        List<LfsObject> added = checkout.lfsObjects();
        Optional<LfsObject> tooLarge =
                added.stream().filter(each -> each.size() > maxBytes).findFirst();
        if (tooLarge.isPresent()) {
            throw new RefusedException(
                    PushReason.PACK_TOO_LARGE,
                    "The LFS object " + tooLarge.get().oid() + " is larger than what the operator relays ("
                            + maxBytes / (1 << 20) + " MiB): have SESSION_PUBLISH_MAX_PACK raised.");
        }
        return added.isEmpty() ? List.of() : lfs.lacking(added, "refs/heads/" + branch);
    }

    /** @return the pack's size in bytes */
    long run(ReceivePack forge, RepositoryUrl repository, Plan plan, PushBody.Progress progress, SecondSession second)
            throws RefusedException {
        boolean buildOnTracking = checkout.baseTree().isEmpty();
        Sent sent = send(session, forge, plan, plan.lfsObjects(), buildOnTracking, progress);
        if (sent.answer() instanceof PushAnswer.ObjectsMissing missing) {
            if (!buildOnTracking) {
                throw refusal(missing);
            }
            try (CheckoutSession again = second.open()) {
                Checkout now = again.describe(plan.base(), plan.base().flatMap(remote.advertisement()::branch));
                if (!now.commit().equals(checkout.commit())) {
                    throw new RefusedException(
                            SandboxReason.WORKSPACE_BUSY, "The checkout has changed while it was being published.");
                }
                sent = send(again, forge, plan, List.of(), false, progress);
            }
        }
        settle(sent.answer(), forge, repository, plan.update());
        return sent.bytes();
    }

    private record Sent(PushAnswer answer, long bytes) {}

    private Sent send(
            CheckoutSession from,
            ReceivePack forge,
            Plan plan,
            List<LfsTransfer> lfsObjects,
            boolean buildOnTracking,
            PushBody.Progress progress)
            throws RefusedException {
        Advertisement advertised = remote.advertisement();
        RefUpdate update = plan.update();
        Optional<ObjectId> old = Optional.of(update.oldId()).filter(id -> !id.isZero());
        List<ObjectId> haves = advertised.tips(MAX_HAVES, plan.base().orElse(""), update.branch());
        from.ask(new CheckoutSession.PackRequest(
                old,
                plan.proveDescent(),
                buildOnTracking,
                advertised.supports("ofs-delta"),
                !advertised.supports("no-thin"),
                lfsObjects.stream().map(LfsTransfer::object).toList(),
                haves));
        try {
            if (plan.proveDescent()) {
                requireDescent(CommitChain.read(from.output(), update.oldId(), update.newId()), update);
            }
            new LfsStream(from.output(), lfs, update.ref(), lfsTaken).send(lfsObjects);
            Pack pack = new Pack(from.output(), ObjectFormat.of(update.newId()), plan.maxPackBytes());
            PushAnswer answer = forge.push(remote, token, update, pack, progress);
            return new Sent(answer, pack.bytes());
        } catch (Pack.TooLargeException e) {
            throw new RefusedException(
                    PushReason.PACK_TOO_LARGE,
                    "The work is larger than what the operator relays (" + plan.maxPackBytes() / (1 << 20)
                            + " MiB): publish less at once, or have SESSION_PUBLISH_MAX_PACK raised.");
        } catch (IOException e) {
            throw from.explain(e);
        }
    }

    private RefusedException refusal(PushAnswer.ObjectsMissing missing) {
        if (!checkout.shallow()) {
            return missing.otherwise();
        }
        return new RefusedException(
                PushReason.SHALLOW,
                "The checkout is shallow, and the forge lacks the history that it leaves out: run `git fetch --unshallow` in the sandbox. "
                        + missing.otherwise().getMessage());
    }

    private static void requireDescent(CommitChain.Verdict verdict, RefUpdate update) throws RefusedException {
        if (verdict == CommitChain.Verdict.DESCENDS) {
            return;
        }
        String why = verdict == CommitChain.Verdict.TOO_LONG
                ? "the commits between are too many to prove that nothing is lost"
                : "the branch has commits that the sandbox's work does not build on";
        throw new RefusedException(
                PushReason.NON_FAST_FORWARD,
                "The branch " + update.branch() + " was not touched: " + why + ". Bring "
                        + update.oldId().abbreviated()
                        + " into the checkout, choose another spec.headBranch, or replace the branch with spec.force"
                        + " (in a new SessionPublish once this one has pushed).");
    }

    /** An answer that leaves open what happened is settled by looking at the branch. */
    private void settle(PushAnswer answer, ReceivePack forge, RepositoryUrl repository, RefUpdate update)
            throws RefusedException {
        if (answer instanceof PushAnswer.ObjectsMissing missing) {
            throw refusal(missing);
        }
        if (answer instanceof PushAnswer.Unsettled unsettled) {
            Advertisement now;
            try {
                now = forge.advertise(repository, token).advertisement();
            } catch (RefusedException e) {
                throw unsettled.otherwise();
            }
            Optional<ObjectId> tip = now.branch(update.branch());
            if (tip.equals(Optional.of(update.newId()))) {
                return;
            }
            if (!tip.orElse(update.newId().zero()).equals(update.oldId())) {
                throw new RefusedException(
                        PushReason.LEASE_STALE,
                        "Somebody else moved the branch " + update.branch()
                                + " while it was being pushed: it is looked at again.");
            }
            if (tip.isEmpty()) {
                BranchRules.requireRoom(update.branch(), now);
            }
            throw unsettled.otherwise();
        }
    }
}
