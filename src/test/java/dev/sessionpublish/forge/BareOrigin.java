package dev.sessionpublish.forge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A bare repository, as it is behind a forge, with real commits in it. */
public final class BareOrigin {
    private static final String EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    private final Path directory;

    private BareOrigin(Path directory) {
        this.directory = directory;
    }

    /** With one commit on {@code main}, its default branch. */
    public static BareOrigin create(Path directory) throws IOException {
        Files.createDirectories(directory);
        BareOrigin origin = new BareOrigin(directory);
        origin.git("init", "--quiet", "--bare", "--initial-branch=main");
        origin.git("update-ref", "refs/heads/main", origin.git("commit-tree", EMPTY_TREE, "-m", "first"));
        return origin;
    }

    /** Adds a commit to a branch, which starts at {@code main} when it isn't there; answers its id. */
    public String commitTo(String branch, String message) throws IOException {
        String parent = git("for-each-ref", "--format=%(objectname)", "refs/heads/" + branch);
        if (parent.isEmpty()) {
            parent = tip("main");
        }
        String commit = git("commit-tree", EMPTY_TREE, "-p", parent, "-m", message);
        git("update-ref", "refs/heads/" + branch, commit);
        return commit;
    }

    /** Makes a branch at {@code main}. */
    public void branch(String name) throws IOException {
        git("update-ref", "refs/heads/" + name, tip("main"));
    }

    public String tip(String branch) throws IOException {
        return git("rev-parse", "refs/heads/" + branch);
    }

    private String git(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("git", "--git-dir=" + directory, "-c", "user.name=Ada", "-c", "user.email=ada@example.com"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }
}
