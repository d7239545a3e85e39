package dev.sessionpublish.git;

import static dev.sessionpublish.git.GitBytes.band;
import static dev.sessionpublish.git.GitBytes.bytes;
import static dev.sessionpublish.git.GitBytes.join;
import static dev.sessionpublish.git.GitBytes.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PushReportTest {
    private static final String REF = "refs/heads/agent/fix";
    private static final byte[] FLUSH = bytes("0000");

    private static PushReport plain(String... lines) throws IOException {
        return PushReport.read(GitBytes.slowly(join(lines(lines), FLUSH)), false, REF);
    }

    private static PushReport banded(byte[]... bands) throws IOException {
        return PushReport.read(GitBytes.slowly(join(join(bands), FLUSH)), true, REF);
    }

    @Test
    void aReportWithoutSideBandIsRead() throws IOException {
        assertThat(plain("unpack ok\n", "ok " + REF + "\n").isAccepted()).isTrue();
        PushReport refused = plain("unpack ok\n", "ng " + REF + " hook declined\n");
        assertThat(refused.isAccepted()).isFalse();
        assertThat(refused.refusal()).contains("hook declined");
    }

    @Test
    void aReportInAFirstBandThatIsSplitAnywhereIsReadTogether() throws IOException {
        byte[] report = join(lines("unpack ok\n", "ok " + REF + "\n"), FLUSH);
        for (int at = 0; at <= report.length; at++) {
            PushReport read = banded(
                    band(2, bytes("one\n")),
                    band(1, Arrays.copyOf(report, at)),
                    band(2, bytes("two\n")),
                    band(1, Arrays.copyOfRange(report, at, report.length)));
            assertThat(read.isAccepted()).isTrue();
            assertThat(read.messages()).isEqualTo("one\ntwo\n");
        }
    }

    @Test
    void anUnpackThatFailedIsNoSuccessWhateverIsSaidOfTheBranch() throws IOException {
        PushReport report = plain("unpack index-pack abnormal exit\n", "ok " + REF + "\n");
        assertThat(report.isAccepted()).isFalse();
        assertThat(report.unpack()).isEqualTo("index-pack abnormal exit");
        assertThat(plain("unpack error\n", "ng " + REF + " unpacker error\n").isAccepted())
                .isFalse();
        assertThat(plain("unpack error\n").isAccepted()).isFalse();
    }

    @Test
    void whatIsSaidOfAnotherBranchIsNotSaidOfThisOne() {
        assertThatThrownBy(() -> plain("unpack ok\n", "ok refs/heads/agent\n", "ok " + REF + "2\n"))
                .isInstanceOf(GitProtocolException.class);
        assertThatThrownBy(() -> plain("unpack ok\n")).isInstanceOf(GitProtocolException.class);
        assertThatThrownBy(() -> plain("ok " + REF + "\n")).isInstanceOf(GitProtocolException.class);
    }

    @Test
    void anErrorInTheThirdBandEndsTheReport() {
        assertThatThrownBy(() -> banded(band(2, bytes("before\n")), band(3, bytes("out of disk"))))
                .isInstanceOfSatisfying(PushReport.RemoteErrorException.class, e -> {
                    assertThat(e).hasMessage("out of disk");
                    assertThat(e.messages()).isEqualTo("before\n");
                });
    }

    @Test
    void aBandThatIsNoneIsRefused() {
        assertThatThrownBy(() -> banded(band(4, bytes("x")))).isInstanceOf(GitProtocolException.class);
        assertThatThrownBy(() -> banded(bytes("0004"))).isInstanceOf(GitProtocolException.class);
    }

    @Test
    void everyCutIsAnEnd() {
        byte[] report = join(lines("unpack ok\n", "ok " + REF + "\n"), FLUSH);
        byte[] whole = join(band(2, bytes("hello\n")), band(1, report), FLUSH);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> PushReport.read(GitBytes.stream(cut), true, REF))
                    .as("cut at %d", length)
                    .isInstanceOf(EOFException.class);
        }
        byte[] inner = Arrays.copyOf(report, report.length - 4);
        assertThatThrownBy(() -> banded(band(1, inner))).isInstanceOf(EOFException.class);
    }

    @Test
    void ofMessagesWithoutEndTheFirstAndTheLastLinesAreKept() throws IOException {
        byte[][] bands = new byte[301][];
        bands[0] = band(2, bytes("the first line\n"));
        for (int i = 1; i < 299; i++) {
            bands[i] = band(2, bytes(("noise " + i + " ").repeat(200) + "\n"));
        }
        bands[299] = band(2, bytes("the last line\n"));
        bands[300] = band(1, join(lines("unpack ok\n", "ng " + REF + " no\n"), FLUSH));
        PushReport report = banded(bands);
        assertThat(report.messages()).startsWith("the first line\n").endsWith("the last line\n");
        assertThat(report.messages()).hasSizeLessThan(17_000);
    }

    @Test
    void aLineThatDidNotFitIsLeftOutWholeSoThatNoSecretIsLeftInPart() throws IOException {
        String secret = "ghp_0123456789abcdefghij";
        for (int before = 8_150; before < 8_200; before++) {
            PushReport report = banded(
                    band(2, bytes("x".repeat(before) + "\n" + secret + "y".repeat(30_000))),
                    band(2, bytes(secret + "\nend\n")),
                    band(1, join(lines("unpack ok\n", "ok " + REF + "\n"), FLUSH)));
            assertThat(report.messages().replace(secret, "")).doesNotContain("ghp", "ij");
        }
    }

    @Test
    void anAnswerWithoutEndIsEnded() {
        byte[] line = band(2, new byte[60_000]);
        InputStream endless = new InputStream() {
            private int at;

            @Override
            public int read() {
                return line[at++ % line.length];
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                int part = Math.min(length, line.length - at % line.length);
                System.arraycopy(line, at % line.length, into, offset, part);
                at += part;
                return part;
            }
        };
        assertThatThrownBy(() -> PushReport.read(endless, true, REF)).isInstanceOf(GitProtocolException.class);
        byte[][] reports = new byte[6][];
        Arrays.fill(reports, band(1, new byte[60_000]));
        assertThatThrownBy(() -> banded(reports)).isInstanceOf(GitProtocolException.class);
    }
}
