package dev.sessionpublish.sandbox;

import dev.sessionpublish.git.GitProtocolException;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A failure to read from the sandbox.
 *
 * @param outcome of the exec; OK if only git failed
 */
record ExecFailure(ExecOutcome outcome, RefusedException refusal) {
    private static final int LONGEST_START_FAILURE = 300;
    private static final int LONGEST_STDERR = 500;

    /** Error messages of runc, crun and the container runtimes. */
    private static final Pattern NO_SUCH_PROGRAM = Pattern.compile(
            "executable file .*not found|no such file or directory", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** @param startFailure the node's message, if the program failed to start */
    static ExecFailure of(IOException failure, Optional<String> startFailure, String stderr) {
        if (failure instanceof ExecTimeoutException late) {
            return new ExecFailure(
                    ExecOutcome.TIMEOUT, new RefusedException(SandboxReason.TIMEOUT, sentence(late) + quote(stderr)));
        }
        return startFailure.isPresent()
                ? new ExecFailure(ExecOutcome.REFUSED, notStarted(startFailure.get()))
                : running(failure, stderr);
    }

    private static String sentence(ExecTimeoutException late) {
        Duration limit = late.duration();
        return switch (late.limit()) {
            case HEADER ->
                "git in the sandbox did not describe the checkout within " + limit
                        + ". Check that no file in the checkout or in its .git is a named pipe or on a hung mount, and"
                        + " check the CPU and the disk of the pod, or ask a cluster administrator to raise"
                        + " SESSION_PUBLISH_CHECKOUT_TIMEOUT.";
            case CHAIN ->
                "git in the sandbox did not list the commits since the branch's last one within " + limit
                        + ". Check the CPU and the disk of the pod, or ask a cluster administrator to raise"
                        + " SESSION_PUBLISH_CHECKOUT_TIMEOUT.";
            case SILENCE ->
                "git in the sandbox sent nothing for " + limit
                        + " during the transfer. Check the CPU and the disk of the pod and the size of the checkout, or"
                        + " ask a cluster administrator to raise SESSION_PUBLISH_SANDBOX_TIMEOUT.";
            case WHOLE ->
                "git in the sandbox did not end within " + limit
                        + ". Check the size of the checkout and the CPU of the pod, or ask a cluster administrator to"
                        + " raise SESSION_PUBLISH_EXEC_TIMEOUT.";
        };
    }

    private static RefusedException notStarted(String message) {
        String quoted = " The node's message: " + SafeText.line(message, LONGEST_START_FAILURE);
        return NO_SUCH_PROGRAM.matcher(message).find()
                ? new RefusedException(
                        SandboxReason.GIT_MISSING,
                        "The container has no POSIX shell. Use an image that has sh and git." + quoted)
                : new RefusedException(
                        SandboxReason.EXEC_FAILED,
                        "The node failed to start the exec in the sandbox. Check that kubectl exec works on the pod."
                                + quoted);
    }

    private static ExecFailure running(IOException failure, String stderr) {
        if (failure instanceof GitProtocolException) {
            return new ExecFailure(
                    ExecOutcome.GARBLED,
                    new RefusedException(
                            SandboxReason.NOT_A_REPOSITORY,
                            "Invalid response from git in the sandbox (" + failure.getMessage()
                                    + "). Check git and the repository there." + quote(stderr)));
        }
        if (failure instanceof EOFException && stderr.lines().anyMatch(line -> line.startsWith("fatal:"))) {
            return new ExecFailure(
                    ExecOutcome.OK,
                    new RefusedException(
                            SandboxReason.NOT_A_REPOSITORY,
                            "git in the sandbox failed to read the checkout. Run `git fsck` there." + quote(stderr)));
        }
        return new ExecFailure(
                ExecOutcome.CUT,
                new RefusedException(
                        SandboxReason.EXEC_FAILED,
                        "The exec in the sandbox ended early (" + failure.getMessage()
                                + "). Check that the container is running and has enough memory." + quote(stderr)));
    }

    /** The script's output on stderr as a sentence to append; empty if there is none. */
    static String quote(String stderr) {
        return stderr.isBlank() ? "" : " The output on stderr: " + SafeText.line(stderr, LONGEST_STDERR);
    }
}
