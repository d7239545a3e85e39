package dev.sessionpublish.forge;

import dev.sessionpublish.embedded.RealGit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A bare repository, as it is behind a forge, with real commits in it. */
public final class BareOrigin {
    private static final String EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    private final RealGit git;

    private BareOrigin(RealGit git) {
        this.git = git;
    }

    /** With one commit on {@code main}, its default branch. */
    public static BareOrigin create(Path directory) throws IOException {
        Files.createDirectories(directory);
        BareOrigin origin = new BareOrigin(RealGit.in(directory));
        origin.git.run("init", "--quiet", "--bare", "--initial-branch=main");
        origin.git.run("update-ref", "refs/heads/main", origin.git.run("commit-tree", EMPTY_TREE, "-m", "first"));
        return origin;
    }

    /** Adds a commit to a branch, which starts at {@code main} if it does not exist; returns the commit's id. */
    public String commitTo(String branch, String message) {
        String parent = git.run("for-each-ref", "--format=%(objectname)", "refs/heads/" + branch);
        if (parent.isEmpty()) {
            parent = tip("main");
        }
        String commit = git.run("commit-tree", EMPTY_TREE, "-p", parent, "-m", message);
        git.run("update-ref", "refs/heads/" + branch, commit);
        return commit;
    }

    /** The same, with one file as all of its content. */
    public String commitFile(String branch, String file, String content) {
        String blob = git.runWith(content.getBytes(StandardCharsets.UTF_8), "hash-object", "-w", "--stdin");
        byte[] entry = ("100644 blob " + blob + "\t" + file + "\n").getBytes(StandardCharsets.UTF_8);
        String tree = git.runWith(entry, "mktree");
        String known = git.run("for-each-ref", "--format=%(objectname)", "refs/heads/" + branch);
        String commit =
                git.run("commit-tree", tree, "-p", known.isEmpty() ? tip("main") : known, "-m", "Change " + file);
        git.run("update-ref", "refs/heads/" + branch, commit);
        return commit;
    }

    /** Makes a branch at {@code main}. */
    public void branch(String name) {
        git.run("update-ref", "refs/heads/" + name, tip("main"));
    }

    public String tip(String branch) {
        return git.run("rev-parse", "refs/heads/" + branch);
    }
}
