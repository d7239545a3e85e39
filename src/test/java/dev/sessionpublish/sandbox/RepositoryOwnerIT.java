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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With whose rights the script acts when the repository belongs to another user than the one that the exec runs as. */
@Timeout(120)
class RepositoryOwnerIT {
    private static final int AGENT = 1000;
    private static final int SOMEBODY = 1001;
    private static final String AS_AGENT = "setpriv --reuid=1000 --regid=1000 --clear-groups sh";
    private static final String AS_SOMEBODY = "setpriv --reuid=1001 --regid=1001 --clear-groups sh";
    private static final int WITHOUT_ACCOUNT = 61_234;

    @TempDir
    Path directory;

    private Path workspace;
    private SandboxCheckout checkout;
    private Path seen;

    @BeforeEach
    void makeCheckout() throws IOException {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("the tests run as root")
                .isEqualTo(0);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        workspace = Files.createDirectory(directory.resolve("workspace"));
        seen = Files.createDirectory(directory.resolve("seen"));
        Files.setPosixFilePermissions(seen, PosixFilePermissions.fromString("rwxrwxrwx"));
        checkout = SandboxCheckout.unborn(workspace.resolve("repo")).commit("First", "first.txt", "1");
    }

    /** Has git run a filter of the checkout that tells whose rights it has, and what it knows. */
    private SandboxCheckout withTellingFilter(SandboxCheckout to) {
        return to.branch("agent/work")
                .commit("Filter", ".gitattributes", "*.txt filter=telling\n")
                .config(
                        "filter.telling.clean",
                        "{ id -u; id -g; id -G; echo \"secret=$SECRET\"; echo \"home=$HOME\"; } >'" + seen
                                + "/'$(id -u); cat")
                .dirty("new.txt", "1");
    }

    private static void chown(String owner, Path path) throws Exception {
        Process chown = new ProcessBuilder("chown", "-R", "-h", owner, path.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(chown.getInputStream().readAllBytes());
        assertThat(chown.waitFor()).as(said).isZero();
    }

    private static String both(int id) {
        return id + ":" + id;
    }

    private ScriptRun run(String shell, Path at) throws IOException {
        ShellScript script = CheckoutSession.script(new CheckoutSession.Request(
                at.toString(), workspace.toString(), true, new CheckoutSession.Author("A", "a@example.com")));
        return new ScriptRun(shell, script, ShellScript::asArgument, directory.resolve("stderr"));
    }

    private List<String> filtersSaw() throws IOException {
        try (Stream<Path> files = Files.list(seen)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return Files.readAllLines(all.get(0));
        }
    }

    /** A PATH on which these programs are of no use. */
    private String pathWithout(Set<String> programs) throws IOException {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        for (String program : programs) {
            Path file = bin.resolve(program);
            Files.writeString(file, "#!/bin/sh\nexit 127\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return bin + ":" + System.getenv("PATH");
    }

    private static final Map<String, Set<String>> MISSING =
            Map.of("setpriv", Set.of(), "chroot", Set.of("setpriv"), "su", Set.of("setpriv", "chroot"));

    @ParameterizedTest
    @ValueSource(strings = {"setpriv", "chroot", "su"})
    void rootActsAsTheOwnerAndKnowsNoMoreThanTheOwner(String means) throws Exception {
        if (means.equals("su")) {
            assumeThat(Files.readAllLines(Path.of("/etc/passwd"))).anyMatch(line -> line.split(":")[2].equals("1000"));
        }
        withTellingFilter(checkout);
        chown(both(AGENT), checkout.directory());

        try (ScriptRun run =
                run("env SECRET=s3cret PATH=" + pathWithout(MISSING.get(means)) + " sh", checkout.directory())) {
            Checkout said = run.describe(ScriptRun.ELSEWHERE);
            run.say(".\nold none\nchain no\ntracking no\nofs yes\nthin yes\n.\n");
            byte[] pack = new Pack(run.out, ObjectFormat.SHA1, 1 << 20).readAllBytes();

            assertThat(run.process.waitFor()).isZero();
            assertThat(said.commit()).isNotEqualTo(said.head());
            Path forge = directory.resolve("forge.git");
            RealGit.in(directory).run("init", "--quiet", "--bare", forge.toString());
            RealGit.in(forge).runWith(pack, "index-pack", "--stdin");
            assertThat(RealGit.in(forge).run("cat-file", "-p", said.commit().hex() + ":new.txt"))
                    .isEqualTo("1");
        }
        assertThat(filtersSaw()).startsWith("1000").contains("secret=").doesNotContain("0", "home=/root");
        if (!means.equals("su")) {
            assertThat(filtersSaw()).startsWith("1000", "1000", "1000");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh", "mksh"})
    void everyShellHandsTheScriptOn(String shell) throws Exception {
        withTellingFilter(checkout);
        chown(both(AGENT), checkout.directory());

        try (ScriptRun run = run(shell, checkout.directory())) {
            assertThat(run.describe(ScriptRun.ELSEWHERE).branch()).contains("agent/work");
        }
        assertThat(filtersSaw()).startsWith("1000").doesNotContain("0");
    }

    @Test
    void anOwnerWithoutAnAccountIsNoObstacle() throws Exception {
        withTellingFilter(checkout);
        chown(both(WITHOUT_ACCOUNT), checkout.directory());

        try (ScriptRun run = run("sh", checkout.directory())) {
            run.describe(ScriptRun.ELSEWHERE);
        }
        String id = "" + WITHOUT_ACCOUNT;
        assertThat(filtersSaw()).startsWith(id, id, id);
    }

    @Test
    void theGroupOfRootIsNotTheOwners() throws Exception {
        withTellingFilter(checkout);
        chown(AGENT + ":0", checkout.directory());

        try (ScriptRun run = run("sh", checkout.directory())) {
            run.describe(ScriptRun.ELSEWHERE);
        }
        assertThat(filtersSaw()).startsWith("1000", "1000", "1000");
    }

    @Test
    void aFileThatTheOwnerCannotReadIsNotPublished() throws Exception {
        checkout.branch("agent/work").dirty("secret.txt", "the-secret");
        chown(both(AGENT), checkout.directory());
        Path secret = checkout.directory().resolve("secret.txt");
        chown("0:0", secret);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));

        try (ScriptRun run = run("sh", checkout.directory())) {
            assertThat(run.refusal()).isEqualTo("unreadable-files");
            assertThat(run.errors()).contains("secret.txt");
        }
    }

    @Test
    void withoutAnyMeansToActAsTheOwnerRootRefuses() throws Exception {
        withTellingFilter(checkout);
        chown(both(AGENT), checkout.directory());
        String path = pathWithout(Set.of("setpriv", "chroot", "su"));

        try (ScriptRun run = run("env PATH=" + path + " sh", checkout.directory())) {
            assertThat(run.refusal()).isEqualTo("repository-owner");
            assertThat(run.errors()).contains("uid 1000");
        }
        assertThat(seen).isEmptyDirectory();
    }

    @Test
    void anotherUserThanTheOwnerRefuses() throws Exception {
        withTellingFilter(checkout);
        chown(both(AGENT), checkout.directory());

        try (ScriptRun run = run(AS_SOMEBODY, checkout.directory())) {
            assertThat(run.refusal()).isEqualTo("repository-owner");
        }
        assertThat(seen).isEmptyDirectory();
    }

    @Test
    void theOwnerIsNoMatterForItself() throws Exception {
        withTellingFilter(checkout);
        chown(both(AGENT), checkout.directory());

        try (ScriptRun run = run(AS_AGENT, checkout.directory())) {
            run.describe(ScriptRun.ELSEWHERE);
        }
        assertThat(filtersSaw()).startsWith("1000");
    }

    @Test
    void whatRootOwnsIsNobodysTrap() throws Exception {
        withTellingFilter(checkout);

        try (ScriptRun run = run(AS_AGENT, checkout.directory())) {
            run.describe(ScriptRun.ELSEWHERE);
        }
        assertThat(filtersSaw()).startsWith("1000");
    }

    /** As where a checkout is the root of a volume. */
    @Test
    void aDirectoryOfRootWithARepositoryOfTheAgentIsReadAsTheAgent() throws Exception {
        withTellingFilter(checkout);
        chown(both(AGENT), checkout.directory().resolve(".git"));
        Files.setPosixFilePermissions(checkout.directory(), PosixFilePermissions.fromString("rwxrwxrwx"));

        try (ScriptRun run = run("sh", checkout.directory())) {
            run.describe(ScriptRun.ELSEWHERE);
        }
        assertThat(filtersSaw()).startsWith("1000");
    }

    @Test
    void aLinkedWorktreeIsReadAsTheOwnerOfBoth() throws Exception {
        SandboxCheckout tree = withTellingFilter(checkout.worktree(workspace.resolve("tree"), "agent/tree"));
        chown(both(AGENT), workspace);

        try (ScriptRun run = run("sh", tree.directory())) {
            assertThat(run.describe(ScriptRun.ELSEWHERE).branch()).contains("agent/work");
        }
        assertThat(filtersSaw()).startsWith("1000");
    }

    /** In which the settings are somebody else's: of the whole repository, of the gitdir, of the .git file. */
    @ParameterizedTest
    @ValueSource(strings = {"repo", "repo/.git", "tree/.git", "repo/.git/worktrees/tree"})
    void aLinkedWorktreeOfTwoOwnersIsRefused(String others) throws Exception {
        SandboxCheckout tree = withTellingFilter(checkout.worktree(workspace.resolve("tree"), "agent/tree"));
        chown(both(AGENT), workspace);
        chown(both(SOMEBODY), workspace.resolve(others));

        for (String shell : List.of("sh", AS_AGENT, AS_SOMEBODY)) {
            try (ScriptRun run = run(shell, tree.directory())) {
                assertThat(run.refusal()).as(shell).isEqualTo("repository-owner");
            }
        }
        assertThat(seen).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWayToSomebodyElsesRepositoryIsRefused(boolean link) throws Exception {
        withTellingFilter(checkout);
        chown(both(SOMEBODY), checkout.directory());
        Path mine = Files.createDirectory(workspace.resolve("mine"));
        Path theirs = checkout.directory().resolve(".git");
        if (link) {
            Files.createSymbolicLink(mine.resolve(".git"), theirs);
        } else {
            Files.writeString(mine.resolve(".git"), "gitdir: " + theirs + "\n");
        }
        chown(both(AGENT), mine);

        for (String shell : List.of("sh", AS_AGENT, AS_SOMEBODY)) {
            try (ScriptRun run = run(shell, mine)) {
                assertThat(run.refusal()).as(shell).isEqualTo("repository-owner");
            }
        }
        assertThat(seen).isEmptyDirectory();
    }

    @Test
    void aBareRepositoryIsReadAsItsOwner() throws Exception {
        Path bare = workspace.resolve("bare.git");
        RealGit.in(workspace).run("clone", "--quiet", "--bare", "repo", bare.toString());
        chown(both(AGENT), bare);

        try (ScriptRun run = run("sh", bare)) {
            run.describe(ScriptRun.ELSEWHERE);
        }
        try (ScriptRun run = run(AS_SOMEBODY, bare)) {
            assertThat(run.refusal()).isEqualTo("repository-owner");
        }
    }

    @Test
    void objectsOfOthersAreReadWithTheRightsOfTheOwner() throws Exception {
        Path shared = workspace.resolve("shared");
        RealGit.in(workspace).run("clone", "--quiet", "--shared", "repo", "shared");
        chown(both(AGENT), shared);

        try (ScriptRun run = run("sh", shared)) {
            run.describe(ScriptRun.ELSEWHERE);
        }
        Files.setPosixFilePermissions(checkout.directory(), PosixFilePermissions.fromString("rwx------"));
        try (ScriptRun run = run("sh", shared)) {
            assertThat(run.refusal()).isIn("damaged", "not-a-repository");
        }
    }

    @Test
    void aSubmoduleOfSomebodyElseIsNotLookedInto() throws Exception {
        checkout.branch("agent/work");
        SandboxCheckout.unborn(checkout.directory().resolve("theirs")).commit("Its own", "its.txt", "1");
        SandboxCheckout.unborn(checkout.directory().resolve("mine")).commit("Its own", "its.txt", "1");
        checkout.git("add", "theirs", "mine");
        checkout.commit("Work", Map.of());
        chown(both(AGENT), checkout.directory());
        chown(both(SOMEBODY), checkout.directory().resolve("theirs/.git"));

        try (ScriptRun run = run("sh", checkout.directory())) {
            assertThat(run.describe(ScriptRun.ELSEWHERE).unpushedSubmodules()).containsExactly("mine");
        }
    }

    private static final String PROGRAM = "#!/bin/sh\n/usr/bin/id -u >>'%s/uids'\nexec /usr/bin/%s \"$@\"\n";

    /** With the agent's programs before the others. */
    private ScriptRun withProgramsOfTheAgent(String shell) throws Exception {
        Path bin = Files.createDirectory(directory.resolve("agents"));
        for (String program : List.of("env", "sed", "id", "ls", "pwd", "setpriv", "chroot", "git", "wc", "true")) {
            Path file = Files.writeString(bin.resolve(program), PROGRAM.formatted(seen, program));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        chown(both(AGENT), bin);
        return run("env PATH=" + bin + ":" + System.getenv("PATH") + " " + shell, checkout.directory());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh", "mksh"})
    void programsOfTheAgentRunAsTheAgentOnly(String shell) throws Exception {
        checkout.branch("agent/work").dirty("new.txt", "1");
        chown(both(AGENT), checkout.directory());

        try (ScriptRun run = withProgramsOfTheAgent(shell)) {
            run.describe(ScriptRun.ELSEWHERE);
        }
        assertThat(filtersSaw()).containsOnly("1000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh", "mksh"})
    void programsOfTheAgentDoNotRunInARepositoryOfRoot(String shell) throws Exception {
        checkout.branch("agent/work").dirty("new.txt", "1");

        try (ScriptRun run = withProgramsOfTheAgent(shell)) {
            run.describe(ScriptRun.ELSEWHERE);
        }
        assertThat(seen).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mine/.git/commondir", "mine/.git"})
    void noFileThatOnlyRootMayReadIsQuoted(String link) throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "gitdir: the-secret\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        RealGit.in(workspace).run("clone", "--quiet", "repo", "mine");
        Path at = workspace.resolve(link);
        if (Files.exists(at)) {
            Files.move(at, workspace.resolve("moved"));
        }
        Files.createSymbolicLink(at, secret);
        chown(both(AGENT), workspace.resolve("mine"));

        try (ScriptRun run = run("sh", workspace.resolve("mine"))) {
            assertThat(run.refusal()).isEqualTo("not-a-repository");
            assertThat(run.errors()).doesNotContain("the-secret");
        }
    }

    /** As where a bare repository is the root of an emptyDir. */
    @Test
    void aBareRepositoryOfTheAgentInADirectoryOfRootIsReadAsTheAgent() throws Exception {
        Path bare = workspace.resolve("bare.git");
        RealGit.in(workspace).run("clone", "--quiet", "--bare", "--shared", "repo", bare.toString());
        chown(both(AGENT), bare);
        for (String place : List.of("", "objects", "objects/info")) {
            Files.setAttribute(bare.resolve(place), "unix:uid", 0);
            Files.setPosixFilePermissions(bare.resolve(place), PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        try (ScriptRun run = run("sh", bare)) {
            run.describe(ScriptRun.ELSEWHERE);
        }
        Files.setPosixFilePermissions(checkout.directory(), PosixFilePermissions.fromString("rwx------"));

        try (ScriptRun run = run("sh", bare)) {
            assertThat(run.refusal()).isIn("damaged", "not-a-repository");
        }
    }

    private static final List<String> DECIDING = List.of(
            "", ".git", ".git/config", ".git/HEAD", ".git/info", ".git/objects", ".git/objects/info", ".git/refs");

    private void allow(String permissions, List<String> places) throws IOException {
        for (String place : places) {
            Files.setPosixFilePermissions(
                    checkout.directory().resolve(place), PosixFilePermissions.fromString(permissions));
        }
    }

    @Test
    void settingsThatTheAgentHasWrittenInARepositoryOfRootActAsTheAgent() throws Exception {
        withTellingFilter(checkout);
        allow("rwxrwxr-x", DECIDING);
        chown(both(AGENT), checkout.gitDirectory().resolve("config"));

        try (ScriptRun run = run("sh", checkout.directory())) {
            run.describe(ScriptRun.ELSEWHERE);
        }
        assertThat(filtersSaw()).startsWith("1000", "1000", "1000");
    }

    @Test
    void rootDoesNotActWhereOthersMayWrite() throws Exception {
        withTellingFilter(checkout);
        Files.createDirectories(checkout.gitDirectory().resolve("info"));
        for (String place : DECIDING) {
            for (String open : List.of("rwxrwxr-x", "rwxr-xrwx")) {
                allow(open, List.of(place));

                try (ScriptRun run = run("sh", checkout.directory())) {
                    assertThat(run.refusal()).as(place).isEqualTo("repository-owner");
                    assertThat(run.errors()).contains("belongs to root, but others may write");
                }
                allow("rwxr-xr-x", List.of(place));
            }
        }
        assertThat(seen).isEmptyDirectory();

        try (ScriptRun run = run("sh", checkout.directory())) {
            run.describe(ScriptRun.ELSEWHERE);
        }
        assertThat(filtersSaw()).startsWith("0");
    }

    /** Settings of git in a home of the agent, which the container names, and in one of root. */
    @ParameterizedTest
    @ValueSource(ints = {AGENT, 0})
    void rootTakesSettingsOfAHomeOfRootOnly(int owner) throws Exception {
        checkout.branch("agent/work").commit("Filter", ".gitattributes", "*.txt filter=telling\n");
        checkout.dirty("new.txt", "1");
        Path home = Files.createDirectory(directory.resolve("home"));
        Files.writeString(
                home.resolve(".gitconfig"), "[filter \"telling\"]\nclean = \"id -u >'" + seen + "/uids'; cat\"\n");
        chown(both(owner), home);

        try (ScriptRun run = run("env HOME=" + home + " sh", checkout.directory())) {
            run.describe(ScriptRun.ELSEWHERE);
        }
        if (owner == 0) {
            assertThat(filtersSaw()).containsExactly("0");
        } else {
            assertThat(seen).isEmptyDirectory();
        }
    }

    /** Another could be put in the place of its repository after the check. */
    @Test
    void rootFollowsNoPathOfOthersToARepository() throws Exception {
        SandboxCheckout tree = withTellingFilter(checkout.worktree(workspace.resolve("tree"), "agent/tree"));
        Files.setPosixFilePermissions(workspace, PosixFilePermissions.fromString("rwxrwxrwx"));

        try (ScriptRun run = run("sh", tree.directory())) {
            assertThat(run.refusal()).isEqualTo("repository-owner");
        }
        assertThat(seen).isEmptyDirectory();
        Files.setPosixFilePermissions(workspace, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (ScriptRun run = run("sh", tree.directory())) {
            assertThat(run.describe(ScriptRun.ELSEWHERE).branch()).contains("agent/work");
        }
        assertThat(filtersSaw()).startsWith("0");
    }

    @Test
    void rootKeepsNoTemporaryFilesWhereOthersMayReplaceThem() throws Exception {
        checkout.branch("agent/work").dirty("new.txt", "1");
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));

        try (ScriptRun run = run("env TMPDIR=" + temporary + " sh", checkout.directory())) {
            run.describe(ScriptRun.ELSEWHERE);
            assertThat(temporary).isEmptyDirectory();
        }
    }
}
