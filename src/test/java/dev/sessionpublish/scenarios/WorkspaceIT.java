package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.publish.PublishReason;
import dev.sessionpublish.sandbox.SandboxReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every state that an agent can leave a checkout in, and what becomes of a publish from it. */
class WorkspaceIT extends OperatorScenario {
    private static final String COMMIT = "  uncommittedChanges: Commit";
    private static final int MAX_PACK = 4 << 20;

    private static Scene scene;

    @Override
    Map<String, String> settings() {
        return Map.of(
                "SESSION_PUBLISH_MAX_PACK", "4MiB",
                "SESSION_PUBLISH_COMMIT_AUTHOR_NAME", "Publish Żółw",
                "SESSION_PUBLISH_COMMIT_AUTHOR_EMAIL", "publish@example.com");
    }

    @BeforeEach
    void registerProject() throws IOException {
        if (scene == null) {
            scene = scene().ready();
        }
    }

    private static String tip(String branch) {
        return scene.tip(branch).orElse("none");
    }

    private static String atForge(String... arguments) {
        return scene.remote().run(arguments);
    }

    private static void published(SessionPublish publish) {
        assertThat(publish.getStatus().phase())
                .as(String.valueOf(publish.getStatus()))
                .isEqualTo(Phase.PullRequestCreated);
        assertThat(tip(publish.getStatus().headBranch()))
                .isEqualTo(publish.getStatus().commit());
    }

    private static void published(SessionPublish publish, String branch, String commit) {
        published(publish);
        assertThat(publish.getStatus().headBranch()).isEqualTo(branch);
        assertThat(publish.getStatus().commit()).isEqualTo(commit);
    }

    private static void refused(SessionPublish publish, Reason reason) {
        assertThat(publish.getStatus().reason())
                .as(String.valueOf(publish.getStatus()))
                .isEqualTo(reason.code());
        assertThat(publish.getStatus().phase()).isEqualTo(Phase.Failed);
    }

    /** Nothing moved at the forge, and nothing is going to be tried again. */
    private static void nothing(SessionPublish publish, String refsBefore, int pullsBefore) {
        assertThat(publish.getStatus().phase())
                .as(String.valueOf(publish.getStatus()))
                .isEqualTo(Phase.NothingToPublish);
        assertThat(publish.getStatus().reason()).isEqualTo(PullRequestReason.NO_CHANGES.code());
        assertThat(publish.getStatus().nextAttemptAt()).isNull();
        assertThat(scene.refs()).isEqualTo(refsBefore);
        assertThat(scene.pulls()).hasSize(pullsBefore);
    }

    @Test
    void aDetachedHeadGoesToAGeneratedBranch() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().detach().commit("Mend the header", "header.html", "<h1>");

        SessionPublish publish = sandbox.publishAndEnd("");

        published(publish);
        assertThat(publish.getStatus().headBranch()).startsWith("session/");
        assertThat(publish.getStatus().commit()).isEqualTo(checkout.head());
        assertThat(publish.getStatus().workspace().branch()).isNull();
        assertThat(sandbox.execs()).isEqualTo(1);
    }

    @Test
    void workOnTheBaseItselfGoesToAGeneratedBranch() throws Exception {
        Scene sandbox = scene.another();
        sandbox.cloned().commit("On main", "on-main.txt", "1");
        String main = tip("main");

        SessionPublish publish = sandbox.publishAndEnd("");

        published(publish);
        assertThat(publish.getStatus().headBranch()).startsWith("session/");
        assertThat(tip("main")).isEqualTo(main);
    }

    @Test
    void aCheckoutWithoutACommitHasNothingToShow() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout.unborn(sandbox.repo()).dirty("a.txt", "1");

        refused(sandbox.publishAndEnd(COMMIT), SandboxReason.NO_COMMITS);
    }

    @Test
    void aCheckoutEqualToItsBaseEndsWithoutABranch() throws Exception {
        String refs = scene.refs();
        int pulls = scene.pulls().size();
        Scene sandbox = scene.another();
        sandbox.cloned().branch("agent/equal");

        nothing(sandbox.publishAndEnd(""), refs, pulls);
        assertThat(sandbox.execs()).isEqualTo(1);
    }

    @Test
    void commitsThatUndoEachOtherEndWithoutABranch() throws Exception {
        String refs = scene.refs();
        int pulls = scene.pulls().size();
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch("agent/undone").commit("Do", "undone.txt", "1");
        checkout.git("revert", "--no-edit", "HEAD");

        nothing(sandbox.publishAndEnd(""), refs, pulls);
    }

    @Test
    void commitsThatUndoEachOtherAddNothingToABaseThatHasMovedOnEither() throws Exception {
        Scene sandbox = scene.another();
        Scene behind = scene.another();
        SandboxCheckout checkout =
                sandbox.cloned().branch("agent/undone-behind").commit("Do", "undone.txt", "1");
        checkout.git("revert", "--no-edit", "HEAD");
        behind.cloned().branch("agent/behind");
        moveMainOn("meanwhile.txt");
        String refs = scene.refs();
        int pulls = scene.pulls().size();

        nothing(sandbox.publishAndEnd(""), refs, pulls);
        nothing(behind.publishAndEnd(""), refs, pulls);
    }

    @Test
    void workOnABaseThatHasMovedOnIsPublishedAllTheSame() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch("agent/behind-work").commit("Work", "behind.txt", "1");
        moveMainOn("meanwhile-2.txt");

        SessionPublish publish = sandbox.publishAndEnd("");

        published(publish, "agent/behind-work", checkout.head());
        assertThat(publish.getStatus().workspace().behind()).isNull();
        assertThat(sandbox.execs()).isEqualTo(1);
    }

    private static void moveMainOn(String file) {
        String blob = atForge("hash-object", "-w", "/dev/null");
        String tree = scene.remote()
                .runWith(
                        (atForge("ls-tree", "main") + "\n100644 blob " + blob + "\t" + file + "\n")
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        "mktree");
        atForge("update-ref", "refs/heads/main", atForge("commit-tree", "-p", "main", "-m", "Meanwhile", tree));
    }

    @Test
    void uncommittedWorkIsLeftWhereItIsByDefaultAndReported() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned()
                .branch("agent/ignore")
                .commit("Work", "ignore.txt", "1")
                .dirty("ignore.txt", "2")
                .dirty("new/one.txt", "1")
                .staged("staged.txt", "1");
        Map<Path, String> before = sandbox.files();

        SessionPublish publish = sandbox.publishAndEnd("");

        published(publish, "agent/ignore", checkout.head());
        assertThat(publish.getStatus().workspace().uncommittedFiles()).isEqualTo(3);
        assertThat(publish.getStatus().message())
                .contains(
                        "Not published: 3 uncommitted files",
                        "create a SessionPublish with spec.uncommittedChanges: Commit");
        assertThat(sandbox.files()).isEqualTo(before);
    }

    @Test
    void onlyUncommittedWorkIsNothingToPublishUntilItIsAskedFor() throws Exception {
        Scene sandbox = scene.another();
        sandbox.cloned().branch("agent/only-uncommitted").dirty("one.txt", "1").dirty("two.txt", "2");

        var nothing = sandbox.publishAndEnd("").getStatus();

        assertThat(nothing.phase()).isEqualTo(Phase.NothingToPublish);
        assertThat(nothing.message())
                .contains("Not published: 2 uncommitted files", "set spec.uncommittedChanges to Commit");

        sandbox.publish("  uncommittedChanges: Commit");

        assertThat(sandbox.awaitPhase(Phase.PullRequestCreated).message()).doesNotContain("Not published");
    }

    @Test
    void uncommittedWorkEndsAPublishThatForbidsIt() throws Exception {
        String refs = scene.refs();
        Scene sandbox = scene.another();
        sandbox.cloned().branch("agent/fail").commit("Work", "fail.txt", "1").dirty("new.txt", "1");

        refused(sandbox.publishAndEnd("  uncommittedChanges: Fail"), PublishReason.UNCOMMITTED_CHANGES);
        assertThat(scene.refs()).isEqualTo(refs);
    }

    @Test
    void uncommittedWorkBecomesACommitThatLeavesTheCheckoutAsItWas() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned()
                .branch("agent/commit")
                .commit("Work", Map.of("changed.txt", "1", "gone.txt", "1", ".gitignore", "*.log\n"))
                .deleted("gone.txt")
                .dirty("changed.txt", "2")
                .dirty("odd \"name\"\twith\\all żółw.txt", "1")
                .dirty("-dash", "1")
                .dirty("debug.log", "ignored")
                .staged("staged.txt", "staged");
        for (String hook :
                List.of("pre-commit", "commit-msg", "post-commit", "post-index-change", "reference-transaction")) {
            checkout.hook(hook, "echo " + hook + " >> '" + sandbox.root().resolve("ran") + "'; exit 1");
        }
        checkout.config("commit.gpgSign", "true")
                .config("gpg.program", "/bin/false")
                .config("user.name", "Somebody Else")
                .config("core.splitIndex", "true")
                .config("core.untrackedCache", "true");
        Map<Path, String> before = sandbox.files();

        SessionPublish publish = sandbox.publishAndEnd(COMMIT);

        assertThat(sandbox.files()).isEqualTo(before);
        assertThat(sandbox.root().resolve("ran")).doesNotExist();
        published(publish);
        String commit = publish.getStatus().commit();
        assertThat(atForge("log", "--format=%an <%ae> %cn <%ce> %P", "-1", commit))
                .isEqualTo("Publish Żółw <publish@example.com> Publish Żółw <publish@example.com> " + checkout.head());
        assertThat(atForge("ls-tree", "-z", "--name-only", commit).split("\0"))
                .containsExactlyInAnyOrder(Stream.concat(
                                Stream.of(atForge("ls-tree", "-z", "--name-only", commit + "~2")
                                        .split("\0")),
                                Stream.of(
                                        "-dash",
                                        ".gitignore",
                                        "changed.txt",
                                        "odd \"name\"\twith\\all żółw.txt",
                                        "staged.txt"))
                        .distinct()
                        .toArray(String[]::new));
        assertThat(atForge("cat-file", "-p", commit + ":changed.txt")).isEqualTo("2");
        assertThat(publish.getStatus().workspace().head()).isEqualTo(checkout.head());
    }

    @Test
    void uncommittedWorkMakesTheSameCommitWhenItIsPublishedAgain() throws Exception {
        Scene sandbox = scene.another();
        sandbox.cloned().branch("agent/again").commit("Work", "again.txt", "1").dirty("again.txt", "2");
        // Of the same size as before, and a second later the index no longer looks as if it might be stale.
        SessionPublish first = sandbox.publishAndEnd(COMMIT);
        published(first);
        assertThat(first.getStatus().commit())
                .isNotEqualTo(first.getStatus().workspace().head());

        SessionPublish second = sandbox.again("again");

        assertThat(second.getStatus().commit()).isEqualTo(first.getStatus().commit());
        assertThat(second.getStatus().phase())
                .as(String.valueOf(second.getStatus()))
                .isEqualTo(Phase.PullRequestCreated);
        assertThat(sandbox.execs()).isEqualTo(2);
    }

    @Test
    void aRepositoryWithinTheCheckoutIsNotCommittedAsALink() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned()
                .branch("agent/embedded")
                .commit("Work", "became-repository", "1")
                .deleted("became-repository")
                .dirty("new.txt", "1");
        SandboxCheckout.unborn(sandbox.repo().resolve("with commit")).commit("Its own", "its.txt", "1");
        SandboxCheckout.unborn(sandbox.repo().resolve("became-repository")).commit("Its own", "its.txt", "1");
        SandboxCheckout.unborn(sandbox.repo().resolve("unborn"));
        Map<Path, String> before = sandbox.files();

        SessionPublish publish = sandbox.publishAndEnd(COMMIT);

        published(publish);
        assertThat(publish.getStatus().commit()).isNotEqualTo(checkout.head());
        assertThat(atForge("ls-tree", "-r", publish.getStatus().commit()))
                .contains("new.txt")
                .doesNotContain("160000")
                .doesNotContain("became-repository");
        assertThat(sandbox.files()).isEqualTo(before);
    }

    static Stream<Named<UnaryOperator<SandboxCheckout>>> operations() {
        return Stream.of(
                Named.of("merge", SandboxCheckout::mergeInProgress),
                Named.of("rebase", SandboxCheckout::rebaseInProgress),
                Named.of("cherry-pick", SandboxCheckout::cherryPickInProgress),
                Named.of("conflict without an operation", checkout -> {
                    checkout.mergeInProgress();
                    try {
                        Files.delete(checkout.gitDirectory().resolve("MERGE_HEAD"));
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                    return checkout;
                }));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void anUnfinishedOperationIsNotPublished(UnaryOperator<SandboxCheckout> operation) throws Exception {
        String refs = scene.refs();
        Scene sandbox = scene.another();
        operation.apply(sandbox.cloned().branch(sandbox.branch()).commit("Work", "a.txt", "1"));
        Scene committing = scene.another();
        operation.apply(committing.cloned().branch(committing.branch()).commit("Work", "a.txt", "1"));

        refused(sandbox.publishAndEnd(""), PublishReason.OPERATION_IN_PROGRESS);
        refused(committing.publishAndEnd(COMMIT), PublishReason.OPERATION_IN_PROGRESS);
        assertThat(scene.refs()).isEqualTo(refs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"index.lock", "HEAD.lock"})
    void aLockIsWaitedForAndItsRemovalLetsThePublishGoOn(String lock) throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch(sandbox.branch()).commit("Work", lock, "1");
        Path file = Files.createFile(sandbox.repo().resolve(".git").resolve(lock));
        sandbox.startPod();
        sandbox.publish("");
        assertThat(sandbox.awaitAttempt().reason()).isEqualTo(SandboxReason.WORKSPACE_BUSY.code());

        Files.delete(file);

        published(sandbox.ended(), sandbox.branch(), checkout.head());
    }

    @Test
    void aLinkedWorktreeIsPublishedFromItsOwnDirectory() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout tree = sandbox.cloned()
                .worktree(sandbox.workspace().resolve("tree"), "agent/tree")
                .commit("Work", "tree.txt", "1")
                .dirty("more.txt", "1");

        SessionPublish publish = sandbox.publishAndEnd(Path.of("/workspace/tree"), COMMIT);

        published(publish);
        assertThat(publish.getStatus().headBranch()).isEqualTo("agent/tree");
        assertThat(atForge("rev-parse", publish.getStatus().commit() + "^")).isEqualTo(tree.head());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gitdir: /nowhere/at/all", "gitdir: ../gone", "something else", ""})
    void aGitFileThatPointsNowhereIsNoRepository(String content) throws Exception {
        Scene sandbox = scene.another();
        Files.createDirectories(sandbox.repo());
        Files.writeString(sandbox.repo().resolve(".git"), content);

        refused(sandbox.publishAndEnd(""), SandboxReason.NOT_A_REPOSITORY);
    }

    @Test
    void aPlainDirectoryIsNoRepositoryEvenBelowOne() throws Exception {
        Scene sandbox = scene.another();
        sandbox.cloned().commit("Work", "below/a.txt", "1");

        refused(sandbox.publishAndEnd(Path.of("/workspace/repo/below"), ""), SandboxReason.NOT_A_REPOSITORY);
    }

    @Test
    void aMissingDirectoryIsNamed() throws Exception {
        SessionPublish publish = scene.another().publishAndEnd("");

        refused(publish, SandboxReason.WORKSPACE_MISSING);
        assertThat(publish.getStatus().message()).contains("/workspace/repo");
    }

    @Test
    void aShallowCloneIsPublishedAndItsCountsAreLeftOpen() throws Exception {
        moveMainOn("shallow-1.txt");
        moveMainOn("shallow-2.txt");
        Scene sandbox = scene.another();
        SandboxCheckout checkout = SandboxCheckout.shallowCloneOf(scene.bare(), sandbox.repo(), 1)
                .branch("agent/shallow")
                .commit("Work", "shallow.txt", "1");

        SessionPublish publish = sandbox.publishAndEnd("");

        published(publish, "agent/shallow", checkout.head());
        assertThat(publish.getStatus().workspace().ahead()).isNull();
        assertThat(publish.getStatus().workspace().behind()).isNull();
    }

    @Test
    void aPartialCloneIsPublishedAndNothingIsFetchedForIt() throws Exception {
        Scene sandbox = scene.another();
        Path marker = sandbox.root().resolve("fetched");
        SandboxCheckout.bloblessCloneOf(scene.bare(), sandbox.repo());
        SandboxCheckout checkout = SandboxCheckout.at(sandbox.repo());
        // Without its files: an index of the tree, and one file more.
        String main = checkout.head();
        checkout.git("symbolic-ref", "HEAD", "refs/heads/agent/partial");
        checkout.git("read-tree", main);
        String blob = checkout.dirty("partial.txt", "1").git("hash-object", "-w", "partial.txt");
        checkout.git("update-index", "--add", "--cacheinfo", "100644," + blob + ",partial.txt");
        String tree = checkout.git("write-tree", "--missing-ok");
        checkout.git("update-ref", "HEAD", checkout.git("commit-tree", "-p", main, "-m", "Work", tree));
        Path fetcher = sandbox.root().resolve("fetcher");
        Files.writeString(fetcher, "#!/bin/sh\ntouch '" + marker + "'\n");
        assertThat(fetcher.toFile().setExecutable(true)).isTrue();
        checkout.config("remote.origin.url", "ext::" + fetcher);
        checkout.config("protocol.ext.allow", "always").config("protocol.allow", "always");
        assertThat(RealGit.in(sandbox.repo())
                        .attempt("cat-file", "-p", "HEAD:README.md")
                        .exit())
                .as("its blobs are missing")
                .isNotZero();
        assertThat(marker).as("which a git that is not held back tries to mend").exists();
        Files.delete(marker);

        published(sandbox.publishAndEnd(""), "agent/partial", checkout.head());
        assertThat(marker).doesNotExist();
    }

    @Test
    void aCheckoutOfAnotherObjectFormatIsToldSo() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout.unbornSha256(sandbox.repo()).commit("Work", "a.txt", "1");

        refused(sandbox.publishAndEnd(""), PushReason.OBJECT_FORMAT);
    }

    @Test
    void objectsThatLieElsewhereAreFoundThroughAlternates() throws Exception {
        Scene sandbox = scene.another();
        Path store = sandbox.workspace().resolve("store.git");
        RealGit.in(sandbox.workspace())
                .run("clone", "--quiet", "--bare", scene.bare().toString(), store.toString());
        RealGit.in(sandbox.workspace())
                .run(
                        "clone",
                        "--quiet",
                        "--shared",
                        store.toString(),
                        sandbox.repo().toString());
        SandboxCheckout checkout = SandboxCheckout.at(sandbox.repo())
                .branch("agent/alternates")
                .commit("Work", "alternates.txt", "1")
                .dirty("more.txt", "1");

        SessionPublish publish = sandbox.publishAndEnd(COMMIT);

        published(publish);
        assertThat(atForge("rev-parse", publish.getStatus().commit() + "^")).isEqualTo(checkout.head());
    }

    @Test
    void aCheckoutOfAnotherOwnerIsPublishedWithThatOwnersRights() throws Exception {
        Scene sandbox = scene.another();
        Path rights = sandbox.repo().resolve(".git/rights");
        SandboxCheckout checkout = sandbox.cloned()
                .branch("agent/owner")
                .commit("Work", ".gitattributes", "*.txt filter=telling\n")
                .config("filter.telling.clean", "id -u >>'" + rights + "'; cat")
                .dirty("owner.txt", "1");
        String head = checkout.head();
        give(sandbox);

        SessionPublish publish = sandbox.publishAndEnd(COMMIT);

        published(publish);
        assertThat(atForge("rev-parse", publish.getStatus().commit() + "^")).isEqualTo(head);
        assertThat(Files.readAllLines(rights)).isNotEmpty().containsOnly("65534");
    }

    @Test
    void aFileThatTheOwnerCannotReadIsNotPublished() throws Exception {
        String refs = scene.refs();
        Scene sandbox = scene.another();
        sandbox.cloned().branch("agent/unreadable").commit("Work", "a.txt", "1");
        give(sandbox);
        Path secret = Files.writeString(sandbox.repo().resolve("secret.txt"), "of root");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));

        SessionPublish publish = sandbox.publishAndEnd(COMMIT);

        refused(publish, SandboxReason.UNREADABLE_FILES);
        assertThat(publish.getStatus().message()).contains("secret.txt", ".gitignore");
        assertThat(scene.refs()).isEqualTo(refs);
    }

    /** Gives the checkout to another user, who can get to it. */
    private static void give(Scene sandbox) throws Exception {
        Process chown = new ProcessBuilder(
                        "chown", "-R", "65534:65534", sandbox.repo().toString())
                .redirectErrorStream(true)
                .start();
        chown.getInputStream().readAllBytes();
        assumeThat(chown.waitFor()).as("may give files away").isZero();
        Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
        for (Path each = sandbox.workspace().toRealPath();
                each.startsWith(temporary) && !each.equals(temporary);
                each = each.getParent()) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nonexistent", "", "/dev/null"})
    void aUserWithoutAHomeIsNoObstacle(String home) throws Exception {
        Scene sandbox = scene.another().env("HOME", home);
        SandboxCheckout checkout = sandbox.cloned().branch(sandbox.branch()).commit("Work", "home.txt", sandbox.name());

        published(sandbox.publishAndEnd(""), sandbox.branch(), checkout.head());
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "kept/tmp", ".git", "../link-to-repo/kept", "-dash"})
    void temporaryFilesNeverLieInTheCheckoutWhateverTmpdirSays(String place) throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned()
                .branch(sandbox.branch())
                .commit("Work", "kept/tmp/a.txt", sandbox.name())
                .dirty("new.txt", "1");
        Files.createSymbolicLink(sandbox.workspace().resolve("link-to-repo"), sandbox.repo());
        // What has been made is told, since it is gone when the publish ends.
        Path made = sandbox.root().resolve("made");
        sandbox.program(
                "mktemp", "made=$('" + program("mktemp") + "' \"$@\") && echo \"$made\" | tee -a '" + made + "'");
        sandbox.env(
                "TMPDIR",
                place.startsWith("-") ? place : sandbox.repo().resolve(place).toString());
        Map<Path, String> before = sandbox.files();

        SessionPublish publish = sandbox.publishAndEnd(COMMIT);

        published(publish);
        assertThat(atForge("rev-parse", publish.getStatus().commit() + "^")).isEqualTo(checkout.head());
        assertThat(sandbox.files()).isEqualTo(before);
        assertThat(Files.readAllLines(made))
                .isNotEmpty()
                .noneMatch(path -> Path.of(path).normalize().startsWith(sandbox.workspace()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"core.bare=true", "core.worktree=/nowhere", "core.worktree=../../elsewhere"})
    void aRepositoryThatThinksItsFilesAreElsewhereIsReadWhereItIs(String setting) throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch(sandbox.branch()).commit("Work", "a.txt", sandbox.name());
        Files.createDirectories(sandbox.workspace().resolve("elsewhere"));
        Files.writeString(sandbox.workspace().resolve("elsewhere/not-this.txt"), "1");
        Files.writeString(sandbox.repo().resolve("this.txt"), "1");
        String head = checkout.head();
        checkout.config(setting.split("=")[0], setting.split("=")[1]);

        SessionPublish publish = sandbox.publishAndEnd(COMMIT);

        published(publish);
        assertThat(atForge("diff", "--name-only", head, publish.getStatus().commit()))
                .isEqualTo("this.txt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "it's a \"dir\"; $(touch x) `y` *",
                "-dash",
                "a:b",
                "żółw 🐢",
                "back\\slash",
                "tab and % end",
                "#hash"
            })
    void aDirectoryMayBeCalledAnything(String name) throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = SandboxCheckout.cloneOf(
                        scene.bare(), sandbox.workspace().resolve(name))
                .branch(sandbox.branch())
                .commit("Work", sandbox.name(), "1")
                .dirty("more.txt", "1");

        SessionPublish publish = sandbox.publishAndEnd(Path.of("/workspace/" + name), COMMIT);

        published(publish);
        assertThat(atForge("rev-parse", publish.getStatus().commit() + "^")).isEqualTo(checkout.head());
        assertThat(sandbox.workspace().resolve("x")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/workspace/link", "/workspace/../outside", "/workspace/repo/../../outside", "/"})
    void aDirectoryOutsideTheWorkspaceIsRefused(String path) throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout.cloneOf(scene.bare(), sandbox.root().resolve("outside")).commit("Work", "a.txt", "1");
        sandbox.cloned();
        Files.createSymbolicLink(
                sandbox.workspace().resolve("link"), sandbox.root().resolve("outside"));

        refused(sandbox.publishAndEnd(Path.of(path), ""), SandboxReason.WORKSPACE_MISSING);
    }

    @Test
    void aDirectoryBesideTheWorkspaceWithTheSameBeginningIsRefused() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout.cloneOf(scene.bare(), sandbox.root().resolve("workspace-2"))
                .commit("Work", "a.txt", "1");

        refused(sandbox.publishAndEnd(Path.of("/workspace/../workspace-2"), ""), SandboxReason.WORKSPACE_MISSING);
    }

    @Test
    void aLinkWithinTheWorkspaceIsFollowed() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch("agent/link").commit("Work", "link.txt", "1");
        Files.createSymbolicLink(sandbox.workspace().resolve("link"), sandbox.repo());

        published(sandbox.publishAndEnd(Path.of("/workspace/link"), ""), "agent/link", checkout.head());
    }

    @Test
    void aBareRepositoryIsPublishedWithoutAnyUncommittedWork() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch("agent/bare").commit("Work", "bare.txt", "1");
        RealGit.in(sandbox.workspace()).run("clone", "--quiet", "--bare", "repo", "bare.git");

        SessionPublish publish = sandbox.publishAndEnd(Path.of("/workspace/bare.git"), COMMIT);

        published(publish, "agent/bare", checkout.head());
        assertThat(publish.getStatus().workspace().uncommittedFiles()).isZero();
    }

    @Test
    void aContainerWithoutGitIsToldSo() throws Exception {
        Scene sandbox = scene.another();
        sandbox.cloned().commit("Work", "a.txt", "1");
        Path bin = Files.createDirectories(sandbox.root().resolve("bin"));
        for (String program : List.of("env", "sed")) {
            Files.createSymbolicLink(
                    bin.resolve(program), Path.of("/usr/bin", program).toRealPath());
        }

        refused(sandbox.env("PATH", bin.toString()).publishAndEnd(""), SandboxReason.GIT_MISSING);
    }

    @Test
    void aGitOfTheYear2018IsEnough() throws Exception {
        Scene sandbox = scene.another();
        sandbox.cloned().branch("agent/old-git").commit("Work", "old.txt", "1").dirty("more.txt", "1");
        Path refusals = sandbox.root().resolve("refusals");
        String real = System.getenv("GIT_OLD") == null ? realGit() : System.getenv("GIT_OLD");
        sandbox.program("git", """
                for word in "$@"; do
                  case $word in
                  --pathspec-from-file*|--pathspec-file-nul|--end-of-options|--no-lazy-fetch|--object-format*|\\
                  --batch-command*|--path-format=*|--stdin-packs|--show-object-format*|--missing=print|--disk-usage*|\\
                  --bare-repository*|--config-env*|--cruft*|--exclude-hidden*|--no-optional-locks-*|--sparse|\\
                  --show-scope|--fixed-value|--ahead-behind|switch|restore|sparse-checkout|maintenance|bundle-uri|\\
                  merge-tree|--write-tree)
                    echo "$word" >> 'REFUSALS'
                    exit 129
                  esac
                done
                exec 'REAL' "$@"
                """.replace("REFUSALS", refusals.toString()).replace("REAL", real));

        SessionPublish publish = sandbox.publishAndEnd(COMMIT);

        assertThat(refusals).doesNotExist();
        published(publish);
    }

    private static String realGit() {
        return program("git");
    }

    private static String program(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(each -> Path.of(each, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow()
                .toString();
    }

    static Stream<Named<String>> damages() {
        return Stream.of(
                Named.of("the commit", "HEAD"),
                Named.of("its tree", "HEAD^{tree}"),
                Named.of("a file", "HEAD:damaged.txt"));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void aLostObjectIsToldAsADamagedRepository(String object) throws Exception {
        String refs = scene.refs();
        Scene sandbox = scene.another();
        SandboxCheckout checkout =
                sandbox.cloned().branch(sandbox.branch()).commit("Work", "damaged.txt", sandbox.name());
        String id = checkout.git("rev-parse", object);
        Path file = sandbox.repo()
                .resolve(".git/objects")
                .resolve(id.substring(0, 2))
                .resolve(id.substring(2));
        Files.delete(file);

        refused(sandbox.publishAndEnd(""), SandboxReason.NOT_A_REPOSITORY);
        assertThat(scene.refs()).isEqualTo(refs);
    }

    @Test
    void anObjectFullOfRubbishIsToldAsADamagedRepository() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout =
                sandbox.cloned().branch("agent/rubbish").commit("Work", "rubbish.txt", "a unique line");
        String id = checkout.git("rev-parse", "HEAD:rubbish.txt");
        Path file = sandbox.repo()
                .resolve(".git/objects")
                .resolve(id.substring(0, 2))
                .resolve(id.substring(2));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file, "rubbish");

        refused(sandbox.publishAndEnd(""), SandboxReason.NOT_A_REPOSITORY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ignore", "Commit", "Fail"})
    void aBrokenIndexIsToldRatherThanTakenForNoChanges(String policy) throws Exception {
        Scene sandbox = scene.another();
        sandbox.cloned().branch(sandbox.branch()).commit("Work", "a.txt", sandbox.name());
        Files.writeString(sandbox.repo().resolve(".git/index"), "rubbish");

        refused(sandbox.publishAndEnd("  uncommittedChanges: " + policy), SandboxReason.NOT_A_REPOSITORY);
    }

    @Test
    void aHundredThousandFilesArePublished() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch("agent/many");
        StringBuilder stream = new StringBuilder(
                "commit refs/heads/agent/many\ncommitter A <a@example.com> 1767225600 +0000\ndata 4\nMany\nfrom "
                        + checkout.head() + "\n");
        for (int n = 0; n < 100_000; n++) {
            stream.append("M 100644 inline tracked/" + n % 500 + "/" + n + "\ndata 6\n" + (100_000 + n) + "\n");
        }
        RealGit.in(sandbox.repo())
                .runWith(
                        stream.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        "fast-import",
                        "--quiet",
                        "--force");
        checkout.git("reset", "--quiet", "--hard");
        checkout.dirty("tracked/0/0", "changed");
        for (int n = 0; n < 2_000; n++) {
            checkout.dirty("untracked/" + n % 50 + "/" + n, "" + n);
        }

        SessionPublish publish = sandbox.publishAndEnd(COMMIT);

        published(publish);
        assertThat(publish.getStatus().push().commits()).isEqualTo(2);
        assertThat(atForge("ls-tree", "-r", publish.getStatus().commit()).lines())
                .hasSizeGreaterThan(102_000);
    }

    @Test
    void aPackOverTheLimitIsNotPushed() throws Exception {
        String refs = scene.refs();
        Scene sandbox = scene.another();
        sandbox.cloned().branch("agent/large").commit("Work", "large.bin", random(MAX_PACK + (1 << 20)));

        SessionPublish publish = sandbox.publishAndEnd("");

        refused(publish, PushReason.PACK_TOO_LARGE);
        assertThat(publish.getStatus().message()).contains("4 MiB");
        assertThat(scene.refs()).isEqualTo(refs);
    }

    @Test
    void aPackUnderTheLimitIsStreamed() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout =
                sandbox.cloned().branch("agent/fitting").commit("Work", "fitting.bin", random(3 << 20));

        SessionPublish publish = sandbox.publishAndEnd("");

        published(publish, "agent/fitting", checkout.head());
        assertThat(publish.getStatus().push().bytes()).isGreaterThan(2 << 20);
    }

    /** Text that hardly compresses: its pack is about three quarters of it. */
    private static String random(int packedBytes) {
        byte[] bytes = new byte[packedBytes];
        new Random(packedBytes).nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void aPinnedCommitIsPublishedAsLongAsHeadIsThere() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch("agent/pinned").commit("Work", "pinned.txt", "1");

        published(sandbox.publishAndEnd("  commit: " + checkout.head()), "agent/pinned", checkout.head());
    }

    @Test
    void uncommittedWorkOnAPinnedCommitIsPublishedOnTopOfIt() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned()
                .branch("agent/pinned-and-more")
                .commit("Work", "pinned.txt", "1")
                .dirty("pinned.txt", "2");

        SessionPublish publish = sandbox.publishAndEnd(COMMIT + "\n  commit: " + checkout.head());

        published(publish);
        assertThat(publish.getStatus().workspace().head()).isEqualTo(checkout.head());
        assertThat(atForge("log", "-1", "--format=%P", publish.getStatus().commit()))
                .isEqualTo(checkout.head());
        assertThat(atForge("cat-file", "-p", publish.getStatus().commit() + ":pinned.txt"))
                .isEqualTo("2");
    }

    @Test
    void aPinOfTheBaseTakesUncommittedWorkAlone() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch("agent/pinned-base").dirty("on-the-base.txt", "1");

        SessionPublish publish = sandbox.publishAndEnd(COMMIT + "\n  commit: " + checkout.head());

        published(publish);
        assertThat(atForge(
                        "rev-list", checkout.head() + ".." + publish.getStatus().commit()))
                .isEqualTo(publish.getStatus().commit());
    }

    @Test
    void uncommittedWorkIsNotPublishedWhenHeadHasMovedFromItsPin() throws Exception {
        String refs = scene.refs();
        Scene sandbox = scene.another();
        SandboxCheckout checkout =
                sandbox.cloned().branch("agent/moved-and-more").commit("Work", "moved.txt", "1");
        String pin = checkout.head();
        checkout.commit("More", "moved.txt", "2").dirty("moved.txt", "3");

        refused(sandbox.publishAndEnd(COMMIT + "\n  commit: " + pin), PublishReason.COMMIT_MOVED);
        assertThat(scene.refs()).isEqualTo(refs);
    }

    @Test
    void nothingTemporaryStaysOfUncommittedWorkThatIsNotPublished() throws Exception {
        Scene sandbox = scene.another();
        Path temporary = Files.createDirectories(sandbox.root().resolve("tmp"));
        Path made = sandbox.root().resolve("made");
        sandbox.cloned().branch(sandbox.branch()).commit("Work", "a.txt", "1").dirty("a.txt", "2");
        sandbox.env("TMPDIR", temporary.toString());
        sandbox.program(
                "mktemp", "made=$('" + program("mktemp") + "' \"$@\") && echo \"$made\" | tee -a '" + made + "'");

        refused(sandbox.publishAndEnd(COMMIT + "\n  commit: " + "a".repeat(40)), PublishReason.COMMIT_MOVED);

        assertThat(made).content().startsWith(temporary.toString());
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void lineEndsThatSettingsForbidAreCommittedAsGitConvertsThem() throws Exception {
        Scene sandbox = scene.another();
        sandbox.cloned()
                .branch(sandbox.branch())
                .config("core.autocrlf", "true")
                .config("core.safecrlf", "true")
                .dirty("mixed.txt", "a\nb\r\n");

        SessionPublish publish = sandbox.publishAndEnd(COMMIT);

        published(publish);
        assertThat(atForge("cat-file", "-p", publish.getStatus().commit() + ":mixed.txt"))
                .isEqualTo("a\nb");
    }

    @Test
    void aHeadThatHasMovedFromItsPinIsRefused() throws Exception {
        String refs = scene.refs();
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch("agent/moved").commit("Work", "moved.txt", "1");
        String pin = checkout.head();
        checkout.commit("More", "moved.txt", "2");

        refused(sandbox.publishAndEnd("  commit: " + pin), PublishReason.COMMIT_MOVED);
        assertThat(scene.refs()).isEqualTo(refs);
    }

    /** A submodule at this path, cloned from a repository that lies beside the workspace and is out of reach later. */
    private static SandboxCheckout submodule(Scene sandbox, SandboxCheckout checkout, String path) {
        Path origin = sandbox.root().resolve("origin-of-" + path);
        if (!Files.exists(origin)) {
            SandboxCheckout.unborn(origin).commit("First", "lib.txt", "1").commit("Second", "lib.txt", "2");
        }
        RealGit.in(checkout.directory())
                .run(
                        "-c",
                        "protocol.file.allow=always",
                        "submodule",
                        "--quiet",
                        "add",
                        "--",
                        origin.toUri().toString(),
                        path);
        return SandboxCheckout.at(checkout.directory().resolve(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ignore", "Commit"})
    void commitsOfSubmodulesThatNobodyElseHasAreToldInStatus(String policy) throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch(sandbox.branch());
        submodule(sandbox, checkout, "pushed");
        submodule(sandbox, checkout, "recorded").commit("Only here", "lib.txt", "3");
        SandboxCheckout ahead = submodule(sandbox, checkout, "a-head 'of' it");
        checkout.git("add", "--all");
        checkout.commit("Work", "work.txt", sandbox.name());
        ahead.commit("Only here", "lib.txt", "3");
        SandboxCheckout.unborn(sandbox.repo().resolve("no-submodule")).commit("Its own", "its.txt", "1");
        Path marks = Files.createDirectories(sandbox.root().resolve("marks"));
        Path program = sandbox.root().resolve("program");
        Files.writeString(program, "#!/bin/sh\ntouch '" + marks + "'/$$\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        for (String setting : List.of(
                "core.fsmonitor", "core.pager", "pager.rev-list", "core.alternateRefsCommand", "diff.external")) {
            ahead.config(setting, program.toString());
        }
        ahead.hook("post-index-change", "exec '" + program + "'")
                .hook("reference-transaction", "exec '" + program + "'");
        Map<Path, String> before = sandbox.files();
        try (Stream<Path> run = Files.list(marks)) {
            for (Path mark : run.toList()) {
                Files.delete(mark);
            }
        }

        SessionPublish publish = sandbox.publishAndEnd("  uncommittedChanges: " + policy);

        published(publish);
        assertThat(publish.getStatus().workspace().unpushedSubmodules())
                .containsExactlyInAnyOrder("recorded", "a-head 'of' it");
        assertThat(publish.getStatus().message())
                .contains("Opened pull request", "submodules", "recorded", "a-head 'of' it")
                .doesNotContain("pushed,");
        assertThat(sandbox.files()).isEqualTo(before);
        try (Stream<Path> run = Files.list(marks)) {
            assertThat(run).isEmpty();
        }
    }

    @Test
    void workWithinASubmoduleAloneIsToldAlthoughThereIsNothingToPublish() throws Exception {
        Scene own = scene().ready();
        SandboxCheckout checkout = own.cloned().branch(own.branch());
        SandboxCheckout lib = submodule(own, checkout, "lib");
        checkout.commit("Add lib", Map.of());
        own.remote().run("fetch", "--quiet", checkout.directory().toString(), "HEAD:refs/heads/main");
        lib.commit("Only here", "lib.txt", "3");

        SessionPublish publish = own.publishAndEnd("");

        Scene.inPhase(publish, Phase.NothingToPublish);
        assertThat(own.pushes()).isEmpty();
        assertThat(own.pulls()).isEmpty();
        assertThat(publish.getStatus().workspace().unpushedSubmodules()).containsExactly("lib");
        assertThat(publish.getStatus().message()).contains("Nothing to publish", "(lib)");
    }

    @Test
    void aSubmoduleThatTheBaseNamesTooIsNobodysNews() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch(sandbox.branch());
        SandboxCheckout lib = submodule(sandbox, checkout, "lib");
        checkout.commit("Add lib", Map.of());
        checkout.git("update-ref", "refs/remotes/origin/main", "HEAD");
        lib.git("update-ref", "-d", "refs/remotes/origin/main");
        lib.git("update-ref", "-d", "refs/remotes/origin/HEAD");
        checkout.commit("Work", "work.txt", sandbox.name());

        SessionPublish publish = sandbox.publishAndEnd("");

        published(publish);
        assertThat(publish.getStatus().workspace().unpushedSubmodules()).isNull();
    }

    @Test
    void aSubmoduleThatIsNotCheckedOutOrIsBrokenIsNoObstacle() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch(sandbox.branch());
        for (String path : List.of("gone", "pointing-nowhere", "empty-file", "link")) {
            submodule(sandbox, checkout, path);
        }
        checkout.commit("Work", Map.of());
        for (String path : List.of("gone", "pointing-nowhere", "empty-file", "link")) {
            Files.delete(sandbox.repo().resolve(path).resolve(".git"));
        }
        Files.writeString(sandbox.repo().resolve("pointing-nowhere/.git"), "gitdir: ../../nowhere\n");
        Files.writeString(sandbox.repo().resolve("empty-file/.git"), "");
        Files.createSymbolicLink(sandbox.repo().resolve("link/.git"), Path.of("/nowhere"));

        SessionPublish publish = sandbox.publishAndEnd("");

        published(publish, sandbox.branch(), checkout.head());
        assertThat(publish.getStatus().workspace().unpushedSubmodules()).isNull();
    }

    @Test
    void aFileOfGitLfsThatNobodyHasIsRefusedBeforeAnythingIsPushed() throws Exception {
        String refs = scene.refs();
        Scene sandbox = scene.another();
        sandbox.cloned().branch("agent/lfs").lfsPointer("model.bin", "a".repeat(64), 12345);

        SessionPublish publish = sandbox.publishAndEnd("");

        refused(publish, PushReason.LFS);
        assertThat(publish.getStatus().message()).contains("git lfs fetch");
        assertThat(scene.refs()).isEqualTo(refs);
        assertThat(world.git().requests("POST", "/git-receive-pack"))
                .noneMatch(request -> request.path().contains("lfs"));
    }

    @Test
    void theContainerThatIsNamedIsTheOneThatIsAsked() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch("agent/container").commit("Work", "container.txt", "1");

        sandbox.startPod(List.of("sidecar", "agent"));
        sandbox.publishFrom("podName: " + sandbox.name() + ", container: agent", "");

        SessionPublish publish = sandbox.ended();
        published(publish, "agent/container", checkout.head());
        assertThat(publish.getStatus().source().container()).isEqualTo("agent");
    }

    @Test
    void severalContainersWithoutAWordAreAmbiguous() throws Exception {
        Scene sandbox = scene.another();
        sandbox.cloned();

        sandbox.startPod(List.of("sidecar", "agent"));
        sandbox.publish("");

        SessionPublish publish = sandbox.ended();
        refused(publish, SandboxReason.CONTAINER_AMBIGUOUS);
        assertThat(publish.getStatus().message()).contains("sidecar", "agent");
    }
}
