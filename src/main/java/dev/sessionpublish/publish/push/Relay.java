package dev.sessionpublish.publish.push;

import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.CommitChain;
import dev.sessionpublish.git.MemoryBudget;
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
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.publish.plan.BranchRules;
import dev.sessionpublish.publish.plan.PushPlan;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.CheckoutSession;
import dev.sessionpublish.sandbox.LfsStream;
import dev.sessionpublish.sandbox.SandboxReason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Relays a pack from a checkout to a forge, and finds out the result.
 *
 * @param conversation with the sandbox, which waits for the request for a pack
 * @param remote as advertised
 * @param memory that the proof of descent and the lists of the run are kept in
 * @param limit of the pack and the LFS objects together
 * @param lfs uploads the LFS objects of the work before its pack is sent
 * @param lfsTaken called with the size of each uploaded LFS object, in bytes
 */
public record Relay(
        SandboxGit.Conversation conversation,
        ReceivePack.Remote remote,
        MemoryBudget.Share memory,
        PackLimit limit,
        Credential credential,
        LfsServer lfs,
        LongConsumer lfsTaken) {
    /**
     * What is sent.
     *
     * @param repeated whether this publish has pushed before, so that spec.headBranch and spec.force are fixed
     * @param base that the work is compared with, when the sandbox must be asked again
     * @param lfsObjects that the forge lacks
     */
    public record Plan(PushPlan.Push push, boolean repeated, Optional<String> base, List<LfsTransfer> lfsObjects) {}

    /**
     * One pack, and the LFS objects before it.
     *
     * @param lfsSent the bytes of LFS objects that were sent before, which count towards the limit
     */
    private record Attempt(List<LfsTransfer> lfsObjects, long lfsSent, boolean buildOnTracking) {}

    /** How a push is carried out. */
    public record Transport(
            ReceivePack forge, RepositoryUrl repository, PushBody.Progress progress, SecondSession second) {}

    /** Opens the conversation with the sandbox again. */
    @FunctionalInterface
    public interface SecondSession {
        CheckoutSession open() throws RefusedException;
    }

    private Checkout checkout() {
        return conversation.checkout();
    }

    /**
     * The LFS objects of the work that the forge lacks; sends no request when the work adds none. The sizes that their
     * pointers claim are held against the limit.
     */
    public List<LfsTransfer> lackingLfsObjects(String branch) throws RefusedException {
        return lackingLfsObjects(checkout(), branch, 0);
    }

    private List<LfsTransfer> lackingLfsObjects(Checkout from, String branch, long sent) throws RefusedException {
        List<LfsObject> added = from.lfsObjects();
        if (added.isEmpty()) {
            return List.of();
        }
        List<LfsTransfer> lacking = lfs.lacking(added, "refs/heads/" + branch);
        long left = limit.bytes() - sent;
        for (LfsTransfer each : lacking) {
            if (each.object().size() > left) {
                throw limit.exceededBy("The " + lacking.size() + " LFS objects that the forge lacks are");
            }
            left -= each.object().size();
        }
        return lacking;
    }

    /** @return the pack's size in bytes */
    public long run(Plan plan, Transport transport) throws RefusedException {
        boolean buildOnTracking = checkout().baseTree().isEmpty();
        Sent sent = send(conversation.session(), plan, new Attempt(plan.lfsObjects, 0, buildOnTracking), transport);
        if (sent.answer() instanceof PushAnswer.ObjectsMissing missing) {
            if (!buildOnTracking) {
                throw refusal(missing);
            }
            try (CheckoutSession again = transport.second.open()) {
                CheckoutSession.HeaderRequest request = new CheckoutSession.HeaderRequest(
                        plan.base, plan.base.flatMap(remote.advertisement()::branch), false, false);
                Checkout now = again.describe(request, memory, () -> {});
                if (!now.commit().equals(checkout().commit())) {
                    throw new RefusedException(
                            SandboxReason.WORKSPACE_BUSY,
                            "The checkout changed while it was being published: the publish is retried.");
                }
                again.tell(remote.advertisement().tips(SandboxGit.MAX_HAVES, plan.base.orElse(""), plan.push.branch()));
                // Those of commits on which the first pack was built, because the forge lacks such commits.
                List<LfsTransfer> more = lackingLfsObjects(now, plan.push.branch(), sent.lfsSent);
                sent = send(again, plan, new Attempt(more, sent.lfsSent, false), transport);
            }
        }
        settle(sent.answer(), transport, plan.push.update());
        return sent.bytes();
    }

    /** @param bytes of the pack */
    private record Sent(PushAnswer answer, long bytes, long lfsSent) {}

    private Sent send(CheckoutSession from, Plan plan, Attempt attempt, Transport transport) throws RefusedException {
        Advertisement advertised = remote.advertisement();
        RefUpdate update = plan.push.update();
        Optional<ObjectId> old = Optional.of(update.oldId()).filter(id -> !id.isZero());
        from.ask(new CheckoutSession.PackRequest(
                old,
                plan.push.needsProof(),
                attempt.buildOnTracking,
                advertised.supports("ofs-delta"),
                !advertised.supports("no-thin"),
                attempt.lfsObjects.stream().map(LfsTransfer::object).toList()));
        try {
            if (plan.push.needsProof()) {
                requireDescent(CommitChain.read(from.chain(), update.oldId(), update.newId(), memory), plan);
            }
            if (!attempt.lfsObjects.isEmpty()) {
                transport.progress.begins();
            }
            long lfsSent = attempt.lfsSent
                    + new LfsStream(from.output(), lfs, update.ref(), lfsTaken).send(attempt.lfsObjects);
            Pack pack = new Pack(from.output(), ObjectFormat.of(update.newId()), limit.bytes() - lfsSent);
            PushAnswer answer = transport.forge.push(remote, credential, update, pack, transport.progress);
            return new Sent(answer, pack.bytes(), lfsSent);
        } catch (Pack.TooLargeException e) {
            throw limit.exceededBy(plan.lfsObjects.isEmpty() ? "The pack is" : "The pack and its LFS objects are");
        } catch (IOException e) {
            throw from.explain(e);
        }
    }

    private RefusedException refusal(PushAnswer.ObjectsMissing missing) {
        RefusedException why = missing.otherwise();
        if (!checkout().shallow()) {
            return why;
        }
        return missing.certain()
                ? new RefusedException(
                        PushReason.SHALLOW,
                        why.getMessage()
                                + " The checkout is shallow, and the forge lacks the history before it: run `git fetch"
                                + " --unshallow` in the sandbox.")
                : new RefusedException(
                        why.reason(),
                        why.getMessage()
                                + " If the message is about missing objects, run `git fetch --unshallow` in the sandbox:"
                                + " the checkout is shallow.");
    }

    private static void requireDescent(CommitChain.Verdict verdict, Plan plan) throws RefusedException {
        if (verdict == CommitChain.Verdict.DESCENDS) {
            return;
        }
        RefUpdate update = plan.push.update();
        String why = verdict == CommitChain.Verdict.TOO_LONG
                ? "there are too many commits between the branch and the work to prove that none is lost"
                : "it has commits that the sandbox's work does not contain";
        throw new RefusedException(
                PushReason.NON_FAST_FORWARD,
                "The branch " + update.branch() + " was left unchanged: " + why + ". Merge "
                        + update.oldId().abbreviated()
                        + " into the checkout, then retry"
                        + (plan.repeated
                                ? ", or create a SessionPublish with another spec.headBranch, or with this one and"
                                        + " spec.force to replace the branch."
                                : ", set spec.headBranch to another branch, or set spec.headBranch to this one and"
                                        + " spec.force to true to replace the branch."));
    }

    /** When the answer leaves the result open, the branch is read. */
    private void settle(PushAnswer answer, Transport transport, RefUpdate update) throws RefusedException {
        if (answer instanceof PushAnswer.ObjectsMissing missing) {
            throw refusal(missing);
        }
        if (answer instanceof PushAnswer.Unsettled unsettled) {
            Advertisement now;
            try {
                now = transport
                        .forge
                        .advertise(transport.repository, credential, memory)
                        .advertisement();
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
                                + " while it was being pushed: the push is retried.");
            }
            if (tip.isEmpty()) {
                BranchRules.requireRoom(update.branch(), now);
            }
            throw unsettled.otherwise();
        }
    }
}
