package dev.sessionpublish.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many files the script says that the work changes. */
class ChangedFilesIT {
    @TempDir
    Path directory;

    private Path origin;
    private SandboxCheckout upstream;
    private SandboxCheckout checkout;

    @BeforeEach
    void makeOrigin() {
        upstream = SandboxCheckout.unborn(directory.resolve("upstream"))
                .commit("First", "first.txt", "1")
                .commit("Second", "second.txt", "2");
        origin = directory.resolve("origin.git");
        RealGit.in(directory).run("clone", "--quiet", "--bare", "upstream", origin.toString());
        checkout = SandboxCheckout.cloneOf(origin, directory.resolve("workspace/repo"))
                .branch("agent/work");
    }

    private String base() {
        return RealGit.in(origin).run("rev-parse", "main");
    }

    private OptionalLong counted(String baseId, String more) throws IOException {
        return counted(baseId, more, false);
    }

    private OptionalLong counted(String baseId, String more, boolean commitUncommitted) throws IOException {
        ShellScript script = CheckoutSession.script(new CheckoutSession.Request(
                checkout.directory().toString(),
                directory.toString(),
                commitUncommitted,
                new CheckoutSession.Author("A", "a@example.com")));
        try (ScriptRun run = new ScriptRun("sh", script, ShellScript::asArgument, directory.resolve("stderr"))) {
            return run.describe(baseId, more).changedFiles();
        }
    }

    @Test
    void theyAreCountedOnlyWhenAskedFor() throws IOException {
        checkout.commit("Add", "a.txt", "1");

        assertThat(counted(base(), "")).isEmpty();
        assertThat(counted(base(), "files yes\n")).hasValue(1);
    }

    @Test
    void theNetEffectOfAllCommitsCounts() throws IOException {
        checkout.commit("Add", "a.txt", "1").commit("Change", "a.txt", "2").commit("Add", "dir/b\n\"ü\" c.txt", "1");
        checkout.git("rm", "--quiet", "second.txt");
        checkout.git("mv", "first.txt", "renamed.txt");
        checkout.git("commit", "--quiet", "-m", "Remove and rename");

        assertThat(counted(base(), "files yes\n")).hasValue(5);
    }

    @Test
    void whatTheBaseGotMeanwhileDoesNotCount() throws IOException {
        checkout.commit("Add", "a.txt", "1");
        String before = base();
        upstream.commits(3);
        upstream.git("push", "--quiet", origin.toString(), "main");

        assertThat(base()).isNotEqualTo(before);
        assertThat(counted(base(), "files yes\n")).as("without the tip").hasValue(1);
        checkout.git("fetch", "--quiet", origin.toString(), "main:refs/remotes/origin/main");
        assertThat(counted(base(), "files yes\n")).as("with the tip").hasValue(1);
        checkout.git("merge", "--quiet", "--no-edit", "origin/main");
        assertThat(counted(base(), "files yes\n")).as("merged").hasValue(1);
    }

    @Test
    void uncommittedFilesCountWhenTheyArePublished() throws IOException {
        Files.writeString(checkout.directory().resolve("new.txt"), "1");
        Files.writeString(checkout.directory().resolve("first.txt"), "2");

        assertThat(counted(base(), "files yes\n", true)).hasValue(2);
        assertThat(counted(base(), "files yes\n", false)).hasValue(0);
    }

    @Test
    void withoutTheBaseTheyAreUnknown() throws IOException {
        checkout.commit("Add", "a.txt", "1");
        checkout.git("update-ref", "-d", "refs/remotes/origin/main");

        assertThat(counted(ScriptRun.ELSEWHERE, "files yes\n")).isEmpty();
    }

    @Test
    void aTrackingRefThatHoldsTheWorkHidesNothing() throws IOException {
        checkout.commit("Add", "a.txt", "1");
        checkout.git("update-ref", "refs/remotes/fork/main", "HEAD");

        assertThat(counted(ScriptRun.ELSEWHERE, "files yes\n")).isEmpty();
        assertThat(counted(base(), "files yes\n")).hasValue(1);
    }

    @Test
    void treesThatAPartialCloneLacksMakeThemUnknown() throws IOException {
        RealGit.in(origin).run("config", "uploadpack.allowFilter", "true");
        RealGit.in(origin).run("config", "uploadpack.allowAnySHA1InWant", "true");
        RealGit.in(directory)
                .run("clone", "--quiet", "--filter=tree:0", origin.toUri().toString(), "workspace/partial");
        checkout = SandboxCheckout.at(directory.resolve("workspace/partial"));
        checkout.branch("agent/work").commit("Work", "a.txt", "1");
        upstream.commits(1);
        upstream.git("push", "--quiet", origin.toString(), "main");
        checkout.git("fetch", "--quiet");
        checkout.config("remote.origin.url", "https://forge.invalid/acme/web");
        String onTop = checkout.git("commit-tree", "HEAD^{tree}", "-p", "origin/main", "-m", "Work");
        checkout.git("update-ref", "HEAD", onTop);

        assertThat(counted(base(), "files yes\n")).isEmpty();
    }

    @Test
    void whereTheForgeHasNoBaseEveryFileCounts() throws IOException {
        checkout = SandboxCheckout.unborn(directory.resolve("workspace/new"))
                .commit("One", "a.txt", "1")
                .commit("Two", "b/c.txt", "2");
        ShellScript script = CheckoutSession.script(new CheckoutSession.Request(
                checkout.directory().toString(),
                directory.toString(),
                false,
                new CheckoutSession.Author("A", "a@example.com")));
        try (ScriptRun run = new ScriptRun("sh", script, ShellScript::asArgument, directory.resolve("stderr"))) {
            run.say("base main\nfiles yes\n.\n");

            assertThat(HeaderBytes.read(run.out).checkout().changedFiles()).hasValue(2);
        }
    }
}
