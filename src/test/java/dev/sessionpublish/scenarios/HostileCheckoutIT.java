package dev.sessionpublish.scenarios;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.embedded.cluster.AuditEntry;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.sandbox.SandboxReason;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checkouts made to harm, and a git that lies. Whatever they do, no branch is moved that the publish wasn't for, nothing
 * of it is ever more than a reason and a sentence, and the operator goes on.
 */
class HostileCheckoutIT extends OperatorScenario {
    private static final String HUMANS = "colleague/work";
    /** Hardly compressible, and more than is read ahead before the forge is asked. */
    private static final String LARGE = new Random(7)
            .ints(2_600_000, ' ', '~')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();

    private static Scene scene;

    @Override
    Map<String, String> settings() {
        return Map.of("SESSION_PUBLISH_MAX_PACK", "4MiB", "SESSION_PUBLISH_EXEC_TIMEOUT", "PT20S");
    }

    @BeforeEach
    void registerProject() throws IOException {
        if (scene == null) {
            scene = scene().ready();
            scene.humanCommits(HUMANS, "main");
        }
    }

    @AfterAll
    static void theOperatorStillWorks() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch("agent/honest").commit("Work", "honest.txt", "1");
        published(sandbox.publishAndEnd(""), "agent/honest", checkout.head());
    }

    private static void published(SessionPublish publish, String branch, String commit) {
        assertThat(publish.getStatus().phase())
                .as(String.valueOf(publish.getStatus()))
                .isEqualTo(Phase.PullRequestCreated);
        assertThat(publish.getStatus().headBranch()).isEqualTo(branch);
        assertThat(scene.tip(branch)).contains(commit);
    }

    private static void refused(SessionPublish publish, Reason reason) {
        assertThat(publish.getStatus().reason())
                .as(String.valueOf(publish.getStatus()))
                .isEqualTo(reason.code());
        assertThat(publish.getStatus().phase()).isEqualTo(Phase.Failed);
        assertThat(publish.getStatus().message())
                .doesNotContainPattern("\\p{Cntrl}")
                .hasSizeLessThan(2_000);
    }

    private static String humansTip() {
        return scene.tip(HUMANS).orElseThrow();
    }

    /** A program that leaves a mark when it is run, and does nothing of use. */
    private static Path marking(Scene sandbox, String name) throws IOException {
        Path programs = Files.createDirectories(sandbox.root().resolve("programs"));
        Path marks = Files.createDirectories(sandbox.root().resolve("marks"));
        Path program = programs.resolve(name);
        Files.writeString(program, "#!/bin/sh\ntouch '" + marks.resolve(name) + "'\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    private static List<String> marks(Scene sandbox) throws IOException {
        try (Stream<Path> marks = Files.list(sandbox.root().resolve("marks"))) {
            return marks.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void noProgramThatTheCheckoutNamesIsRun() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned()
                .branch("agent/programs")
                .commit("Work", Map.of("a.txt", "1", ".gitattributes", "*.txt diff=hostile merge=hostile\n"))
                .dirty("a.txt", "2")
                .dirty("b.txt", "1");
        String head = checkout.head();
        for (String hook : List.of(
                "applypatch-msg",
                "pre-applypatch",
                "post-applypatch",
                "pre-commit",
                "pre-merge-commit",
                "prepare-commit-msg",
                "commit-msg",
                "post-commit",
                "pre-rebase",
                "post-checkout",
                "post-merge",
                "pre-push",
                "pre-receive",
                "update",
                "proc-receive",
                "post-receive",
                "post-update",
                "reference-transaction",
                "push-to-checkout",
                "pre-auto-gc",
                "post-rewrite",
                "sendemail-validate",
                "fsmonitor-watchman",
                "post-index-change")) {
            checkout.hook(hook, "exec '" + marking(sandbox, "hook-" + hook) + "'");
        }
        for (String setting : List.of(
                "core.fsmonitor",
                "core.sshCommand",
                "core.askPass",
                "core.gitProxy",
                "core.editor",
                "core.pager",
                "core.alternateRefsCommand",
                "credential.helper",
                "diff.external",
                "diff.hostile.command",
                "diff.hostile.textconv",
                "merge.hostile.driver",
                "gpg.program",
                "gpg.ssh.program",
                "interactive.diffFilter",
                "pager.rev-list",
                "pager.log",
                "pager.status",
                "sequence.editor",
                "uploadpack.packObjectsHook",
                "remote.origin.uploadpack",
                "remote.origin.receivepack",
                "remote.origin.vcs",
                "sendemail.smtpserver",
                "trailer.x.command",
                "tar.x.command")) {
            checkout.config(setting, marking(sandbox, setting).toString());
        }
        for (String command : List.of(
                "rev-parse",
                "symbolic-ref",
                "status",
                "ls-files",
                "write-tree",
                "add",
                "update-index",
                "diff-index",
                "commit-tree",
                "merge-base",
                "rev-list",
                "log",
                "cat-file",
                "grep",
                "for-each-ref",
                "pack-objects",
                "config")) {
            checkout.config("alias." + command, "!" + marking(sandbox, "alias-" + command));
        }
        checkout.config("commit.gpgSign", "true")
                .config("log.showSignature", "true")
                .config("log.decorate", "full")
                .config("log.diffMerges", "dense-combined")
                .config("diff.orderFile", "/dev/zero/none")
                .config("submodule.recurse", "true")
                .config("fetch.recurseSubmodules", "true")
                .config("core.hooksPath", ".git/hooks")
                .config("core.untrackedCache", "true")
                .config("http.proxy", "http://127.0.0.1:1")
                .config("http.sslVerify", "false")
                .config("http.https://localhost.extraHeader", "X: y")
                .config("http.https://localhost.proxy", "http://127.0.0.1:1")
                .config("http.https://localhost.sslVerify", "false")
                .config("http.sslCAInfo", "/nonexistent")
                .config("remote.origin.proxy", "http://127.0.0.1:1")
                .config("url.https://evil.invalid/.insteadOf", "https://localhost")
                .config("url.ext::/x.pushInsteadOf", "https://")
                .config("protocol.allow", "always")
                .config("diff.noprefix", "true")
                .config("color.ui", "always")
                .config("format.pretty", "hostile %H")
                .config("core.abbrev", "4")
                .config("core.quotePath", "false")
                .config("i18n.logOutputEncoding", "UTF-16")
                .config("status.showUntrackedFiles", "no")
                .config("core.attributesFile", "/dev/zero/none");
        Files.writeString(sandbox.root().resolve(".gitconfig"), """
                [core]
                  fsmonitor = MARK
                  hooksPath = PROGRAMS
                  pager = MARK
                  alternateRefsCommand = MARK
                [alias]
                  rev-parse = !MARK
                  rev-list = !MARK
                [safe]
                  bareRepository = explicit
                [credential]
                  helper = !MARK
                """.replace(
                        "MARK", marking(sandbox, "HOME").toString())
                .replace("PROGRAMS", sandbox.root().resolve("programs").toString()));
        RealGit.in(sandbox.repo()).run("-c", "diff.orderFile=/dev/null", "status");
        assertThat(marks(sandbox)).as("a git that is not held back runs them").isNotEmpty();
        try (Stream<Path> marks = Files.list(sandbox.root().resolve("marks"))) {
            for (Path mark : marks.toList()) {
                Files.delete(mark);
            }
        }
        Path elsewhere = sandbox.workspace().resolve("elsewhere");
        SandboxCheckout.unborn(elsewhere).commit("Elsewhere", "elsewhere.txt", "1");
        sandbox.env("GIT_DIR", elsewhere.resolve(".git").toString())
                .env("GIT_WORK_TREE", elsewhere.toString())
                .env("GIT_INDEX_FILE", elsewhere.resolve("index").toString())
                .env("GIT_OBJECT_DIRECTORY", elsewhere.resolve(".git/objects").toString())
                .env("GIT_NAMESPACE", "elsewhere")
                .env("GIT_SSH_COMMAND", marking(sandbox, "GIT_SSH_COMMAND").toString())
                .env("GIT_ASKPASS", marking(sandbox, "GIT_ASKPASS").toString())
                .env("GIT_EXTERNAL_DIFF", marking(sandbox, "GIT_EXTERNAL_DIFF").toString())
                .env("GIT_PAGER", marking(sandbox, "GIT_PAGER").toString())
                .env("GIT_PROXY_COMMAND", marking(sandbox, "GIT_PROXY_COMMAND").toString())
                .env(
                        "GIT_EXEC_PATH",
                        marking(sandbox, "GIT_EXEC_PATH").getParent().toString())
                .env("GIT_TRACE", sandbox.root().resolve("marks/GIT_TRACE").toString())
                .env(
                        "GIT_TRACE2_EVENT",
                        sandbox.root().resolve("marks/GIT_TRACE2").toString())
                .env("GIT_CONFIG_COUNT", "1")
                .env("GIT_CONFIG_KEY_0", "core.fsmonitor")
                .env(
                        "GIT_CONFIG_VALUE_0",
                        marking(sandbox, "GIT_CONFIG_VALUE_0").toString())
                .env(
                        "GIT_CONFIG_PARAMETERS",
                        "'core.hooksPath'='" + sandbox.root().resolve("programs") + "'")
                .env("GIT_AUTHOR_NAME", "Somebody Else")
                .env("GIT_COMMITTER_DATE", "1")
                .env("GIT_REPLACE_REF_BASE", "refs/heads/")
                .env("GIT_ALLOW_PROTOCOL", "ext:file:https")
                .env("CDPATH", elsewhere.toString())
                .env("ENV", marking(sandbox, "ENV").toString())
                .env("BASH_ENV", marking(sandbox, "BASH_ENV").toString());

        SessionPublish publish = sandbox.publishAndEnd("  uncommittedChanges: Commit");

        assertThat(marks(sandbox)).isEmpty();
        published(publish, "agent/programs", publish.getStatus().commit());
        assertThat(scene.remote()
                        .run("log", "-1", "--format=%P %an", publish.getStatus().commit()))
                .isEqualTo(head + " Session Publish");
    }

    /**
     * git itself runs a clean filter to learn whether a file has changed. It runs as the agent, where the agent could run
     * it too; all it can change is what the agent's own files say.
     */
    @Test
    void aFilterOfTheCheckoutSaysWhatItsFilesAreAndNothingElse() throws Exception {
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned()
                .branch("agent/filter")
                .commit("Work", Map.of("a.txt", "1\n", ".gitattributes", "*.txt filter=shout\n"))
                .config("filter.shout.clean", "tee /dev/stderr | tr a-z A-Z")
                .dirty("a.txt", "shout\n");

        SessionPublish publish = sandbox.publishAndEnd("  uncommittedChanges: Commit");

        published(publish, "agent/filter", publish.getStatus().commit());
        assertThat(scene.remote()
                        .run("log", "-1", "--format=%P", publish.getStatus().commit()))
                .isEqualTo(checkout.head());
        assertThat(scene.remote().run("cat-file", "-p", publish.getStatus().commit() + ":a.txt"))
                .isEqualTo("SHOUT");
    }

    @Test
    void settingsThatIncludeWhatIsNoSettingsAreTold() throws Exception {
        Scene sandbox = scene.another();
        Path secret = sandbox.root().resolve("secret");
        Files.writeString(secret, "]the-line-nobody-may-see[\n");
        sandbox.cloned().branch("agent/include").commit("Work", "a.txt", "1").config("include.path", secret.toString());

        SessionPublish publish = sandbox.publishAndEnd("");

        refused(publish, SandboxReason.NOT_A_REPOSITORY);
        assertThat(publish.getStatus().toString()).doesNotContain("the-line-nobody-may-see");
    }

    /** Runs in place of git when its arguments hold a word; else git itself runs. */
    private static Scene lying(String word, String shell) throws IOException {
        Scene sandbox = scene.another();
        sandbox.cloned().branch(sandbox.branch()).commit("Work", sandbox.name() + ".txt", "1");
        return lie(sandbox, word, shell);
    }

    /** Says about HEAD what is true, except for the branch. */
    private static Scene onClaimedBranch(String claimed) throws IOException {
        return lying("--symbolic-full-name", """
                git "$@" | while IFS= read -r line; do
                  case $line in
                  refs/*) printf 'refs/heads/CLAIMED\\n' ;;
                  *) printf '%s\\n' "$line" ;;
                  esac
                done""".replace("CLAIMED", claimed));
    }

    private static Scene lie(Scene sandbox, String word, String shell) throws IOException {
        return sandbox.program("git", """
                git() { command 'REAL' "$@"; }
                case " $* " in
                *" WORD "*)
                # The script's own output: it passes it on to no program, but can't hide it from one either.
                up=$PPID
                until [ "$up" -le 1 ] || [ -p /proc/$up/fd/3 ]; do
                  up=$(cut -d' ' -f4 /proc/$up/stat)
                done
                exec 3>>/proc/$up/fd/3
                SHELL
                exit 0 ;;
                esac
                exec 'REAL' "$@"
                """.replace("REAL", RealGit.program().toString())
                .replace("WORD", word)
                .replace("SHELL", shell));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main",
                "MAIN",
                "release/1",
                "HEAD",
                "../../heads/x",
                "-f",
                "a..b",
                "a b",
                "refs/heads/main",
                "@{-1}",
                "a\\033[31mred\\a",
                "x.lock"
            })
    void aBranchThatIsNoneOrNotToBePushedGivesWayToAGeneratedOne(String claimed) throws Exception {
        String main = scene.tip("main").orElseThrow();
        Scene sandbox = onClaimedBranch(claimed);

        SessionPublish publish = sandbox.publishAndEnd("");

        assertThat(publish.getStatus().phase())
                .as(String.valueOf(publish.getStatus()))
                .isEqualTo(Phase.PullRequestCreated);
        assertThat(publish.getStatus().headBranch()).startsWith("session/");
        assertThat(publish.getStatus().workspace().branch()).doesNotContainPattern("\\p{Cntrl}");
        assertThat(scene.tip("main")).contains(main);
        assertThat(scene.refs()).doesNotContainIgnoringCase("refs/heads/refs").doesNotContain("refs/heads/MAIN");
    }

    /** The colleague's branch, claimed as the checkout's own, and ways to say that it is built upon. */
    private static void survives(String word, String shell, Reason reason) throws Exception {
        String tip = humansTip();
        String refs = scene.refs();
        Scene sandbox = scene.another();
        sandbox.cloned().checkout("main").branch("mine").commit("Work", sandbox.name() + ".txt", "1");
        SandboxCheckout.at(sandbox.repo()).git("branch", "--move", HUMANS + "-" + sandbox.name());
        lie(sandbox, word, shell.replace("TIP", tip));
        sandbox.startPod();
        sandbox.publish("  headBranch: " + HUMANS);

        refused(sandbox.ended(), reason);
        assertThat(scene.refs()).isEqualTo(refs);
    }

    @Test
    void aColleaguesBranchSurvivesAClaimToBeTheCheckoutsOwn() throws Exception {
        String tip = humansTip();
        Scene sandbox = onClaimedBranch(HUMANS);

        SessionPublish publish = sandbox.publishAndEnd("  createPullRequest: false");

        assertThat(publish.getStatus().headBranch()).startsWith("session/");
        assertThat(humansTip()).isEqualTo(tip);
    }

    @Test
    void aColleaguesBranchSurvivesAnEmptyProof() throws Exception {
        survives("--ancestry-path", "exit 0", PushReason.NON_FAST_FORWARD);
    }

    @Test
    void aColleaguesBranchSurvivesACommitThatIsNotWhatItsNameSays() throws Exception {
        survives("--batch", """
                new=$(git rev-parse HEAD)
                { echo "tree $(git rev-parse HEAD^{tree})"; echo "parent TIP"; echo; echo lie; } > commit
                printf '%s commit %s\\n' "$new" $(($(wc -c < commit))); cat commit; echo
                """, PushReason.NON_FAST_FORWARD);
    }

    @Test
    void aColleaguesBranchSurvivesACommitThatNobodyNamed() throws Exception {
        survives("--batch", """
                { echo "tree $(git rev-parse HEAD^{tree})"; echo "parent TIP"; echo; echo lie; } > commit
                id=$(git hash-object --literally -t commit commit)
                printf '%s commit %s\\n' "$id" $(($(wc -c < commit))); cat commit; echo
                """, PushReason.NON_FAST_FORWARD);
    }

    @Test
    void aColleaguesBranchSurvivesAProofThatNeverEnds() throws Exception {
        survives("--batch", "head -c 400000000 /dev/zero | tr '\\0' a", SandboxReason.NOT_A_REPOSITORY);
    }

    @Test
    void aColleaguesBranchSurvivesProofsOfEndlesslyManyBytes() throws Exception {
        survives(
                "--batch",
                "echo \"$(git rev-parse HEAD) commit 999999999\"; head -c 400000000 /dev/zero",
                PushReason.NON_FAST_FORWARD);
    }

    /** Publishes and expects that a lie about the pack ends as this, with nothing moved. */
    private static SessionPublish pack(String shell, Reason reason) throws Exception {
        return pack(lying("pack-objects", shell), reason);
    }

    private static SessionPublish pack(Scene sandbox, Reason reason) throws Exception {
        String refs = scene.refs();
        sandbox.startPod();
        sandbox.publish("");
        sandbox.awaitAttempt();
        SessionPublish publish = sandbox.get();
        world.client().resource(publish).delete();
        assertThat(publish.getStatus().reason())
                .as(String.valueOf(publish.getStatus()))
                .isEqualTo(reason.code());
        assertThat(scene.refs()).isEqualTo(refs);
        return publish;
    }

    @Test
    void aPackWithoutTheObjectsIsRefusedByTheForge() throws Exception {
        pack("git --git-dir=\"$PWD/.git\" pack-objects --stdout </dev/null", PushReason.REMOTE_REJECTED);
    }

    @Test
    void aPackOfAnotherHistoryIsRefusedByTheForge() throws Exception {
        pack(
                "git init -q other && cd other && git -c user.name=x -c user.email=x@x commit -q --allow-empty -m other"
                        + " && echo HEAD | git pack-objects --revs --stdout -q",
                PushReason.REMOTE_REJECTED);
    }

    @Test
    void aPackThatIsCutIsNeverSentAsWholeHoweverItEnds() throws Exception {
        pack("git \"$@\" | head -c 100", SandboxReason.EXEC_FAILED);
    }

    @Test
    void aLargePackThatIsCutMidwayMovesNothing() throws Exception {
        Scene sandbox = scene.another();
        sandbox.cloned().branch(sandbox.branch()).commit("Work", "large.txt", LARGE);

        pack(lie(sandbox, "pack-objects", "git \"$@\" | head -c 1900000"), SandboxReason.EXEC_FAILED);
    }

    @Test
    void noPackAtAllMovesNothing() throws Exception {
        pack("exit 0", SandboxReason.EXEC_FAILED);
    }

    @Test
    void whatIsNoPackMovesNothing() throws Exception {
        pack("echo this is not a pack, whatever else it is", SandboxReason.NOT_A_REPOSITORY);
    }

    /** A blob of a terabyte, in stored blocks of zlib (RFC 1950, RFC 1951) that never end. */
    @Test
    void aPackWithoutAnEndIsCutAtTheLimit() throws Exception {
        pack(
                "printf 'PACK\\0\\0\\0\\2\\0\\0\\0\\1\\277\\377\\377\\377\\377\\177\\170\\001'; block=$(mktemp);"
                        + " { printf '\\0\\377\\377\\0\\0'; head -c 65535 /dev/zero; } > $block;"
                        + " while cat $block; do :; done; rm -f $block",
                PushReason.PACK_TOO_LARGE);
    }

    @Test
    void aPackWithMoreBehindItIsNoPack() throws Exception {
        pack("git \"$@\"; echo more", SandboxReason.EXEC_FAILED);
    }

    /** Lies in the header: each writes where the script writes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "yes 'subject of nothing' >&3",
                "yes '' >&3",
                "head -c 5000000 /dev/zero | tr '\\0' a >&3",
                "head -c 400000000 /dev/zero >&3",
                "echo head lies >&3",
                "printf 'operation \\033[2J\\n' >&3",
                "printf 'lock ../../x y\\n' >&3",
                "printf 'refused \\033[2J\\n' >&3; echo end header >&3",
                "echo uncommitted 99999999999999999999 >&3; echo new 0 >&3; echo end header >&3",
                "printf 'session-publish 1\\nhead %040d\\nnew %040d\\ntree %040d\\nend header\\n' 1 2 3 >&3",
            })
    void aHeaderThatIsNoneIsTold(String lie) throws Exception {
        String refs = scene.refs();
        Scene sandbox = lying("status", lie);

        refused(sandbox.publishAndEnd(""), SandboxReason.NOT_A_REPOSITORY);
        assertThat(scene.refs()).isEqualTo(refs);
    }

    @Test
    void anotherCommitThanHeadIsNotPublishedUnderItsPin() throws Exception {
        String refs = scene.refs();
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch("agent/pin").commit("Reviewed", "pin.txt", "1");
        String pin = checkout.head();
        checkout.commit("Not reviewed", "pin.txt", "2");
        lie(
                sandbox,
                "status",
                "echo head " + pin + " >&3; echo new $(git rev-parse HEAD) >&3;"
                        + " echo tree $(git rev-parse HEAD^{tree}) >&3; echo end header >&3; cat >/dev/null");

        refused(sandbox.publishAndEnd("  commit: " + pin), SandboxReason.NOT_A_REPOSITORY);
        assertThat(scene.refs()).isEqualTo(refs);
    }

    /** Ways to have commits published with the uncommitted work that the pin of HEAD does not cover. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // No proof at all.
                "git cat-file commit NEW | sed 's/^/made /' >&3;", // A commit on what was not reviewed.
                "git cat-file commit NEW | sed -e 's/^parent .*/parent PIN/' -e 's/^/made /' >&3;", // Another text.
                "merge=$(echo m | git -c user.name=x -c user.email=x@x commit-tree NEW^{tree} -p PIN -p NEW);"
                        + " git cat-file commit $merge | sed 's/^/made /' >&3;", // The pin and more.
            })
    void uncommittedWorkIsNotPublishedOnAnotherCommitThanItsPin(String proof) throws Exception {
        String refs = scene.refs();
        Scene sandbox = scene.another();
        SandboxCheckout checkout = sandbox.cloned().branch(sandbox.branch()).commit("Reviewed", "pin.txt", "1");
        String pin = checkout.head();
        checkout.commit("Not reviewed", "pin.txt", "2");
        String head = checkout.head();
        lie(
                sandbox,
                "status",
                "merge=" + head + "; "
                        + proof.replace("PIN", pin).replace("NEW", head)
                        + "echo head " + pin + " >&3; echo new $merge >&3; echo tree $(git rev-parse " + head
                        + "^{tree}) >&3; echo end header >&3; cat >/dev/null");

        refused(
                sandbox.publishAndEnd("  uncommittedChanges: Commit\n  commit: " + pin),
                SandboxReason.NOT_A_REPOSITORY);
        assertThat(scene.refs()).isEqualTo(refs);
    }

    /** In git's protocol the new id of all zeros deletes a branch. */
    @Test
    void noBranchIsDeletedForACheckoutThatIsAtNothing() throws Exception {
        String refs = scene.refs();
        Scene sandbox = scene.another();
        sandbox.cloned().branch("agent/nothing").commit("Work", "nothing.txt", "1");
        sandbox.program("git", """
                zero=0000000000000000000000000000000000000000
                case " $* " in
                *" HEAD^{commit} "*) echo $zero ;;
                *" $zero^{tree} "*) exec 'REAL' rev-parse "$zero" ;;
                *" --count "*) echo 0 ;;
                *" rev-list "*) ;;
                *" pack-objects "*) exec 'REAL' pack-objects --stdout </dev/null ;;
                *) exec 'REAL' "$@" ;;
                esac
                """.replace("REAL", RealGit.program().toString()));

        SessionPublish publish = sandbox.publishAndEnd("  headBranch: " + HUMANS + "\n  force: true");

        refused(publish, SandboxReason.NOT_A_REPOSITORY);
        assertThat(scene.refs()).isEqualTo(refs);
    }

    @Test
    void stderrWithoutEndIsNotKept() throws Exception {
        Scene sandbox = lying("status", "head -c 100000000 /dev/zero | tr '\\0' a >&2; git \"$@\"");

        SessionPublish publish = sandbox.publishAndEnd("");

        published(publish, sandbox.branch(), publish.getStatus().commit());
    }

    @Test
    void aGitThatNeverEndsIsLeft() throws Exception {
        String refs = scene.refs();
        Scene sandbox = lying("status", "exec sleep 3217");
        sandbox.startPod();
        sandbox.publish("");

        sandbox.waitsFor(SandboxReason.TIMEOUT);
        assertThat(scene.refs()).isEqualTo(refs);
    }

    @Test
    void whatGitSaysReachesAStatusInOneCleanLine() throws Exception {
        Scene sandbox =
                lying("status", "printf 'fatal: \\033[31mred\\a\\r\\nsecond \\342\\200\\256line\\n' >&2; exit 128");

        SessionPublish publish = sandbox.publishAndEnd("");

        refused(publish, SandboxReason.NOT_A_REPOSITORY);
        assertThat(publish.getStatus().message()).contains("red second line");
    }

    @Test
    void noFormOfTheTokenIsEverInTheSandbox() throws Exception {
        Scene sandbox = scene.another();
        sandbox.cloned()
                .branch("agent/canary")
                .commit("Work", "canary.txt", "1")
                .dirty("canary.txt", "2");
        Path seen = sandbox.root().resolve("seen");
        for (String program : List.of("git", "sed", "cut")) {
            String real = Stream.of(System.getenv("PATH").split(":"))
                    .map(each -> Path.of(each, program))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow()
                    .toString();
            sandbox.program(
                    program,
                    "{ env; tr '\\0' '\\n' </proc/$$/cmdline; tr '\\0' '\\n' </proc/$PPID/cmdline; tr '\\0' '\\n' </proc/$PPID/environ; } >> '"
                            + seen + "'\nexec '" + real + "' \"$@\"");
        }
        published(
                sandbox.publishAndEnd("  uncommittedChanges: Commit"),
                "agent/canary",
                scene.tip("agent/canary").orElse("none"));

        assertThat(Files.readString(seen, ISO_8859_1)).contains("GIT_TERMINAL_PROMPT", "pack-objects");
        List<String> forms = List.of(
                scene.token(),
                URLEncoder.encode(scene.token(), StandardCharsets.UTF_8),
                Base64.getEncoder()
                        .encodeToString(("x-access-token:" + scene.token()).getBytes(StandardCharsets.UTF_8)));
        try (Stream<Path> walk = Files.walk(sandbox.root())) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(forms);
            }
        }
        List<AuditEntry> execs = world.cluster().audit().execs();
        assertThat(execs).isNotEmpty();
        for (AuditEntry exec : execs) {
            assertThat(String.join("\n", exec.argv())).doesNotContain(forms);
        }
    }
}
