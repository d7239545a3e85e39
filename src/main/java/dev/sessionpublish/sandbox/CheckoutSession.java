package dev.sessionpublish.sandbox;

import dev.sessionpublish.git.GitProtocolException;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.lfs.LfsObject;
import dev.sessionpublish.outcome.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One exec of checkout.sh: it describes the checkout, receives a request for a pack, and sends the pack. The script is
 * a resource. Values are passed as arguments or on stdin, never spliced into the script.
 */
public final class CheckoutSession implements AutoCloseable {
    private static final String SCRIPT = ShellScript.resource("checkout.sh");
    private static final int FRAME = 8 * 1024;
    /** How long the script may take to delete its temporary files if no pack is requested. */
    private static final Duration CLEAN_UP = Duration.ofSeconds(5);
    /** A header that takes longer is slow. */
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private final ExecConversation exec;
    private final Request request;
    private final ExecLimits limits;
    private final Consumer<ExecOutcome> ended;
    private ExecOutcome outcome = ExecOutcome.OK;
    private boolean described;
    private boolean asked;
    private boolean closed;

    /**
     * @param directory an absolute path; with symbolic links resolved it must be at or below {@code root}
     * @param commitUncommitted whether to commit the uncommitted changes
     * @param author the author of that commit
     */
    public record Request(String directory, String root, boolean commitUncommitted, Author author) {}

    public record Author(String name, String email) {}

    /**
     * @param base the base branch, if there is one
     * @param baseTip the remote base branch's commit
     * @param buildOnTracking whether the pack may build on commits of the checkout's remote-tracking refs; if not, the LFS
     *     objects of such commits belong to the work
     * @param countFiles whether to count the files that the work changes
     */
    public record HeaderRequest(
            Optional<String> base, Optional<ObjectId> baseTip, boolean buildOnTracking, boolean countFiles) {}

    /**
     * @param from the remote branch's commit; empty if the branch is new
     * @param proveDescent whether to send the commits between {@code from} and the new commit first
     * @param buildOnTracking whether the pack may build on commits of the checkout's remote-tracking refs
     * @param offsetDeltas whether the forge supports {@code ofs-delta}
     * @param thin whether the pack may be thin, that is, omit the base objects of its deltas
     * @param lfsObjects LFS objects to send before the pack
     */
    public record PackRequest(
            Optional<ObjectId> from,
            boolean proveDescent,
            boolean buildOnTracking,
            boolean offsetDeltas,
            boolean thin,
            List<LfsObject> lfsObjects) {}

    private CheckoutSession(ExecConversation exec, Request request, ExecLimits limits, Consumer<ExecOutcome> ended) {
        this.exec = exec;
        this.request = request;
        this.limits = limits;
        this.ended = ended;
    }

    /**
     * @param ended called once with the outcome of the exec: when it fails to start, or when the session is closed
     * @throws RefusedException exec-failed
     */
    public static CheckoutSession open(
            PodExec exec, SandboxContainer where, Request request, ExecLimits limits, Consumer<ExecOutcome> ended)
            throws RefusedException {
        try {
            return new CheckoutSession(exec.run(where, script(request), limits.whole()), request, limits, ended);
        } catch (RefusedException e) {
            ended.accept(ExecOutcome.REFUSED);
            throw e;
        }
    }

    static ShellScript script(Request request) {
        return new ShellScript(
                SCRIPT,
                List.of(
                        request.directory(),
                        request.root(),
                        request.commitUncommitted() ? "Commit" : "Ignore",
                        request.author().name(),
                        request.author().email()));
    }

    /**
     * Reads the header.
     *
     * @param memory that the claims of the sandbox are kept in
     * @param late called once, by this thread, if there is no complete header a second after the call
     * @throws RefusedException with a reason of the source group, such as timeout, or no-commits, or memory-limit
     */
    public Checkout describe(HeaderRequest wanted, MemoryBudget.Share memory, Runnable late) throws RefusedException {
        StringBuilder lines = new StringBuilder();
        wanted.baseTip.ifPresent(id -> lines.append("base-id ").append(id).append('\n'));
        wanted.base.ifPresent(name -> lines.append("base ").append(name).append('\n'));
        lines.append(wanted.buildOnTracking ? "" : "tracking no\n");
        lines.append(wanted.countFiles ? "files yes\n" : "");
        described = true;
        long slow = System.nanoTime() + PROMPT.toNanos();
        exec.within(ExecTimeoutException.Limit.HEADER, limits.checkout());
        try {
            exec.send(lines.append(".\n").toString());
            CheckoutHeader header = CheckoutHeader.read(exec.stdout(slow, late), memory);
            Optional<String> refusal = header.refusal();
            if (refusal.isPresent()) {
                throw ScriptRefusal.of(refusal.get(), request, exec.stderr());
            }
            Checkout checkout = header.checkout();
            if (!checkout.commit().equals(checkout.head())) {
                if (!request.commitUncommitted()) {
                    throw new GitProtocolException("the commit to publish is not HEAD");
                }
                header.made().requireOnHead(checkout);
            }
            return checkout;
        } catch (IOException e) {
            throw explain(e);
        }
    }

    /**
     * Tells what the forge has, once, after {@link #describe}: the sandbox looks for what the pack can build on while the
     * caller plans and stores what is about to be done.
     *
     * @param forgeHas ids of commits; the script ignores those that the checkout lacks
     */
    public void tell(List<ObjectId> forgeHas) throws RefusedException {
        StringBuilder lines = new StringBuilder();
        try {
            for (ObjectId each : forgeHas) {
                add(lines, each.hex());
            }
            exec.send(lines.append(".\n").toString());
        } catch (IOException e) {
            throw explain(e);
        }
    }

    /** Requests the pack. {@link #chain} then has the requested commits, and {@link #output} what follows. */
    public void ask(PackRequest request) throws RefusedException {
        asked = true;
        StringBuilder lines = new StringBuilder();
        lines.append("old " + request.from().map(ObjectId::hex).orElse("none") + "\n");
        lines.append("chain ").append(yesNo(request.proveDescent())).append('\n');
        lines.append("tracking ").append(yesNo(request.buildOnTracking())).append('\n');
        lines.append("ofs ").append(yesNo(request.offsetDeltas())).append('\n');
        lines.append("thin ").append(yesNo(request.thin())).append('\n');
        try {
            for (LfsObject each : request.lfsObjects()) {
                add(lines, "lfs " + each.oid());
            }
            exec.send(lines.append(".\n").toString());
        } catch (IOException e) {
            throw explain(e);
        }
    }

    /** Sends the lines collected so far when they fill a frame, so that a long list is never in memory as a whole. */
    private void add(StringBuilder lines, String line) throws IOException {
        lines.append(line).append('\n');
        if (lines.length() >= FRAME) {
            exec.send(lines.toString());
            lines.setLength(0);
        }
    }

    /** The commits that were requested. The time limit for the whole list begins with this call. */
    public InputStream chain() {
        exec.within(ExecTimeoutException.Limit.CHAIN, limits.checkout());
        return exec.stdout();
    }

    /** The LFS objects and the pack. */
    public InputStream output() {
        exec.withSilence(limits.silence());
        return exec.stdout();
    }

    /** Maps a failure to read from the sandbox to a reason and a message. */
    public RefusedException explain(IOException failure) {
        ExecFailure failed = ExecFailure.of(failure, exec.startFailure(), exec.stderr());
        if (failed.outcome() != ExecOutcome.OK) {
            outcome = failed.outcome();
        }
        return failed.refusal();
    }

    private static String yesNo(boolean value) {
        return value ? "yes" : "no";
    }

    /**
     * Asks a script that has temporary files to exit first, because container runtimes kill a program whose connection
     * is closed.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (request.commitUncommitted() && described && !asked) {
            try {
                exec.send("quit\n");
                exec.awaitEnd(CLEAN_UP);
            } catch (IOException e) {
                // The exec has already ended.
            }
        }
        exec.close();
        ended.accept(outcome);
    }
}
