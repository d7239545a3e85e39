package dev.sessionpublish.git;

import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code git pack-objects}, as the sandbox runs it. */
final class PackObjects {
    private PackObjects() {}

    /** @param revisions for its standard input, a line each; the pack comes on its standard output */
    static Process start(SandboxCheckout checkout, String revisions, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("git", "pack-objects", "--revs", "--thin", "--stdout", "-q"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(checkout.directory().toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(RealGit.in(checkout.directory()).environment());
        Process git = builder.start();
        git.getOutputStream().write(revisions.getBytes(StandardCharsets.UTF_8));
        git.getOutputStream().close();
        return git;
    }
}
