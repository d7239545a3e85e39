package dev.sessionpublish.git;

import static dev.sessionpublish.git.GitBytes.ID;
import static dev.sessionpublish.git.GitBytes.OTHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.outcome.RefusedException;
import java.io.EOFException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdvertisementTest {
    private static Advertisement read(String... refs) throws Exception {
        return Advertisement.read(GitBytes.slowly(GitBytes.advertisement(refs)), GitBytes.memory());
    }

    @Test
    void branchesOtherTipsAndCapabilitiesAreRead() throws Exception {
        Advertisement read = read(
                ID + " refs/heads/main\0 report-status side-band-64k  object-format=sha1 agent=x/1\n",
                OTHER + " refs/tags/v1\n",
                "3".repeat(40) + " .have\n",
                "shallow " + OTHER + "\n");
        assertThat(read.branch("main")).contains(new ObjectId(ID));
        assertThat(read.branch("v1")).isEmpty();
        assertThat(read.tips(10)).extracting(ObjectId::hex).containsExactly(ID, OTHER, "3".repeat(40));
        assertThat(read.tips(1)).hasSize(1);
        assertThat(read.supports("report-status")).isTrue();
        assertThat(read.supports("report")).isFalse();
        assertThat(read.objectFormat()).isEqualTo(ObjectFormat.SHA1);
    }

    @Test
    void theNamedBranchesComeFirstAmongTheTips() throws Exception {
        Advertisement read = read(ID + " refs/heads/a\0 x", OTHER + " refs/heads/z", "4".repeat(40) + " refs/heads/m");
        assertThat(read.tips(2, "z", "none")).first().isEqualTo(new ObjectId(OTHER));
    }

    @Test
    void anEmptyRepositoryHasNoBranch() throws Exception {
        Advertisement read = read("0".repeat(40) + " capabilities^{}\0report-status object-format=sha1");
        assertThat(read.isEmpty()).isTrue();
        assertThat(read.tips(10)).isEmpty();
        assertThat(read.supports("report-status")).isTrue();
    }

    @Test
    void aRepositoryOfSha256IsKnownByItsFormat() throws Exception {
        Advertisement read = read("a".repeat(64) + " refs/heads/main\0 object-format=sha256");
        assertThat(read.objectFormat()).isEqualTo(ObjectFormat.SHA256);
    }

    @Test
    void aBranchNamedLikeADirectoryOfAnotherIsAConflict() throws Exception {
        Advertisement read = read(ID + " refs/heads/a/b\0 x", ID + " refs/heads/c", ID + " refs/heads/a-b");
        assertThat(read.conflictWith("a")).contains("a/b");
        assertThat(read.conflictWith("a/b/c/d")).contains("a/b");
        assertThat(read.conflictWith("c/d")).contains("c");
        assertThat(read.conflictWith("a/c")).isEmpty();
        assertThat(read.conflictWith("a-")).isEmpty();
        assertThat(read.conflictWith("a/b")).isEmpty();
    }

    @Test
    void aTipOfManyRefsCountsOnce() throws Exception {
        String[] refs = new String[100];
        Arrays.setAll(refs, n -> ID + " refs/heads/" + n + (n == 0 ? "\0 x" : "\n"));
        assertThat(read(refs).tips(2)).containsExactly(new ObjectId(ID));
    }

    /** Names in Latin-1 or worse are names, each its own; none stands for another. */
    @Test
    void namesThatAreNotUtf8AreKeptApart() throws Exception {
        byte[] first = GitBytes.bytes(ID + " refs/heads/main\0 x\n");
        byte[] latin = (OTHER + " refs/heads/caf\u00e9/x\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] other = ("4".repeat(40) + " refs/heads/caf\u00e8\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] body = GitBytes.join(
                GitBytes.lines("# service=git-receive-pack\n", null),
                PktLines.encode(first),
                PktLines.encode(latin),
                PktLines.encode(other),
                GitBytes.bytes("0000"));

        Advertisement read = Advertisement.read(GitBytes.slowly(body), GitBytes.memory());

        assertThat(read.branch("caf\uFFFD")).isEmpty();
        assertThat(read.branch("caf\u00e8")).isEmpty();
        assertThat(read.branch("main")).contains(new ObjectId(ID));
        assertThat(read.tips(10)).hasSize(3);
        assertThat(read.conflictWith("caf")).isEmpty();
        assertThat(read.conflictWith("main/x")).contains("main");
        assertThat(read.conflictWith("caf\uFFFD/y")).isEmpty();
    }

    private static String[] branches(int count) {
        String[] refs = new String[count];
        Arrays.setAll(refs, n -> "%040x refs/heads/team/topic-%d".formatted(n + 1, n) + (n == 0 ? "\0 x" : "\n"));
        return refs;
    }

    @Test
    void thousandsOfBranchesFitTheAllowanceOfARun() throws Exception {
        Advertisement read = Advertisement.read(
                GitBytes.stream(GitBytes.advertisement(branches(4_000))), new MemoryBudget(256 * 1024, 0).open("team"));
        assertThat(read.branch("team/topic-3999")).contains(new ObjectId("%040x".formatted(4_000)));
        assertThat(read.branch("team/topic-4000")).isEmpty();
    }

    @Test
    void branchesBeyondTheMemoryOfTheRunAreRefusedAndNotKept() throws Exception {
        MemoryBudget budget = new MemoryBudget(256 * 1024, 3 << 20);
        MemoryBudget.Share memory = budget.open("team");
        byte[] body = GitBytes.advertisement(branches(100_000));

        assertThatThrownBy(() -> Advertisement.read(GitBytes.stream(body), memory))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(PushReason.MEMORY_LIMIT));
        memory.close();
        budget.open("team").take(256 * 1024 + (1 << 20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1111111111111111111111111111111111111111 refs/heads/main",
                "1111111111111111111111111111111111111111\0 x",
                "11111111 refs/heads/main\0 x",
                "1111111111111111111111111111111111111111refs/heads/main\0 x",
                "ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD refs/heads/main\0 x",
                "0000000000000000000000000000000000000000 refs/heads/main\0 x",
                "1111111111111111111111111111111111111111 refs/heads/main\0 object-format=sha256",
                "1111111111111111111111111111111111111111 refs/heads/main\0 object-format=md5",
                "ERR this repository is disabled"
            })
    void whatIsNoAdvertisementIsRefused(String first) {
        assertThatThrownBy(() -> read(first)).isInstanceOf(GitProtocolException.class);
    }

    @Test
    void anotherServiceOrAPageIsRefused() {
        for (String text : new String[] {"<html><body>Log in</body></html>", "001e# service=git-upload-pack\n0000"}) {
            assertThatThrownBy(() -> Advertisement.read(GitBytes.stream(GitBytes.bytes(text)), GitBytes.memory()))
                    .isInstanceOf(GitProtocolException.class);
        }
    }

    @Test
    void everyCutIsAnEndAndNeverAShorterList() {
        byte[] whole = GitBytes.advertisement(ID + " refs/heads/main\0 report-status\n", OTHER + " refs/heads/x\n");
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Advertisement.read(GitBytes.stream(cut), GitBytes.memory()))
                    .as("cut at %d", length)
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void moreThanAMillionRefsAreRefused() {
        byte[] head = GitBytes.lines("# service=git-receive-pack\n", null, ID + " refs/heads/main\0 x");
        var endless = new InputStream() {
            private long at;
            private byte[] line = new byte[0];
            private int count;
            private int offset;

            @Override
            public int read() {
                if (at < head.length) {
                    return head[(int) at++];
                }
                if (offset == line.length) {
                    line = PktLines.encode(GitBytes.bytes("%040x refs/tags/v".formatted(++count)));
                    offset = 0;
                }
                return line[offset++];
            }
        };
        assertThatThrownBy(() -> Advertisement.read(endless, GitBytes.memory()))
                .isInstanceOf(GitProtocolException.class)
                .hasMessageContaining("refs");
        assertThat(endless.count).isLessThanOrEqualTo(Advertisement.MAX_REFS + 1);
    }
}
