package dev.sessionpublish.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxCheckoutIT {
    @TempDir
    Path scratch;

    private Path bare;

    @BeforeEach
    void repository() {
        bare = scratch.resolve("web.git");
        SandboxCheckout.unborn(scratch.resolve("seed"))
                .commit("Initial commit", Map.of("README.md", "# web\n"))
                .commit("Second", Map.of("main.c", "int main;\n"));
        RealGit.in(scratch).run("clone", "--quiet", "--bare", "seed", bare.toString());
    }

    @Test
    void anAgentsBranchHoldsItsCommits() {
        SandboxCheckout checkout = cloned().branch("agent/fix-login").commit("Fix the login", "src/login.c", "ok\n");
        assertThat(checkout.git("symbolic-ref", "HEAD")).isEqualTo("refs/heads/agent/fix-login");
        assertThat(checkout.git("log", "--format=%s by %an", "origin/main..")).isEqualTo("Fix the login by An Agent");
        assertThat(checkout.directory().resolve("src/login.c")).hasContent("ok\n");
        assertThat(checkout.git("status", "--porcelain")).isEmpty();
    }

    @Test
    void theSameStepsMakeTheSameIds() {
        String once = cloned().commit("Fix", "a", "1").head();
        String again = SandboxCheckout.cloneOf(bare, scratch.resolve("again"))
                .commit("Fix", "a", "1")
                .head();
        assertThat(again).isEqualTo(once);
    }

    @Test
    void itsOriginLeadsNowhere() {
        assertThat(RealGit.in(cloned().directory())
                        .attempt("ls-remote", "origin")
                        .exit())
                .isNotZero();
    }

    @Test
    void manyCommitsAreMadeAtOnce() {
        SandboxCheckout checkout = cloned().branch("agent/long").commits(500);
        assertThat(checkout.git("rev-list", "--count", "origin/main..HEAD")).isEqualTo("500");
        assertThat(checkout.git("status", "--porcelain")).isEmpty();
    }

    @Test
    void aDetachedHeadNamesACommit() {
        SandboxCheckout checkout = cloned().detach();
        assertThat(checkout.git("rev-parse", "--abbrev-ref", "HEAD")).isEqualTo("HEAD");
    }

    @Test
    void uncommittedFilesAreSeenByGit() {
        SandboxCheckout checkout = cloned().dirty("README.md", "changed\n")
                .dirty("new.txt", "")
                .staged("staged.txt", "")
                .deleted("main.c");
        assertThat(checkout.git("status", "--porcelain").lines().map(String::strip))
                .containsExactlyInAnyOrder("M README.md", "D main.c", "A  staged.txt", "?? new.txt");
    }

    @Test
    void operationsStopInTheMiddle() {
        assertThat(cloned("merge").mergeInProgress().gitDirectory().resolve("MERGE_HEAD"))
                .exists();
        assertThat(cloned("rebase").rebaseInProgress().gitDirectory().resolve("rebase-merge"))
                .isDirectory();
        assertThat(cloned("pick").cherryPickInProgress().gitDirectory().resolve("CHERRY_PICK_HEAD"))
                .exists();
    }

    @Test
    void anIndexLockKeepsGitFromCommitting() {
        SandboxCheckout checkout = cloned().indexLock();
        assertThat(RealGit.in(checkout.directory())
                        .attempt("commit", "--allow-empty", "-m", "x")
                        .err())
                .contains("index.lock");
        checkout.withoutIndexLock().commit("Now it can", Map.of());
    }

    @Test
    void aShallowCloneEndsEarly() {
        SandboxCheckout checkout = SandboxCheckout.shallowCloneOf(bare, scratch.resolve("shallow"), 1);
        assertThat(checkout.git("rev-parse", "--is-shallow-repository")).isEqualTo("true");
        assertThat(checkout.git("rev-list", "--count", "HEAD")).isEqualTo("1");
    }

    @Test
    void aBloblessCloneLacksItsFiles() {
        SandboxCheckout checkout = SandboxCheckout.bloblessCloneOf(bare, scratch.resolve("partial"));
        assertThat(checkout.git("rev-list", "--objects", "--missing=print", "HEAD"))
                .contains("\n?");
    }

    @Test
    void anUnbornHeadHasNoCommit() {
        SandboxCheckout checkout = SandboxCheckout.unborn(scratch.resolve("unborn"));
        assertThat(RealGit.in(checkout.directory())
                        .attempt("rev-parse", "--verify", "HEAD")
                        .exit())
                .isNotZero();
        assertThat(SandboxCheckout.unbornSha256(scratch.resolve("wide"))
                        .commit("First", "a", "b")
                        .head())
                .hasSize(64);
    }

    @Test
    void aHookOfTheCheckoutRuns() {
        SandboxCheckout checkout =
                cloned().hook("post-commit", "touch hook-ran").commit("x", Map.of());
        assertThat(checkout.directory().resolve("hook-ran")).exists();
    }

    @Test
    void aLinkedWorktreeHasItsGitDirectoryElsewhere() {
        SandboxCheckout linked = cloned().worktree(scratch.resolve("linked"), "agent/linked");
        assertThat(Files.isRegularFile(linked.directory().resolve(".git"))).isTrue();
        assertThat(linked.commit("In the worktree", "w", "w").git("rev-parse", "--abbrev-ref", "HEAD"))
                .isEqualTo("agent/linked");
    }

    @Test
    void anLfsPointerIsOnlyAPointer() {
        SandboxCheckout checkout = cloned().lfsPointer("movie.bin", "a".repeat(64), 12345);
        assertThat(checkout.git("show", "HEAD:movie.bin")).contains("oid sha256:aaaa", "size 12345");
        assertThat(checkout.git("check-attr", "filter", "movie.bin")).endsWith("lfs");
    }

    private SandboxCheckout cloned(String name) {
        return SandboxCheckout.cloneOf(bare, scratch.resolve(name));
    }

    private SandboxCheckout cloned() {
        return cloned("checkout");
    }
}
