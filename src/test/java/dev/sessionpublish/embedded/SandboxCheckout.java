package dev.sessionpublish.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A real git checkout as an agent leaves it in a sandbox, made step by step with real git. Every step acts on the disk
 * at once and returns this; names and dates are fixed, so the same steps make the same ids. Its {@code origin} is a
 * place that can't be reached: nothing that is published may depend on it.
 */
public final class SandboxCheckout {
    private static final String ORIGIN = "https://unreachable.invalid/origin.git";

    private final RealGit git;

    private SandboxCheckout(RealGit git) {
        this.git = git;
    }

    /** A clone of a bare repository's default branch, with its remote-tracking refs. */
    public static SandboxCheckout cloneOf(Path bareRepository, Path directory) {
        return cloned(bareRepository, directory);
    }

    /** A clone that holds only the newest commits. */
    public static SandboxCheckout shallowCloneOf(Path bareRepository, Path directory, int depth) {
        return cloned(bareRepository, directory, "--no-single-branch", "--depth=" + depth);
    }

    /** A clone without its files' contents (a partial clone), which git would fetch when it needs them. */
    public static SandboxCheckout bloblessCloneOf(Path bareRepository, Path directory) {
        RealGit.in(bareRepository).run("config", "uploadpack.allowFilter", "true");
        return cloned(bareRepository, directory, "--filter=blob:none", "--no-checkout");
    }

    /** A repository with no commit at all: HEAD names a branch that isn't born. */
    public static SandboxCheckout unborn(Path directory) {
        return initialized(directory, "sha1");
    }

    /** As {@link #unborn}, with ids of sha256. */
    public static SandboxCheckout unbornSha256(Path directory) {
        return initialized(directory, "sha256");
    }

    /** Takes over a checkout that is there. */
    public static SandboxCheckout at(Path directory) {
        return new SandboxCheckout(RealGit.in(directory));
    }

    private static SandboxCheckout cloned(Path bareRepository, Path directory, String... options) {
        List<String> arguments = new ArrayList<>(List.of("clone", "--quiet"));
        arguments.addAll(List.of(options));
        // As a URL, since git copies a path's objects whole and ignores depth and filter.
        arguments.addAll(List.of(bareRepository.toUri().toString(), directory.toString()));
        RealGit.in(parentOf(directory)).run(arguments.toArray(String[]::new));
        SandboxCheckout checkout = at(directory);
        checkout.git("remote", "set-url", "origin", ORIGIN);
        return checkout;
    }

    private static SandboxCheckout initialized(Path directory, String format) {
        RealGit.in(parentOf(directory))
                .run("init", "--quiet", "--initial-branch=main", "--object-format=" + format, directory.toString());
        return at(directory);
    }

    private static Path parentOf(Path directory) {
        try {
            return Files.createDirectories(directory.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The working tree. */
    public Path directory() {
        return git.directory();
    }

    /** The repository's own directory: that of the main checkout for a {@link #worktree}. */
    public Path gitDirectory() {
        return directory().resolve(git("rev-parse", "--git-common-dir"));
    }

    /** Runs git here. @return what it printed, without the last line's end */
    public String git(String... arguments) {
        return git.run(arguments);
    }

    /** The id of HEAD. */
    public String head() {
        return git("rev-parse", "--verify", "HEAD");
    }

    /** The same checkout, with other names, dates or settings of git for what follows. */
    public SandboxCheckout with(String variable, String value) {
        return new SandboxCheckout(git.with(variable, value));
    }

    /** Makes a branch of HEAD and goes there; on an unborn HEAD renames what isn't born. */
    public SandboxCheckout branch(String name) {
        git("checkout", "--quiet", "-b", name);
        return this;
    }

    public SandboxCheckout checkout(String revision) {
        git("checkout", "--quiet", revision);
        return this;
    }

    /** HEAD names a commit instead of a branch. */
    public SandboxCheckout detach() {
        git("checkout", "--quiet", "--detach");
        return this;
    }

    /** Commits these files, each at its path with this content; none: an empty commit. */
    public SandboxCheckout commit(String message, Map<String, String> files) {
        new TreeMap<>(files).forEach((path, content) -> {
            write(path, content);
            git("add", "--force", "--", path);
        });
        git("commit", "--quiet", "--allow-empty", "-m", message);
        return this;
    }

    /** Commits one file. */
    public SandboxCheckout commit(String message, String path, String content) {
        return commit(message, Map.of(path, content));
    }

    /** This many commits on top, each of one small file; made at once, so that thousands are no matter. */
    public SandboxCheckout commits(int count) {
        String branch = git("rev-parse", "--symbolic-full-name", "HEAD");
        StringBuilder stream = new StringBuilder();
        for (int n = 1; n <= count; n++) {
            String message = "Step " + n;
            stream.append("commit " + branch + "\ncommitter An Agent <agent@example.com> " + (1767225600L + n)
                    + " +0000\ndata " + message.length() + "\n" + message + "\n");
            if (n == 1) {
                stream.append("from " + head() + "\n");
            }
            stream.append("M 100644 inline steps/" + n + ".txt\ndata " + message.length() + "\n" + message + "\n");
        }
        git.runWith(stream.toString().getBytes(StandardCharsets.UTF_8), "fast-import", "--quiet");
        git("reset", "--quiet", "--hard");
        return this;
    }

    /** Replaces the last commit by one with another message: history that was rewritten. */
    public SandboxCheckout amend(String message) {
        git("commit", "--quiet", "--amend", "--allow-empty", "-m", message);
        return this;
    }

    /** Writes a file and tells git nothing: a change if git knows the path, else an untracked file. */
    public SandboxCheckout dirty(String path, String content) {
        write(path, content);
        return this;
    }

    /** Writes a file and adds it to the index. */
    public SandboxCheckout staged(String path, String content) {
        write(path, content);
        git("add", "--force", "--", path);
        return this;
    }

    /** Deletes a file and tells git nothing. */
    public SandboxCheckout deleted(String path) {
        return onDisk(path, file -> {
            Files.delete(file);
            return file;
        });
    }

    /** Stops in the middle of a merge whose conflict nobody has resolved. */
    public SandboxCheckout mergeInProgress() {
        twoSidesOfOneFile();
        expectConflict("merge", "--quiet", "other-side");
        return this;
    }

    /** Stops in the middle of a rebase, which leaves HEAD detached. */
    public SandboxCheckout rebaseInProgress() {
        twoSidesOfOneFile();
        expectConflict("rebase", "--quiet", "other-side");
        return this;
    }

    /** Stops in the middle of a cherry-pick. */
    public SandboxCheckout cherryPickInProgress() {
        twoSidesOfOneFile();
        expectConflict("cherry-pick", "other-side");
        return this;
    }

    /** Leaves the lock of a git that is at work, or of one that died. */
    public SandboxCheckout indexLock() {
        return onDisk(git("rev-parse", "--git-path", "index.lock"), Files::createFile);
    }

    /** Takes it away again. */
    public SandboxCheckout withoutIndexLock() {
        return deleted(git("rev-parse", "--git-path", "index.lock"));
    }

    /** Sets one of the checkout's own settings. */
    public SandboxCheckout config(String key, String value) {
        git("config", key, value);
        return this;
    }

    /** Sets a hook of the checkout, a POSIX sh script. */
    public SandboxCheckout hook(String name, String shell) {
        write(git("rev-parse", "--git-path", "hooks/" + name), "#!/bin/sh\n" + shell + "\n");
        return onDisk(git("rev-parse", "--git-path", "hooks/" + name), file -> {
            if (!file.toFile().setExecutable(true)) {
                throw new IOException(file + " can't be made executable");
            }
            return file;
        });
    }

    /** A file as Git LFS commits it: the pointer, and the attribute that says so. The object itself is nowhere. */
    public SandboxCheckout lfsPointer(String path, String sha256, long size) {
        return commit(
                "Add " + path,
                Map.of(
                        ".gitattributes",
                        path + " filter=lfs diff=lfs merge=lfs -text\n",
                        path,
                        "version https://git-lfs.github.com/spec/v1\noid sha256:" + sha256 + "\nsize " + size + "\n"));
    }

    /** A file as Git LFS commits it, with its object where Git LFS keeps it in a checkout. */
    public SandboxCheckout lfsFile(String path, byte[] content) {
        String sha256 = sha256(content);
        onDisk(
                gitDirectory()
                        .resolve(Path.of("lfs", "objects", sha256.substring(0, 2), sha256.substring(2, 4), sha256))
                        .toString(),
                file -> {
                    Files.createDirectories(file.getParent());
                    return Files.write(file, content);
                });
        return lfsPointer(path, sha256, content.length);
    }

    /** The name of an LFS object. */
    public static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A linked worktree on a branch of its own. */
    public SandboxCheckout worktree(Path directory, String branch) {
        git("worktree", "add", "--quiet", "-b", branch, directory.toString());
        return at(directory);
    }

    private void twoSidesOfOneFile() {
        String here = git("rev-parse", "--abbrev-ref", "HEAD");
        git("checkout", "--quiet", "-b", "other-side");
        commit("The other side", "conflict.txt", "theirs\n");
        git("checkout", "--quiet", here);
        commit("This side", "conflict.txt", "ours\n");
    }

    private void expectConflict(String... arguments) {
        if (git.attempt(arguments).exit() == 0) {
            throw new IllegalStateException("git " + String.join(" ", arguments) + " met no conflict");
        }
    }

    private interface DiskStep {
        Path act(Path file) throws IOException;
    }

    private void write(String path, String content) {
        onDisk(path, file -> {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, content);
        });
    }

    private SandboxCheckout onDisk(String path, DiskStep step) {
        try {
            step.act(directory().resolve(path));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
