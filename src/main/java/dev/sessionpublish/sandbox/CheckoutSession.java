package dev.sessionpublish.sandbox;

import dev.sessionpublish.git.GitProtocolException;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.lfs.LfsObject;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.outcome.SharedReason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * One exec of checkout.sh: it describes the checkout, receives a request for a pack, and sends the pack. The script is
 * a resource. Values are passed as arguments or on stdin, never spliced into the script.
 */
public final class CheckoutSession implements AutoCloseable {
    private static final String SCRIPT = script();

    /** Error messages of runc, crun and the container runtimes. */
    private static final Pattern NO_SUCH_PROGRAM = Pattern.compile(
            "executable file .*not found|no such file or directory", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** How long the script may take to delete its temporary files if no pack is requested. */
    private static final Duration CLEAN_UP = Duration.ofSeconds(5);

    private final ExecConversation exec;
    private final Request request;
    private final Consumer<ExecOutcome> ended;
    private ExecOutcome outcome = ExecOutcome.OK;
    private boolean asked;
    private boolean closed;

    /**
     * @param directory an absolute path; with symbolic links resolved it must be at or below {@code root}
     * @param commitUncommitted whether to commit the uncommitted changes
     * @param author the author of that commit; its time makes a repeated attempt produce the same commit
     */
    public record Request(String directory, String root, boolean commitUncommitted, Author author) {}

    public record Author(String name, String email, Instant time) {}

    /**
     * @param from the remote branch's commit; empty if the branch is new
     * @param proveDescent whether to send the commits between {@code from} and the new commit first
     * @param buildOnTracking whether the pack may build on commits of the checkout's remote-tracking refs
     * @param offsetDeltas whether the forge supports {@code ofs-delta}
     * @param thin whether the pack may be thin, that is, omit the base objects of its deltas
     * @param lfsObjects LFS objects to send before the pack
     * @param forgeHas ids of commits that the forge has; the script ignores those that the checkout lacks
     */
    public record PackRequest(
            Optional<ObjectId> from,
            boolean proveDescent,
            boolean buildOnTracking,
            boolean offsetDeltas,
            boolean thin,
            List<LfsObject> lfsObjects,
            List<ObjectId> forgeHas) {}

    private CheckoutSession(ExecConversation exec, Request request, Consumer<ExecOutcome> ended) {
        this.exec = exec;
        this.request = request;
        this.ended = ended;
    }

    /**
     * @param ended called once with the outcome of the exec: when it fails to start, or when the session is closed
     * @throws RefusedException exec-failed
     */
    public static CheckoutSession open(
            PodExec exec, SandboxContainer where, Request request, Duration limit, Consumer<ExecOutcome> ended)
            throws RefusedException {
        List<String> argv = List.of(
                "sh",
                "-c",
                SCRIPT,
                "sh",
                request.directory(),
                request.root(),
                request.commitUncommitted() ? "Commit" : "Ignore",
                request.author().name(),
                request.author().email(),
                "@" + request.author().time().getEpochSecond() + " +0000");
        try {
            return new CheckoutSession(exec.open(where, argv, limit), request, ended);
        } catch (RefusedException e) {
            ended.accept(ExecOutcome.REFUSED);
            throw e;
        }
    }

    /**
     * Reads the header.
     *
     * @param base the base branch, if there is one
     * @param baseTip the remote base branch's commit
     * @throws RefusedException with a reason of the source group, or no-commits
     */
    public Checkout describe(Optional<String> base, Optional<ObjectId> baseTip) throws RefusedException {
        StringBuilder lines = new StringBuilder();
        baseTip.ifPresent(id -> lines.append("base-id ").append(id).append('\n'));
        base.ifPresent(name -> lines.append("base ").append(name).append('\n'));
        try {
            exec.send(lines.append(".\n").toString());
            CheckoutHeader header = CheckoutHeader.read(exec.stdout());
            Optional<String> refusal = header.refusal();
            if (refusal.isPresent()) {
                throw refused(refusal.get());
            }
            Checkout checkout = header.checkout();
            if (!request.commitUncommitted() && !checkout.commit().equals(checkout.head())) {
                throw new GitProtocolException("the commit to publish is not HEAD");
            }
            return checkout;
        } catch (IOException e) {
            throw explain(e);
        }
    }

    /** Requests the pack. {@link #output} then has the requested commits, the LFS objects and the pack. */
    public void ask(PackRequest request) throws RefusedException {
        asked = true;
        StringBuilder lines = new StringBuilder();
        lines.append("old ")
                .append(request.from().map(ObjectId::hex).orElse("none"))
                .append('\n');
        lines.append("chain ").append(yesNo(request.proveDescent())).append('\n');
        lines.append("tracking ").append(yesNo(request.buildOnTracking())).append('\n');
        lines.append("ofs ").append(yesNo(request.offsetDeltas())).append('\n');
        lines.append("thin ").append(yesNo(request.thin())).append('\n');
        request.lfsObjects()
                .forEach(object -> lines.append("lfs ").append(object.oid()).append('\n'));
        lines.append(".\n");
        request.forgeHas().forEach(id -> lines.append(id).append('\n'));
        try {
            exec.send(lines.append(".\n").toString());
        } catch (IOException e) {
            throw explain(e);
        }
    }

    public InputStream output() {
        return exec.stdout();
    }

    /** Maps a failure to read from the sandbox to a reason and a message. */
    public RefusedException explain(IOException failure) {
        if (failure instanceof ExecTimeoutException) {
            outcome = ExecOutcome.TIMEOUT;
            return new RefusedException(
                    SandboxReason.TIMEOUT,
                    "git in the sandbox exceeded the time limit. Check the size of the checkout and the CPU of the pod, or ask a"
                            + " cluster administrator to raise SESSION_PUBLISH_EXEC_TIMEOUT.");
        }
        Optional<String> startFailure = exec.startFailure();
        if (startFailure.isPresent()) {
            outcome = ExecOutcome.REFUSED;
        }
        if (startFailure.isPresent()
                && !NO_SUCH_PROGRAM.matcher(startFailure.get()).find()) {
            return new RefusedException(
                    SandboxReason.EXEC_FAILED,
                    "The node failed to start the exec in the sandbox. Check that kubectl exec works on the pod."
                            + " The node's message: "
                            + SafeText.line(startFailure.get(), 300));
        }
        if (startFailure.isPresent()) {
            return new RefusedException(
                    SandboxReason.GIT_MISSING,
                    "The container has no POSIX shell. Use an image that has sh and git. The node's message: "
                            + SafeText.line(startFailure.get(), 300));
        }
        String stderr = exec.stderr();
        String said = said();
        if (failure instanceof GitProtocolException) {
            outcome = ExecOutcome.GARBLED;
            return new RefusedException(
                    SandboxReason.NOT_A_REPOSITORY,
                    "Invalid response from git in the sandbox (" + failure.getMessage()
                            + "). Check git and the repository there." + said);
        }
        if (failure instanceof EOFException && stderr.lines().anyMatch(line -> line.startsWith("fatal:"))) {
            return new RefusedException(
                    SandboxReason.NOT_A_REPOSITORY,
                    "git in the sandbox failed to read the checkout. Run `git fsck` there." + said);
        }
        outcome = ExecOutcome.CUT;
        return new RefusedException(
                SandboxReason.EXEC_FAILED,
                "The exec in the sandbox ended early (" + failure.getMessage()
                        + "). Check that the container is running and has enough memory." + said);
    }

    /** The stderr output of the script, as a sentence; empty if there is none. */
    private String said() {
        String stderr = exec.stderr();
        return stderr.isBlank() ? "" : " The output on stderr: " + SafeText.line(stderr, 500);
    }

    private RefusedException refused(String code) {
        String directory = request.directory();
        return switch (code) {
            case "git-missing" ->
                new RefusedException(
                        SandboxReason.GIT_MISSING,
                        "The container has no git on its PATH. Use an image with git, or set spec.source.container to a container that has it.");
            case "workspace-missing" ->
                new RefusedException(
                        SandboxReason.WORKSPACE_MISSING,
                        "The directory " + directory
                                + " does not exist in the container. Set spec.source.directory to the directory of the checkout.");
            case "outside-workspace" ->
                new RefusedException(
                        SandboxReason.WORKSPACE_MISSING,
                        "The directory " + directory + " is outside the workspace root " + request.root()
                                + ". Set spec.source.directory to a directory below it.");
            case "not-a-repository" ->
                new RefusedException(
                        SandboxReason.NOT_A_REPOSITORY,
                        "The directory " + directory
                                + " is not a git checkout. Set spec.source.directory to the directory of the checkout."
                                + said());
            case "no-commits" ->
                new RefusedException(
                        SandboxReason.NO_COMMITS, "The checkout has no commits yet. Commit the work first.");
            case "damaged", "unreadable-files" ->
                new RefusedException(
                        SandboxReason.NOT_A_REPOSITORY,
                        "git in the sandbox failed to read the checkout. Run `git fsck` and `git status` there."
                                + said());
            case "no-temporary-directory" ->
                new RefusedException(
                        SandboxReason.EXEC_FAILED,
                        "The container has no writable directory for temporary files, which uncommittedChanges: Commit requires. Mount an emptyDir at /tmp.");
            default ->
                new RefusedException(
                        SharedReason.UNKNOWN,
                        "The script in the sandbox failed with the unknown code " + code + ". Report this as a bug.");
        };
    }

    private static String yesNo(boolean value) {
        return value ? "yes" : "no";
    }

    private static String script() {
        try (InputStream in = CheckoutSession.class.getResourceAsStream("checkout.sh")) {
            if (in == null) {
                throw new IllegalStateException("checkout.sh is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Asks a script that has temporary files to exit first, because container runtimes kill a program whose connection
     * is closed.
     */
    @Override
    public void close() {
        if (request.commitUncommitted() && !asked) {
            try {
                exec.send("quit\n");
                exec.awaitEnd(CLEAN_UP);
            } catch (IOException e) {
                // The exec has already ended.
            }
        }
        exec.close();
        if (!closed) {
            closed = true;
            ended.accept(outcome);
        }
    }
}
