package dev.sessionpublish.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.git.CommitChain;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.git.ObjectFormat;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.Pack;
import dev.sessionpublish.git.lfs.LfsObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script in every POSIX shell that this machine has, without a cluster in between. */
@Timeout(120)
class CheckoutScriptIT {
    @TempDir
    Path directory;

    private Path origin;
    private SandboxCheckout checkout;

    @BeforeEach
    void makeCheckout() throws IOException {
        origin = directory.resolve("origin.git");
        SandboxCheckout.unborn(directory.resolve("first")).commit("First", "first.txt", "1");
        RealGit.in(directory).run("clone", "--quiet", "--bare", "first", origin.toString());
        checkout = SandboxCheckout.cloneOf(origin, directory.resolve("workspace/repo"));
    }

    private ShellScript script(String policy) {
        return CheckoutSession.script(new CheckoutSession.Request(
                checkout.directory().toString(),
                directory.resolve("workspace").toString(),
                policy.equals("Commit"),
                new CheckoutSession.Author("A 'quoted' $name", "a@example.com")));
    }

    private ScriptRun run(String shell, String policy) throws IOException {
        return run(shell, policy, ShellScript::asArgument);
    }

    private ScriptRun run(String shell, String policy, Function<ShellScript, List<String>> form) throws IOException {
        return new ScriptRun(shell, script(policy), form, directory.resolve("stderr"));
    }

    private static final List<String> SHELLS =
            List.of("dash", "bash", "bash --posix", "busybox sh", "mksh", "ksh", "zsh --emulate sh");

    static Stream<Arguments> shellsAndWays() {
        return SHELLS.stream().flatMap(shell -> Stream.of(arguments(shell, false), arguments(shell, true)));
    }

    @ParameterizedTest(name = "{0}, on stdin: {1}")
    @MethodSource("shellsAndWays")
    void theWholeConversationWorks(String shell, boolean onStdin) throws Exception {
        String base = checkout.head();
        SandboxCheckout.unborn(checkout.directory().resolve("a 'lib'")).commit("Its own", "its.txt", "1");
        checkout.branch("agent/work").git("add", "a 'lib'");
        checkout.commit("Work", "work.txt", "1").commit("More", "work.txt", "2").dirty("it's \"new\".txt", "1");
        ObjectId baseId = new ObjectId(base);

        try (ScriptRun run = run(shell, "Commit", onStdin ? ShellScript::onStdin : ShellScript::asArgument)) {
            run.say((onStdin ? script("Commit").input() : "") + "base-id " + base + "\nbase main\n.\n");
            CheckoutHeader header = HeaderBytes.read(run.out);
            assertThat(header.refusal())
                    .as(Files.readString(directory.resolve("stderr")))
                    .isEmpty();
            Checkout said = header.checkout();
            assertThat(said.branch()).contains("agent/work");
            assertThat(said.head().hex()).isEqualTo(checkout.head());
            assertThat(said.commit()).isNotEqualTo(said.head());
            assertThat(said.ahead()).hasValue(3);
            assertThat(said.newest())
                    .extracting(Checkout.Subject::text)
                    .containsExactly("Uncommitted changes of the session", "More", "Work");
            assertThat(said.uncommittedFiles()).isEqualTo(1);
            assertThat(said.unpushedSubmodules()).containsExactly("a 'lib'");

            run.say(base + "\n" + ScriptRun.ELSEWHERE + "\n.\n");
            run.say("old " + base + "\nchain yes\ntracking no\nofs yes\nthin yes\n.\n");
            assertThat(CommitChain.read(run.out, baseId, said.commit(), new MemoryBudget(1 << 20, 0).open("team")))
                    .isEqualTo(CommitChain.Verdict.DESCENDS);
            byte[] pack = new Pack(run.out, ObjectFormat.SHA1, 1 << 20).readAllBytes();

            assertThat(run.process.waitFor()).isZero();
            RealGit.in(origin).runWith(pack, "index-pack", "--stdin", "--fix-thin");
            assertThat(RealGit.in(origin)
                            .run(
                                    "log",
                                    "-1",
                                    "--format=%an <%ae> %at",
                                    said.commit().hex()))
                    .isEqualTo("A 'quoted' $name <a@example.com> 1767225600");
            assertThat(RealGit.in(origin)
                            .run("ls-tree", "-z", "--name-only", said.commit().hex()))
                    .contains("it's \"new\".txt", "work.txt");
            assertThat(RealGit.in(origin)
                            .run("fsck", "--connectivity-only", said.commit().hex()))
                    .doesNotContain("missing");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void aConversationThatBreaksOffEndsTheScript(String shell) throws Exception {
        checkout.branch("agent/work").commit("Work", "work.txt", "1");

        try (ScriptRun run = run(shell, "Ignore")) {
            run.say(".\n");
            HeaderBytes.read(run.out).checkout();
            run.process.getOutputStream().close();

            assertThat(run.process.waitFor()).isEqualTo(4);
            assertThat(run.out.readAllBytes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void nothingTemporaryStays(String shell) throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        checkout.branch("agent/work").dirty("work.txt", "1");

        try (ScriptRun run = run("env TMPDIR=" + temporary + " " + shell, "Commit")) {
            run.say(".\n");
            HeaderBytes.read(run.out).checkout();
            run.say(".\nold none\nchain no\ntracking no\nofs yes\nthin no\n.\n");
            assertThat(run.out.readAllBytes()).startsWith('P', 'A', 'C', 'K');
            assertThat(run.process.waitFor()).isZero();
        }
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".\n"})
    void whatIsNotWantedIsNotMade(String before) throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        checkout.branch("agent/work").dirty("work.txt", "1");

        try (ScriptRun run = run("env TMPDIR=" + temporary + " sh", "Commit")) {
            run.describe(ScriptRun.ELSEWHERE);
            run.say(before + "quit\n");

            assertThat(run.process.waitFor()).isZero();
            assertThat(run.out.readAllBytes()).isEmpty();
        }
        assertThat(temporary).isEmptyDirectory();
    }

    /** Has the pack made, and puts it into the forge's repository. @return what the forge lacks still */
    private String deliver(ScriptRun run, Checkout said, String... haves) throws Exception {
        return delivered(run, said, "no", haves);
    }

    private String delivered(ScriptRun run, Checkout said, String tracking, String... haves) throws Exception {
        run.say(String.join("\n", haves) + "\n.\n");
        run.say("old none\nchain no\ntracking " + tracking + "\nofs yes\nthin yes\n.\n");
        byte[] pack = new Pack(run.out, ObjectFormat.SHA1, 1 << 20).readAllBytes();
        RealGit.in(origin).runWith(pack, "index-pack", "--stdin", "--fix-thin");
        return RealGit.in(origin)
                .run("rev-list", "--objects", "--missing=print", said.commit().hex())
                .lines()
                .filter(line -> line.startsWith("?"))
                .collect(Collectors.joining());
    }

    static Stream<Arguments> operations() {
        return Stream.of(
                arguments(
                        "cherry-pick",
                        List.of("cherry-pick side~1 side", "!add conflict", "!commit --allow-empty -m Resolved")),
                arguments(
                        "revert",
                        List.of(
                                "revert --no-edit HEAD~2 HEAD~1",
                                "!add conflict",
                                "!commit --allow-empty -m Resolved")),
                arguments(
                        "git-am",
                        List.of("!format-patch -1 -o ../patches side~1", "am ../patches/0001-One-side.patch")),
                arguments("bisect", List.of("!bisect start HEAD HEAD~1")));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void anOperationThatGitStatusTellsIsTold(String word, List<String> commands) throws Exception {
        checkout.branch("side").commit("One side", "conflict", "1").commit("More of it", "more", "1");
        checkout.checkout("main")
                .branch("agent/work")
                .commit("A", "conflict", "a")
                .commit("B", "b", "b");
        checkout.commit("C", "conflict", "c");
        for (String command : commands) {
            boolean succeeds = command.startsWith("!");
            RealGit.Result result = RealGit.in(checkout.directory())
                    .attempt(command.substring(succeeds ? 1 : 0).split(" "));
            assertThat(result.exit() == 0).as(command + result.err()).isEqualTo(succeeds);
        }

        try (ScriptRun run = run("sh", "Commit")) {
            Checkout said = run.describe(ScriptRun.ELSEWHERE);

            assertThat(said.operations()).startsWith(word);
            assertThat(said.commit()).isEqualTo(said.head());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"blob:none", "tree:0"})
    void aPartialCloneNeedsNothingThatItLacks(String filter) throws Exception {
        checkout = partialCloneOnANewerBase(filter);
        checkout.git("reset", "--quiet", "--soft", "origin/main");
        checkout.git("commit", "--quiet", "-m", "Squashed");
        checkout.config("remote.origin.url", "https://forge.invalid/acme/web");
        String base = RealGit.in(origin).run("rev-parse", "main");

        try (ScriptRun run = run("sh", "Ignore")) {
            Checkout said = run.describe(base);

            assertThat(said.partial()).isTrue();
            assertThat(said.baseTree().orElseThrow().hex())
                    .isEqualTo(RealGit.in(origin).run("rev-parse", "main^{tree}"));
            assertThat(deliver(run, said, base)).isEmpty();
        }
    }

    @Test
    void uncommittedWorkOfAPartialCloneNeedsNothingThatItLacks() throws Exception {
        checkout = partialCloneOnANewerBase("blob:none");
        checkout.git("update-ref", "HEAD", "origin/main");
        checkout.git("read-tree", "origin/main");
        checkout.config("remote.origin.url", "https://forge.invalid/acme/web");
        String base = RealGit.in(origin).run("rev-parse", "main");

        try (ScriptRun run = run("sh", "Commit")) {
            Checkout said = run.describe(base);

            assertThat(said.commit()).isNotEqualTo(said.head());
            assertThat(deliver(run, said, base)).isEmpty();
        }
    }

    /** Its work changes a file of which it lacks the base's newest content. */
    private SandboxCheckout partialCloneOnANewerBase(String filter) {
        RealGit forge = RealGit.in(origin);
        forge.run("config", "uploadpack.allowFilter", "true");
        forge.run("config", "uploadpack.allowAnySHA1InWant", "true");
        RealGit.in(directory)
                .run("clone", "--quiet", "--filter=" + filter, origin.toUri().toString(), "workspace/partial");
        SandboxCheckout partial = SandboxCheckout.at(directory.resolve("workspace/partial"));
        partial.branch("agent/work").commit("Work", "first.txt", "1\n2\n");
        checkout.commit("Newer", "first.txt", "0\n1\n");
        checkout.git("push", "--quiet", origin.toString(), "HEAD:main");
        partial.git("fetch", "--quiet");
        return partial;
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void aProgramThatIsLeftInTheBackgroundKeepsNobodyWaiting(String shell) throws Exception {
        Path pid = directory.resolve("pid");
        checkout.branch("agent/work")
                .commit("Work", ".gitattributes", "*.txt filter=lingering\n")
                .config(
                        "filter.lingering.clean",
                        "test -e '" + pid + "' || { sleep 1000 </dev/null >/dev/null 2>&1 & echo $! >'" + pid
                                + "'; }; cat")
                .dirty("new.txt", "1");

        try (ScriptRun run = run(shell, "Commit")) {
            Checkout said = run.describe(ScriptRun.ELSEWHERE);
            deliver(run, said);

            ProcessHandle lingering = ProcessHandle.of(
                            Long.parseLong(Files.readString(pid).strip()))
                    .orElseThrow();
            assertThat(lingering.isAlive()).isTrue();
            lingering.destroyForcibly();
        }
    }

    @Test
    void aTrackingRefToALostCommitIsNoObstacle() throws Exception {
        checkout.branch("agent/work").commit("Work", "work.txt", "1");
        Files.writeString(checkout.gitDirectory().resolve("refs/remotes/origin/lost"), "0".repeat(39) + "2\n");

        try (ScriptRun run = run("sh", "Ignore")) {
            Checkout said = run.describe(ScriptRun.ELSEWHERE);

            assertThat(delivered(run, said, "yes")).isEmpty();
        }
    }

    @Test
    void aTextThatQuotesAnLfsPointerIsNone() throws Exception {
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a".repeat(64) + "\nsize 12\n";
        checkout.branch("agent/work")
                .lfsFile("real.bin", new byte[] {1, 2, 3})
                .commit("Explain", Map.of("doc.md", "A pointer is like this:\n\n" + pointer, "empty.txt", ""));

        try (ScriptRun run = run("sh", "Ignore")) {
            assertThat(run.describe(checkout.git("rev-parse", "main")).lfsObjects())
                    .extracting(LfsObject::oid)
                    .containsExactly(SandboxCheckout.sha256(new byte[] {1, 2, 3}));
        }
    }

    static Stream<String> shells() {
        return SHELLS.stream();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void theScriptArrivesOnStdinAsItIs(String shell) throws Exception {
        String odd = "printf '%s' \"$script\"; exit\n\t # 'a' \"b\" `c` $d ${e} \\ \\\\ \\n %s *  \n\n  . \n..\n\\\n";
        ShellScript script = new ShellScript(odd + script("Ignore").text(), List.of("-n", ""));

        try (ScriptRun run = new ScriptRun(shell, script, ShellScript::onStdin, directory.resolve("stderr"))) {
            run.say(script.input());
            assertThat(run.out.readAllBytes()).asString().isEqualTo(script.text());
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aScriptThatIsCutIsNotRun(String shell) throws Exception {
        ShellScript script = new ShellScript("echo ran\n", List.of());

        try (ScriptRun run = new ScriptRun(shell, script, ShellScript::onStdin, directory.resolve("stderr"))) {
            run.say(script.text());
            run.process.getOutputStream().close();
            assertThat(run.out.readAllBytes()).isEmpty();
            assertThat(run.process.waitFor()).isEqualTo(4);
        }
    }

    @Test
    void theCommitOfUncommittedWorkHasTheDateOfHead() throws Exception {
        checkout.branch("agent/work")
                .with("GIT_COMMITTER_DATE", "2026-03-04T05:06:07+0200")
                .commit("Work", "work.txt", "1");
        checkout.dirty("work.txt", "2");

        try (ScriptRun first = run("sh", "Commit");
                ScriptRun again = run("sh", "Commit")) {
            Checkout said = first.describe(ScriptRun.ELSEWHERE);
            deliver(first, said);

            assertThat(RealGit.in(origin)
                            .run("log", "-1", "--format=%at %ct", said.commit().hex()))
                    .isEqualTo("1772593567 1772593567");
            assertThat(again.describe(ScriptRun.ELSEWHERE).commit()).isEqualTo(said.commit());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"clean", "process"})
    void aRequiredFilterThatIsNotInstalledIsNoDamage(String way) throws Exception {
        checkout.branch("agent/work")
                .commit("Work", Map.of("a.bin", "1", ".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n"))
                .config("filter.lfs." + way, "no-such-git-lfs " + way)
                .config("filter.lfs.required", "true")
                .dirty("b.bin", "1");

        try (ScriptRun run = run("sh", "Commit")) {
            assertThat(run.refusal()).isEqualTo("filter-failed");
            assertThat(run.errors()).contains("The filter lfs needs no-such-git-lfs.");
        }
        Files.delete(checkout.directory().resolve("b.bin"));
        // Of the same size, so that git must compare the content.
        checkout.dirty("a.bin", "2");
        try (ScriptRun run = run("sh", "Ignore")) {
            assertThat(run.refusal()).isEqualTo("filter-failed");
        }
    }

    @Test
    void aRequiredFilterThatFailsIsNoDamage() throws Exception {
        checkout.branch("agent/work")
                .commit("Work", Map.of("a.bin", "1", ".gitattributes", "*.bin filter=failing\n"))
                .config("filter.failing.clean", "false")
                .config("filter.failing.required", "true")
                .dirty("b.bin", "1");

        try (ScriptRun run = run("sh", "Commit")) {
            assertThat(run.refusal()).isEqualTo("filter-failed");
        }
    }

    private static final String POINTER =
            "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a".repeat(64) + "\nsize 12\n";

    private List<String> lfsObjects(String baseTip, String more) throws Exception {
        try (ScriptRun run = run("sh", "Ignore")) {
            return run.describe(baseTip, more).lfsObjects().stream()
                    .map(LfsObject::oid)
                    .toList();
        }
    }

    /** A partial and sparse clone in which no file is there that tells of Git LFS. */
    @ParameterizedTest
    @ValueSource(strings = {"blob:none", "tree:0"})
    void aPointerInAPartialAndSparseCloneIsFound(String filter) throws Exception {
        checkout.commit("Track", Map.of("sub/.gitattributes", "*.bin filter=lfs\n", "sub/old.bin", POINTER));
        checkout.git("push", "--quiet", origin.toString(), "HEAD:main");
        RealGit forge = RealGit.in(origin);
        forge.run("config", "uploadpack.allowFilter", "true");
        forge.run("config", "uploadpack.allowAnySHA1InWant", "true");
        RealGit.in(directory)
                .run(
                        "clone",
                        "--quiet",
                        "--sparse",
                        "--filter=" + filter,
                        origin.toUri().toString(),
                        "workspace/sparse");
        checkout = SandboxCheckout.at(directory.resolve("workspace/sparse")).branch("agent/work");
        checkout.config("remote.origin.url", "https://forge.invalid/acme/web");
        String added = POINTER.replace("a".repeat(64), "b".repeat(64));
        Files.writeString(directory.resolve("added"), added);
        String blob =
                checkout.git("hash-object", "-w", directory.resolve("added").toString());
        if (filter.equals("tree:0")) {
            checkout.git("config", "remote.origin.url", origin.toUri().toString());
        }
        checkout.git("update-index", "--add", "--cacheinfo", "100644," + blob + ",sub/new.bin");
        checkout.git("commit", "--quiet", "-m", "Work");
        checkout.git("config", "remote.origin.url", "https://forge.invalid/acme/web");

        assertThat(lfsObjects(checkout.git("rev-parse", "origin/main"), "")).contains("b".repeat(64));
        assertThat(lfsObjects(ScriptRun.ELSEWHERE, "")).contains("b".repeat(64));
    }

    @Test
    void aPointerIsFoundWhereTheAttributesAreNotInTheTree() throws Exception {
        checkout.branch("agent/work").commit("Work", "a.bin", POINTER);
        assertThat(lfsObjects(checkout.git("rev-parse", "main"), "")).isEmpty();

        Files.writeString(checkout.gitDirectory().resolve("info/attributes"), "*.bin filter=lfs\n");

        assertThat(lfsObjects(checkout.git("rev-parse", "main"), "")).containsExactly("a".repeat(64));
    }

    @Test
    void aPointerWithAnExtensionIsFoundAndAMalformedOneIsNone() throws Exception {
        checkout.branch("agent/work")
                .commit(
                        "Work",
                        Map.of(
                                ".gitattributes",
                                "*.bin filter=lfs\n",
                                "a.bin",
                                POINTER.replace("oid", "ext-0-case sha256:" + "c".repeat(64) + "\noid"),
                                "b.bin",
                                POINTER.replace("a".repeat(64), "A".repeat(64))));

        assertThat(lfsObjects(checkout.git("rev-parse", "main"), "")).containsExactly("a".repeat(64));
    }

    /** Contents that look like the beginning of a pointer, or like git's line before a content. */
    static Stream<Arguments> contentsBeforeAPointer() {
        String version = POINTER.substring(0, POINTER.indexOf('\n'));
        String other = POINTER.replace("a".repeat(64), "c".repeat(64));
        return Stream.of("sh", "busybox sh").flatMap(shell -> Stream.of(
                        version,
                        version + "\n",
                        version + "\next-0-case sha256:" + "c".repeat(64),
                        other.substring(0, other.indexOf("\nsize")),
                        other.substring(0, other.indexOf("size")),
                        "1\n" + "d".repeat(40) + " blob 5",
                        "d".repeat(40) + " blob 5\n" + version)
                .map(content -> arguments(shell, content)));
    }

    @ParameterizedTest
    @MethodSource("contentsBeforeAPointer")
    void noContentHidesThePointerAfterIt(String shell, String content) throws Exception {
        checkout.branch("agent/work")
                .commit("Work", Map.of(".gitattributes", "*.bin filter=lfs\n", "a.txt", content, "b.bin", POINTER));
        String base = checkout.git("rev-parse", "main");
        String path = shell.equals("sh") ? "" : withBusybox() + ":";

        try (ScriptRun run = run("env PATH=" + path + System.getenv("PATH") + " " + shell, "Ignore")) {
            assertThat(run.describe(base).lfsObjects())
                    .extracting(LfsObject::oid)
                    .containsExactly("a".repeat(64));
        }
    }

    /** A directory in which sed is that of busybox, if this machine has it. */
    private Path withBusybox() throws IOException {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        for (String entry : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(entry, "busybox"))) {
                Files.createSymbolicLink(bin.resolve("sed"), Path.of(entry, "busybox"));
                break;
            }
        }
        return bin;
    }

    /** Whether it is to be uploaded is decided by what the forge has, not by what was fetched from another place. */
    @Test
    void aPointerOfTheForkThatOriginIsBelongsToTheWorkWhereTheForgeLacksIt() throws Exception {
        String base = checkout.head();
        checkout.branch("agent/work")
                .commit("On the fork", Map.of(".gitattributes", "*.bin filter=lfs\n", "a.bin", POINTER));
        checkout.git("update-ref", "refs/remotes/origin/main", "HEAD");
        checkout.commit("Work", "work.txt", "1");

        assertThat(lfsObjects(base, "")).containsExactly("a".repeat(64));
        assertThat(lfsObjects(ScriptRun.ELSEWHERE, "")).isEmpty();
        assertThat(lfsObjects(ScriptRun.ELSEWHERE, "tracking no\n")).containsExactly("a".repeat(64));
    }
}
