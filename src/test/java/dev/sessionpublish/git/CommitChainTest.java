package dev.sessionpublish.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.git.CommitChain.Verdict;
import dev.sessionpublish.outcome.RefusedException;
import java.io.EOFException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitChainTest {
    private static final String TREE = "tree " + "4b825dc642cb6eb9a060e54bf8d69288fbee4904" + "\n";
    private static final String REST = "author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\n";

    @TempDir
    Path directory;

    private static String id(String commit) {
        byte[] body = commit.getBytes(StandardCharsets.ISO_8859_1);
        var digest = ObjectFormat.SHA1.digest();
        digest.update(("commit " + body.length + "\0").getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(digest.digest(body));
    }

    private static String entry(String commit) {
        return id(commit) + " commit " + commit.length() + "\n" + commit + "\n";
    }

    private static Verdict read(String list, String from, String to) throws Exception {
        return CommitChain.read(
                GitBytes.slowly(list.getBytes(StandardCharsets.ISO_8859_1)),
                new ObjectId(from),
                new ObjectId(to),
                GitBytes.memory());
    }

    private static Verdict ofOne(String commit, String from) throws Exception {
        return read(entry(commit) + "end chain\n", from, id(commit));
    }

    private String chain(SandboxCheckout checkout, String from, String to) {
        String ids = checkout.git("rev-list", "--ancestry-path", "--topo-order", from + ".." + to);
        return RealGit.in(checkout.directory())
                        .runWith((ids + "\n").getBytes(StandardCharsets.UTF_8), "cat-file", "--batch")
                + "\n\nend chain\n";
    }

    @Test
    void realHistoryWithMergesOfManyIsProven() throws Exception {
        SandboxCheckout checkout =
                SandboxCheckout.unborn(directory.resolve("c")).commit("First", "a", "a");
        String old = checkout.head();
        for (String side : new String[] {"x", "y", "z"}) {
            checkout.checkout("main")
                    .branch(side)
                    .commit("Side " + side, side, side)
                    .commit("More", side + 2, side);
        }
        checkout.checkout("main").commit("Main", "m", "m");
        checkout.git("merge", "-q", "-m", "Octopus\n\nparent " + "9".repeat(40), "x", "y", "z");
        checkout.commit("Last", "l", "l");
        String list = chain(checkout, old, "HEAD");
        assertThat(read(list, old, checkout.head())).isEqualTo(Verdict.DESCENDS);
        assertThat(read(list, "9".repeat(40), checkout.head())).isEqualTo(Verdict.DOES_NOT_DESCEND);
        assertThat(read("end chain\n", old, checkout.head())).isEqualTo(Verdict.DOES_NOT_DESCEND);
    }

    @Test
    void headersBesideThoseOfEveryCommitDoNotDisturb() throws Exception {
        String signed = TREE + "parent " + GitBytes.ID + "\n" + "parent " + GitBytes.OTHER
                + "\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\nencoding ISO-8859-1\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n iQEz\n -----END PGP SIGNATURE-----\nmergetag object "
                + "7".repeat(40) + "\n type commit\n\nFix\n";
        assertThat(ofOne(signed, GitBytes.ID)).isEqualTo(Verdict.DESCENDS);
        assertThat(ofOne(signed, GitBytes.OTHER)).isEqualTo(Verdict.DESCENDS);
        assertThat(ofOne(signed, "7".repeat(40))).isEqualTo(Verdict.DOES_NOT_DESCEND);
    }

    @Test
    void aParentCountsOnlyWhereGitItselfReadsOne() throws Exception {
        String parent = "parent " + GitBytes.ID + "\n";
        for (String commit : new String[] {
            TREE + REST + parent,
            TREE + "author A <a@b> 1 +0000\n" + parent + "committer A <a@b> 1 +0000\n\nx",
            TREE + TREE + parent + REST,
            parent + TREE + REST,
            parent + REST,
            parent,
            TREE + "\n" + parent + REST,
            TREE + "gpgsig x\n " + parent + REST,
            TREE + "parent " + GitBytes.ID + " \n" + REST,
            TREE + "Parent " + GitBytes.ID + "\n" + REST,
            TREE + "parent  " + GitBytes.ID + "\n" + REST,
            TREE + "parent " + GitBytes.ID,
            TREE + "parent " + GitBytes.ID + "1".repeat(24) + "\n" + REST,
            ""
        }) {
            assertThat(ofOne(commit, GitBytes.ID)).as(commit).isEqualTo(Verdict.DOES_NOT_DESCEND);
        }
    }

    @Test
    void aCommitThatIsNotItsNameProvesNothing() throws Exception {
        String commit = TREE + "parent " + GitBytes.ID + "\n" + REST;
        String forged = GitBytes.OTHER + " commit " + commit.length() + "\n" + commit + "\nend chain\n";
        assertThat(read(forged, GitBytes.ID, GitBytes.OTHER)).isEqualTo(Verdict.DOES_NOT_DESCEND);
    }

    @Test
    void aCommitThatNobodyHasNamedProvesNothing() throws Exception {
        String stray = TREE + "parent " + GitBytes.ID + "\n" + REST + "stray";
        assertThat(read(entry(stray) + "end chain\n", GitBytes.ID, GitBytes.OTHER))
                .isEqualTo(Verdict.DOES_NOT_DESCEND);
        String child = TREE + "parent " + id(stray) + "\n" + REST;
        assertThat(read(entry(child) + entry(stray) + "end chain\n", GitBytes.ID, id(child)))
                .isEqualTo(Verdict.DESCENDS);
        assertThat(read(entry(stray) + entry(child) + "end chain\n", GitBytes.ID, id(child)))
                .isEqualTo(Verdict.DOES_NOT_DESCEND);
        assertThat(read(entry(child) + entry(child) + "end chain\n", id(stray), id(child)))
                .isEqualTo(Verdict.DOES_NOT_DESCEND);
    }

    @Test
    void everyCutIsAnEndAndNeverAProof() {
        String commit = TREE + "parent " + GitBytes.ID + "\n" + REST + "Fix\n";
        String whole = entry(commit) + "end chain\n";
        for (int length = 0; length < whole.length(); length++) {
            String cut = whole.substring(0, length);
            assertThatThrownBy(() -> read(cut, GitBytes.ID, id(commit)))
                    .as("cut at %d", length)
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void linesThatAreNeitherCommitNorEndAreRefused() {
        for (String line : new String[] {
            "",
            "end  chain",
            GitBytes.ID + " missing",
            GitBytes.ID + " blob 3",
            GitBytes.ID + " commit -1",
            GitBytes.ID + " commit 9999999999",
            "HEAD commit 3",
            "x".repeat(200)
        }) {
            assertThatThrownBy(() -> read(line + "\nabc\n", GitBytes.ID, GitBytes.OTHER))
                    .as(line)
                    .isInstanceOf(GitProtocolException.class);
        }
    }

    @Test
    void aCommitOverTheLimitIsTooLongBeforeItIsRead() throws Exception {
        String line = GitBytes.ID + " commit " + (CommitChain.MAX_COMMIT_BYTES + 1) + "\n";
        assertThat(read(line, GitBytes.OTHER, GitBytes.ID)).isEqualTo(Verdict.TOO_LONG);
    }

    @Test
    void aChainOverTheLimitIsTooLong() throws Exception {
        int count = CommitChain.MAX_COMMITS + 1;
        String[] commits = new String[count];
        String parent = GitBytes.ID;
        for (int n = 0; n < count; n++) {
            commits[n] = TREE + "parent " + parent + "\n" + REST;
            parent = id(commits[n]);
        }
        String tip = parent;
        InputStream newestFirst = new InputStream() {
            private int left = count;
            private byte[] now = new byte[0];
            private int at;

            @Override
            public int read() {
                if (at == now.length) {
                    now = (left == 0 ? "end chain\n" : entry(commits[--left])).getBytes(StandardCharsets.ISO_8859_1);
                    at = 0;
                }
                return now[at++];
            }
        };
        assertThat(CommitChain.read(newestFirst, new ObjectId(GitBytes.ID), new ObjectId(tip), GitBytes.memory()))
                .isEqualTo(Verdict.TOO_LONG);
    }

    private static String commitsOfManyParents(String[] tip) {
        StringBuilder list = new StringBuilder();
        String[] parents = new String[40];
        String last = "";
        for (int n = 0; n < parents.length; n++) {
            StringBuilder commit = new StringBuilder(TREE);
            if (!last.isEmpty()) {
                commit.append("parent ").append(last).append('\n');
            }
            for (int i = 0; i < 20_000; i++) {
                commit.append("parent ")
                        .append("%040x".formatted(n * 20_000L + i + 1))
                        .append('\n');
            }
            parents[n] = commit.append(REST).toString();
            last = id(parents[n]);
        }
        for (int n = parents.length - 1; n >= 0; n--) {
            list.append(entry(parents[n]));
        }
        tip[0] = last;
        return list + "end chain\n";
    }

    private static Verdict read(String list, String tip, MemoryBudget.Share memory) throws Exception {
        return CommitChain.read(
                GitBytes.stream(list.getBytes(StandardCharsets.ISO_8859_1)),
                new ObjectId(GitBytes.ID),
                new ObjectId(tip),
                memory);
    }

    @Test
    void commitsOfManyParentsAreReadWithinTheMemoryOfTheRun() throws Exception {
        String[] tip = new String[1];
        String list = commitsOfManyParents(tip);
        MemoryBudget budget = new MemoryBudget(256 * 1024, 12 << 20);
        MemoryBudget.Share memory = budget.open("team");

        assertThat(read(list, tip[0], memory)).isEqualTo(Verdict.TOO_LONG);
        assertThat(memory.allows(256 * 1024 + (4 << 20)))
                .as("nothing is kept of it")
                .isTrue();
        assertThat(read(list, tip[0], GitBytes.memory())).isEqualTo(Verdict.DOES_NOT_DESCEND);
    }

    @Test
    void aProofWaitsForTheMemoryThatOthersHoldAndASmallOneDoesNot() throws Exception {
        String[] tip = new String[1];
        String list = commitsOfManyParents(tip);
        MemoryBudget budget = new MemoryBudget(64 * 1024, 12 << 20);
        for (int run = 0; run < 3; run++) {
            budget.open("team" + run).take(64 * 1024 + (4 << 20));
        }

        assertThatThrownBy(() -> read(list, tip[0], budget.open("team")))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(PushReason.MEMORY_LIMIT));
        String commit = TREE + "parent " + GitBytes.ID + "\n" + REST;
        assertThat(read(entry(commit) + "end chain\n", id(commit), budget.open("team")))
                .isEqualTo(Verdict.DESCENDS);
    }
}
