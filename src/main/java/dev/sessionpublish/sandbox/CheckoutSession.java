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
 * The conversation with the git of one checkout: it describes itself, is asked for a pack, and sends it. One exec; the
 * script is a resource, and every value reaches it as an argument or on stdin, never as part of its text.
 */
public final class CheckoutSession implements AutoCloseable {
    private static final String SCRIPT = script();

    /** As runc, crun and the container runtimes put it. */
    private static final Pattern NO_SUCH_PROGRAM = Pattern.compile(
            "executable file .*not found|no such file or directory", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** For the script to take away what it has made, when it isn't asked for more. */
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final ExecConversation exec;
    private final Request request;
    private final Consumer<ExecOutcome> ended;
    private ExecOutcome outcome = ExecOutcome.OK;
    private boolean asked;
    private boolean closed;

    /**
     * @param directory absolute; must lie at or below {@code root} once symbolic links are resolved
     * @param commitUncommitted whether uncommitted work is to become a commit of its own
     * @param author of that commit, with the time that makes a repetition the same commit
     */
    public record Request(String directory, String root, boolean commitUncommitted, Author author) {}

    public record Author(String name, String email, Instant time) {}

    /**
     * @param from where the branch is at the forge; empty when it is new
     * @param proveDescent whether the commits between are to be listed first
     * @param buildOnTracking whether the pack may build on what the checkout's remote-tracking refs name
     * @param offsetDeltas whether the forge understands them
     * @param thin whether the pack may leave out what its deltas build on
     * @param lfsObjects whose content is to come before the pack
     * @param forgeHas ids that the forge has; those unknown to the checkout are passed over there
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
     * @param ended is told once what became of the exec: when it is refused or closed
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
     * @param base the base branch, when one is meant
     * @param baseTip where the forge has it
     * @throws RefusedException with a reason of the source stage, or no-commits
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
                throw new GitProtocolException("another commit than HEAD");
            }
            return checkout;
        } catch (IOException e) {
            throw explain(e);
        }
    }

    /** Asks for the pack; what it answers is on {@link #output}: the commits between, if asked for, then the pack. */
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

    /** Puts a failure of reading from the sandbox into a reason and words. */
    public RefusedException explain(IOException failure) {
        if (failure instanceof ExecTimeoutException) {
            outcome = ExecOutcome.TIMEOUT;
            return new RefusedException(
                    SandboxReason.TIMEOUT,
                    "The git in the sandbox took longer than it may. Is the checkout very large, or the pod short of CPU?");
        }
        Optional<String> startFailure = exec.startFailure();
        if (startFailure.isPresent()) {
            outcome = ExecOutcome.REFUSED;
        }
        if (startFailure.isPresent()
                && !NO_SUCH_PROGRAM.matcher(startFailure.get()).find()) {
            return new RefusedException(
                    SandboxReason.EXEC_FAILED,
                    "The node could not start the exec in the sandbox. It said: "
                            + SafeText.line(startFailure.get(), 300));
        }
        if (startFailure.isPresent()) {
            return new RefusedException(
                    SandboxReason.GIT_MISSING,
                    "The container has no POSIX shell to run git with: use an image that has sh and git. The node said: "
                            + SafeText.line(startFailure.get(), 300));
        }
        String stderr = exec.stderr();
        String said = said();
        if (failure instanceof GitProtocolException) {
            outcome = ExecOutcome.GARBLED;
            return new RefusedException(
                    SandboxReason.NOT_A_REPOSITORY,
                    "The git in the sandbox answered with something that git does not say (" + failure.getMessage()
                            + ")." + said);
        }
        if (failure instanceof EOFException && stderr.lines().anyMatch(line -> line.startsWith("fatal:"))) {
            return new RefusedException(
                    SandboxReason.NOT_A_REPOSITORY,
                    "The git in the sandbox could not read the checkout: run `git fsck` there." + said);
        }
        outcome = ExecOutcome.CUT;
        return new RefusedException(
                SandboxReason.EXEC_FAILED,
                "The exec in the sandbox ended early (" + failure.getMessage() + ")." + said);
    }

    /** What the sandbox's programs wrote to stderr so far, as a sentence. */
    private String said() {
        String stderr = exec.stderr();
        return stderr.isBlank() ? "" : " It wrote: " + SafeText.line(stderr, 500);
    }

    private RefusedException refused(String code) {
        String directory = request.directory();
        return switch (code) {
            case "git-missing" ->
                new RefusedException(
                        SandboxReason.GIT_MISSING,
                        "The container has no git on its PATH: use an image that has it, or name another container in spec.source.container.");
            case "workspace-missing" ->
                new RefusedException(
                        SandboxReason.WORKSPACE_MISSING,
                        "There is no directory " + directory
                                + " in the container: name the checkout in spec.source.directory.");
            case "outside-workspace" ->
                new RefusedException(
                        SandboxReason.WORKSPACE_MISSING,
                        "The directory " + directory
                                + " does not lie below the workspace root that the operator is set up for.");
            case "not-a-repository" ->
                new RefusedException(
                        SandboxReason.NOT_A_REPOSITORY,
                        "The directory " + directory + " is not a git checkout." + said());
            case "no-commits" ->
                new RefusedException(
                        SandboxReason.NO_COMMITS, "The checkout has no commit yet: commit something first.");
            case "damaged", "unreadable-files" ->
                new RefusedException(
                        SandboxReason.NOT_A_REPOSITORY,
                        "The git in the sandbox could not read the checkout: run `git fsck` and `git status` there. "
                                + SafeText.line(exec.stderr(), 500));
            case "no-temporary-directory" ->
                new RefusedException(
                        SandboxReason.EXEC_FAILED,
                        "The container has no writable directory for temporary files, which uncommittedChanges: Commit needs: mount an emptyDir at /tmp.");
            default -> new RefusedException(SharedReason.UNKNOWN, "The sandbox refused with the word " + code + ".");
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

    /** Container runtimes kill a program whose connection goes: one that has temporary files is asked to end first. */
    @Override
    public void close() {
        if (request.commitUncommitted() && !asked) {
            try {
                exec.send("quit\n");
                exec.awaitEnd(FAREWELL);
            } catch (IOException e) {
                // it has ended
            }
        }
        exec.close();
        if (!closed) {
            closed = true;
            ended.accept(outcome);
        }
    }
}
