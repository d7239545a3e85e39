package dev.sessionpublish.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.git.ObjectFormat;
import dev.sessionpublish.git.Pack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which programs the script starts, because each costs every publish about a millisecond. The PATH has only programs that
 * note their start.
 */
@Timeout(120)
class ScriptProcessesIT {
    private static final boolean ROOT = System.getProperty("user.name").equals("root");
    private static final String AS_AGENT = ROOT ? "setpriv --reuid=1000 --regid=1000 --clear-groups " : "";
    private static final List<String> SHELLS = List.of("dash", "bash", "busybox", "mksh");
    private static final List<String> PROGRAMS = List.of(
            ("awk basename cat chroot cp cut dirname env expr git grep head id ls mkdir mktemp od printf pwd readlink rm sed"
                            + " setpriv sort stat su tail test tr true uname wc xargs")
                    .split(" "));

    /** What every header of a checkout with a base needs. */
    private static final List<String> HEADER =
            List.of("env", "pwd", "ls", "git rev-parse", "git config", "git status", "sed");

    private static final List<String> WORK = with(HEADER, "git rev-list", "git log", "sed", "git grep");

    private static final String ASKED = "chain no\ntracking no\nofs yes\nthin yes\n.\n";

    @TempDir
    Path directory;

    private SandboxCheckout checkout;
    private String base;
    private Path programs;
    private Path started;

    @BeforeEach
    void makeCheckout() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        started = Files.createFile(directory.resolve("started"));
        Files.setPosixFilePermissions(started, PosixFilePermissions.fromString("rw-rw-rw-"));
        programs = Files.createDirectory(directory.resolve("programs"));
        Path origin = directory.resolve("origin.git");
        SandboxCheckout.unborn(directory.resolve("first")).commit("First", "first.txt", "1");
        RealGit.in(directory).run("clone", "--quiet", "--bare", "first", origin.toString());
        checkout = SandboxCheckout.cloneOf(origin, directory.resolve("workspace/repo"));
        base = checkout.head();
        checkout.branch("agent/work").commit("Work", "src/main/work.txt", "1");
    }

    private static Optional<Path> installed(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(each -> Path.of(each, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private void makePrograms() throws IOException {
        for (String shell : SHELLS) {
            Optional<Path> at = installed(shell);
            if (at.isPresent()) {
                Files.createSymbolicLink(programs.resolve(shell), at.get());
            }
        }
        for (String program : PROGRAMS) {
            Optional<Path> at = installed(program);
            if (at.isPresent()) {
                Path noting = Files.writeString(
                        programs.resolve(program),
                        "#!/bin/sh\necho " + program + " \"$@\" >>'" + started + "'\nexec " + at.get() + " \"$@\"\n");
                Files.setPosixFilePermissions(noting, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    /** What was started since the last call: programs by name, and git with its command. */
    private List<String> started() throws IOException {
        List<String> names = new ArrayList<>();
        for (String line : Files.readAllLines(started)) {
            List<String> words = List.of(line.split(" "));
            int at = 1;
            while (words.get(0).equals("git") && words.get(at).startsWith("-")) {
                at += words.get(at).equals("-c") ? 2 : 1;
            }
            names.add(words.get(0).equals("git") ? "git " + words.get(at) : words.get(0));
        }
        Files.writeString(started, "");
        return names;
    }

    private ScriptRun run(String as, String shell, boolean commit) throws IOException {
        assumeThat(installed(shell.split(" ")[0])).as(shell).isPresent();
        makePrograms();
        ShellScript script = CheckoutSession.script(new CheckoutSession.Request(
                checkout.directory().toString(),
                directory.resolve("workspace").toString(),
                commit,
                new CheckoutSession.Author("A", "a@example.com")));
        return new ScriptRun(
                as + "env PATH=" + programs + " " + shell,
                script,
                ShellScript::asArgument,
                directory.resolve("stderr"));
    }

    private static List<String> with(List<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void aCommitOnTheBaseTakesElevenProgramsAndThreeForThePack(String shell) throws Exception {
        try (ScriptRun run = run(AS_AGENT, shell, false)) {
            run.describe(base);
            assertThat(started()).containsExactlyInAnyOrderElementsOf(WORK);

            run.say(base + "\n.\nold none\n" + ASKED);
            new Pack(run.out, ObjectFormat.SHA1, 1 << 20).readAllBytes();
            assertThat(run.process.waitFor()).isZero();
            // The first two while the operator stores what it is about to do.
            assertThat(started()).containsExactlyInAnyOrder("git cat-file", "sed", "git pack-objects");
        }
    }

    @Test
    void anUpdateProvesItsDescentWithTwoMore() throws Exception {
        try (ScriptRun run = run(AS_AGENT, "dash", false)) {
            run.describe(base);
            started();

            run.say(base + "\n.\nold " + base + "\n" + ASKED.replace("chain no", "chain yes"));
            run.out.readAllBytes();
            assertThat(started())
                    .containsExactlyInAnyOrder(
                            "git cat-file", "sed", "git rev-list", "git cat-file", "git pack-objects");
        }
    }

    @Test
    void ignoredChangesTakeNoMore() throws Exception {
        checkout.dirty("first.txt", "2").dirty("new.txt", "1");

        try (ScriptRun run = run(AS_AGENT, "dash", false)) {
            assertThat(run.describe(base).uncommittedFiles()).isEqualTo(2);
            assertThat(started()).containsExactlyInAnyOrderElementsOf(WORK);
        }
    }

    @Test
    void aDetachedHeadTakesNoMore() throws Exception {
        checkout.git("checkout", "--quiet", "--detach");

        try (ScriptRun run = run(AS_AGENT, "dash", false)) {
            assertThat(run.describe(base).branch()).isEmpty();
            assertThat(started()).containsExactlyInAnyOrderElementsOf(WORK);
        }
    }

    @Test
    void aBaseThatTheCheckoutLacksIsReplacedByItsTrackingRefs() throws Exception {
        try (ScriptRun run = run(AS_AGENT, "dash", false)) {
            assertThat(run.describe(ScriptRun.ELSEWHERE).branch()).contains("agent/work");
            String[] tracking = {"git symbolic-ref", "git for-each-ref", "git cat-file", "sed"};
            String[] compared = {"git merge-base", "git cat-file", "git rev-list"};
            assertThat(started()).containsExactlyInAnyOrderElementsOf(with(with(WORK, tracking), compared));
        }
    }

    @Test
    void whatTheBaseContainsNeedsNoLookAtTheWork() throws Exception {
        try (ScriptRun run = run(AS_AGENT, "dash", false)) {
            assertThat(run.describe(checkout.head()).contained()).isTrue();
            assertThat(started()).containsExactlyInAnyOrderElementsOf(with(HEADER, "git rev-list"));
        }
    }

    @Test
    void newFilesAreCommittedWithoutALookAtTheOthers() throws Exception {
        checkout.dirty("new.txt", "1");

        try (ScriptRun run = run(AS_AGENT, "dash", true)) {
            assertThat(run.describe(base).uncommittedFiles()).isEqualTo(1);
            List<String> commit = List.of(
                    "git rev-parse",
                    "mktemp",
                    "mkdir",
                    "cp",
                    "git ls-files",
                    "sed",
                    "git update-index",
                    "git write-tree",
                    "git rev-list",
                    "git commit-tree",
                    "git cat-file");
            assertThat(started()).containsExactlyInAnyOrderElementsOf(with(WORK, commit.toArray(String[]::new)));
        }
    }

    /** In a home of root, which only root may change, as the directories of the PATH have to be. */
    @Test
    void rootLooksAtItsProgramsAndItsHomeBesides() throws Exception {
        assumeThat(ROOT).as("the tests run as root").isTrue();
        programs = Files.createTempDirectory(Path.of(System.getProperty("user.home")), "session-publish");
        try (ScriptRun run = run("", "dash", false)) {
            run.describe(base);
            assertThat(started()).containsExactlyInAnyOrderElementsOf(with(WORK, "ls", "ls"));
        } finally {
            for (Path each : list(programs)) {
                Files.delete(each);
            }
            Files.delete(programs);
        }
    }

    private static List<Path> list(Path of) throws IOException {
        try (Stream<Path> all = Files.list(of)) {
            return all.toList();
        }
    }
}
