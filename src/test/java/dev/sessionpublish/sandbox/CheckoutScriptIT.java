package dev.sessionpublish.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
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
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /** One run of the script, as the operator talks to it. */
    private final class Run implements AutoCloseable {
        final Process process;
        final InputStream out;

        Run(String shell, String policy) throws IOException {
            List<String> command = new ArrayList<>(List.of(shell.split(" ")));
            String program = command.get(command.get(0).equals("env") ? 2 : 0);
            assumeThat(Stream.of(System.getenv("PATH").split(":")).map(each -> Path.of(each, program)))
                    .as(shell)
                    .anyMatch(Files::isExecutable);
            String script;
            try (InputStream in = CheckoutSession.class.getResourceAsStream("checkout.sh")) {
                script = new String(in.readAllBytes(), UTF_8);
            }
            command.addAll(List.of("-c", script, "sh"));
            command.addAll(List.of(
                    checkout.directory().toString(),
                    directory.resolve("workspace").toString(),
                    policy,
                    "A 'quoted' $name",
                    "a@example.com",
                    "@1767225600 +0000"));
            process = new ProcessBuilder(command)
                    .redirectError(directory.resolve("stderr").toFile())
                    .start();
            out = process.getInputStream();
        }

        void say(String text) throws IOException {
            OutputStream in = process.getOutputStream();
            in.write(text.getBytes(UTF_8));
            in.flush();
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "bash --posix", "busybox sh", "mksh", "ksh", "zsh --emulate sh"})
    void theWholeConversationWorks(String shell) throws Exception {
        String base = checkout.head();
        SandboxCheckout.unborn(checkout.directory().resolve("a 'lib'")).commit("Its own", "its.txt", "1");
        checkout.branch("agent/work").git("add", "a 'lib'");
        checkout.commit("Work", "work.txt", "1").commit("More", "work.txt", "2").dirty("it's \"new\".txt", "1");
        ObjectId baseId = new ObjectId(base);

        try (Run run = new Run(shell, "Commit")) {
            run.say("base-id " + base + "\nbase main\n.\n");
            CheckoutHeader header = CheckoutHeader.read(run.out);
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

            run.say("old " + base + "\nchain yes\ntracking no\nofs yes\nthin yes\n.\n" + base + "\n" + "0".repeat(39)
                    + "1\n.\n");
            assertThat(CommitChain.read(run.out, baseId, said.commit(), new MemoryBudget(1 << 20, 0).open()))
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

        try (Run run = new Run(shell, "Ignore")) {
            run.say(".\n");
            CheckoutHeader.read(run.out).checkout();
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

        try (Run run = new Run("env TMPDIR=" + temporary + " " + shell, "Commit")) {
            run.say(".\n");
            CheckoutHeader.read(run.out).checkout();
            run.say("old none\nchain no\ntracking no\nofs yes\nthin no\n.\n.\n");
            assertThat(run.out.readAllBytes()).startsWith('P', 'A', 'C', 'K');
            assertThat(run.process.waitFor()).isZero();
        }
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }

    /** The header, as the operator reads it when this is the base's tip at the forge. */
    private static Checkout describe(Run run, String baseTip) throws IOException {
        run.say("base-id " + baseTip + "\nbase main\n.\n");
        CheckoutHeader header = CheckoutHeader.read(run.out);
        assertThat(header.refusal()).isEmpty();
        return header.checkout();
    }

    /** Has the pack made, and puts it into the forge's repository. @return what the forge lacks still */
    private String deliver(Run run, Checkout said, String... haves) throws Exception {
        return delivered(run, said, "no", haves);
    }

    private String delivered(Run run, Checkout said, String tracking, String... haves) throws Exception {
        run.say("old none\nchain no\ntracking " + tracking + "\nofs yes\nthin yes\n.\n" + String.join("\n", haves)
                + "\n.\n");
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

        try (Run run = new Run("sh", "Commit")) {
            Checkout said = describe(run, "0".repeat(39) + "1");

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

        try (Run run = new Run("sh", "Ignore")) {
            Checkout said = describe(run, base);

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

        try (Run run = new Run("sh", "Commit")) {
            Checkout said = describe(run, base);

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

        try (Run run = new Run(shell, "Commit")) {
            Checkout said = describe(run, "0".repeat(39) + "1");
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

        try (Run run = new Run("sh", "Ignore")) {
            Checkout said = describe(run, "0".repeat(39) + "1");

            assertThat(delivered(run, said, "yes")).isEmpty();
        }
    }

    @Test
    void aTextThatQuotesAnLfsPointerIsNone() throws Exception {
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a".repeat(64) + "\nsize 12\n";
        checkout.branch("agent/work")
                .lfsFile("real.bin", new byte[] {1, 2, 3})
                .commit("Explain", Map.of("doc.md", "A pointer is like this:\n\n" + pointer, "empty.txt", ""));

        try (Run run = new Run("sh", "Ignore")) {
            assertThat(describe(run, checkout.git("rev-parse", "main")).lfsObjects())
                    .extracting(LfsObject::oid)
                    .containsExactly(SandboxCheckout.sha256(new byte[] {1, 2, 3}));
        }
    }
}
