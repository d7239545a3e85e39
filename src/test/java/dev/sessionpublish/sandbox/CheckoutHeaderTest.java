package dev.sessionpublish.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.git.GitProtocolException;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.git.lfs.LfsObject;
import dev.sessionpublish.outcome.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckoutHeaderTest {
    private static final String A = "a".repeat(40);
    private static final String B = "b".repeat(40);
    private static final String C = "c".repeat(40);
    private static final String OID = "ab".repeat(32);
    private static final String WHOLE = """
            session-publish 1
            branch agent/żółw
            contained yes
            ahead 2
            behind 0
            base-tree %3$s
            commits 2
            commit %1$s
            subject Mend the header
            commit %2$s
            subject end header
            lfs-oid %4$s
            lfs-size 12
            submodule vendor/żółw
            head %1$s
            new %1$s
            tree %3$s
            uncommitted 7
            shallow true
            partial yes
            end header
            """.formatted(A, B, C, OID);

    @Test
    void moreLfsObjectsThanAreTakenAreNotReadToTheirEnd() {
        Endless in = new Endless("session-publish 1\n", "lfs-oid " + OID + "\nlfs-size 1\n");

        assertThatThrownBy(() -> HeaderBytes.read(in)).isInstanceOf(GitProtocolException.class);
        assertThat(in.taken).isLessThan(1_000_000);
    }

    @Test
    void everyLfsObjectIsTakenFromTheMemoryOfTheRunBeforeItIsKept() throws Exception {
        StringBuilder lines = new StringBuilder("session-publish 1\n");
        for (int n = 0; n < 100; n++) {
            lines.append("lfs-oid %064x\nlfs-size 1\nlfs-oid %064x\nlfs-size 1\n".formatted(n, n));
        }
        byte[] header = lines.append("end header\n").toString().getBytes(UTF_8);
        MemoryBudget.Share enough = new MemoryBudget(100 * 176, 0).open("team");
        CheckoutHeader.read(new ByteArrayInputStream(header), enough);
        assertThatThrownBy(() -> enough.take(1)).isInstanceOf(RefusedException.class);
        MemoryBudget.Share tooLittle = new MemoryBudget(100 * 176 - 1, 0).open("team");
        assertThatThrownBy(() -> CheckoutHeader.read(new ByteArrayInputStream(header), tooLittle))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(PushReason.MEMORY_LIMIT));
    }

    @Test
    void linesThatOnlyLookLikeThoseOfLfsCountLikeAnyOther() {
        StringBuilder lines = new StringBuilder("session-publish 1\n");
        for (int n = 0; n < 1000; n++) {
            lines.append("lfs-").append(n).append(' ').append("x".repeat(4000)).append('\n');
        }

        assertThatThrownBy(() -> read(lines + "end header\n"))
                .isInstanceOf(GitProtocolException.class)
                .hasMessageContaining("the header exceeds");
    }

    private static CheckoutHeader read(String text) throws IOException {
        return HeaderBytes.read(new ByteArrayInputStream(text.getBytes(UTF_8)));
    }

    @Test
    void everyLineIsHeard() throws IOException {
        Checkout checkout = read(WHOLE).checkout();

        assertThat(checkout.branch()).contains("agent/żółw");
        assertThat(checkout.head().hex()).isEqualTo(A);
        assertThat(checkout.tree().hex()).isEqualTo(C);
        assertThat(checkout.baseTree().orElseThrow().hex()).isEqualTo(C);
        assertThat(checkout.ahead()).hasValue(2);
        assertThat(checkout.behind()).hasValue(0);
        assertThat(checkout.commits()).hasValue(2);
        assertThat(checkout.newest())
                .extracting(Checkout.Subject::text)
                .containsExactly("Mend the header", "end header");
        assertThat(checkout.contained()).isTrue();
        assertThat(checkout.uncommittedFiles()).isEqualTo(7);
        assertThat(checkout.lfsObjects()).containsExactly(new LfsObject(OID, 12));
        assertThat(checkout.unpushedSubmodules()).containsExactly("vendor/żółw");
        assertThat(checkout.shallow()).isTrue();
        assertThat(checkout.partial()).isTrue();
    }

    @Test
    void twentySubmodulesAreKeptEachOnce() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int n = 0; n < 50; n++) {
            lines.append("submodule same\nsubmodule lib").append(n).append('\n');
        }

        assertThat(read(WHOLE.replace("shallow true\n", lines + "shallow true\n"))
                        .checkout()
                        .unpushedSubmodules())
                .hasSize(20)
                .doesNotHaveDuplicates()
                .startsWith("vendor/żółw", "same", "lib0");
    }

    @Test
    void whatALyingSandboxListsWithoutEndIsNotKept() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int n = 0; n < 2_000; n++) {
            lines.append("lock l\noperation o\nkey").append(n).append(" v\n");
            lines.append("commit ").append(A).append("\nsubject s\n");
        }
        Checkout checkout =
                read(WHOLE.replace("shallow true\n", lines + "shallow true\n")).checkout();
        assertThat(checkout.locks()).hasSizeLessThan(100);
        assertThat(checkout.operations()).hasSizeLessThan(100);
        assertThat(checkout.newest()).hasSizeLessThan(100);
    }

    @Test
    void whatFollowsTheHeaderIsLeftToOthers() throws IOException {
        InputStream in = new ByteArrayInputStream((WHOLE + "PACK").getBytes(UTF_8));

        HeaderBytes.read(in);

        assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("PACK");
    }

    @Test
    void whatOnlyTrackingRefsContainIsNotInTheBase() throws IOException {
        String tracked = "0d".repeat(20);

        Checkout checkout =
                read(WHOLE.replace("contained yes", "tracked " + tracked)).checkout();

        assertThat(checkout.contained()).isFalse();
        assertThat(checkout.tracked()).contains(new ObjectId(tracked));
    }

    @Test
    void bothLocksHaveNames() throws IOException {
        assertThat(read(WHOLE.substring(0, WHOLE.length() - "end header\n".length())
                                + "lock index.lock\nlock HEAD.lock\noperation cherry-pick\nend header\n")
                        .checkout())
                .satisfies(checkout -> {
                    assertThat(checkout.locks()).containsExactly("index.lock", "HEAD.lock");
                    assertThat(checkout.operations()).containsExactly("cherry-pick");
                });
    }

    @Test
    void aRefusalNeedsNothingElse() throws IOException {
        assertThat(read("session-publish 1\nrefused no-commits\nend header\n").refusal())
                .contains("no-commits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "head x",
                "head AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "tree ",
                "ahead -1",
                "ahead 1e3",
                "uncommitted 9999999999999999999",
                "uncommitted ",
                "lock ../x",
                "operation \u001b[31m",
                "operation a b"
            })
    void aLineThatMeansNothingIsRefused(String line) {
        assertThatThrownBy(() -> read("session-publish 1\n" + line + "\nhead " + A + "\nnew " + A + "\ntree " + C
                                + "\nend header\n")
                        .checkout())
                .isInstanceOf(GitProtocolException.class);
    }

    @Test
    void twoValuesForOneKeyAreRefused() {
        assertThatThrownBy(() -> read(WHOLE.replace("shallow true", "head " + B)))
                .isInstanceOf(GitProtocolException.class);
    }

    @Test
    void aSubjectNeedsItsCommit() {
        assertThatThrownBy(() -> read("session-publish 1\nsubject x\nend header\n"))
                .isInstanceOf(GitProtocolException.class);
    }

    @Test
    void withoutItsEndMarkItIsCut() {
        assertThatThrownBy(() -> read(WHOLE.substring(0, WHOLE.length() - 1))).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> read("")).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "x\n", "subject y\n", "a"})
    void outputWithoutEndIsNotReadToItsEnd(String again) {
        Endless in = new Endless("session-publish 1\ncommit " + A + "\n", again);

        assertThatThrownBy(() -> HeaderBytes.read(in)).isInstanceOf(GitProtocolException.class);
        assertThat(in.taken).isLessThan(300 * 1024);
    }

    /** A beginning, then the same for ever. */
    private static final class Endless extends InputStream {
        private final byte[] first;
        private final byte[] again;
        private int taken;

        Endless(String first, String again) {
            this.first = first.getBytes(UTF_8);
            this.again = again.getBytes(UTF_8);
        }

        @Override
        public int read() {
            int at = taken++;
            return at < first.length ? first[at] : again[(at - first.length) % again.length];
        }
    }

    @Test
    void mutatedAndRandomBytesEndInAHeaderOrATypedFailure() {
        Random random = new Random(20261121);
        byte[] whole = WHOLE.getBytes(UTF_8);
        for (int run = 0; run < 20_000; run++) {
            byte[] bytes = run % 4 == 0 ? new byte[random.nextInt(400)] : whole.clone();
            if (run % 4 == 0) {
                random.nextBytes(bytes);
            }
            for (int change = 0; change < 3 && bytes.length > 0; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                CheckoutHeader header = HeaderBytes.read(new ByteArrayInputStream(bytes));
                header.refusal();
                header.checkout();
            } catch (IOException e) {
                assertThat(e)
                        .as(new String(bytes, ISO_8859_1))
                        .isInstanceOfAny(GitProtocolException.class, EOFException.class);
            }
        }
    }
}
