package dev.sessionpublish.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PktLinesTest {
    private static PktLines of(String text) {
        return new PktLines(GitBytes.slowly(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void linesAndFlushesAreTold() throws IOException {
        PktLines lines = of("0006a\n0005b00000004");
        assertThat(lines.nextText()).contains("a");
        assertThat(lines.nextText()).contains("b");
        assertThat(lines.nextText()).isEmpty();
        assertThat(lines.nextText()).contains("");
        assertThatThrownBy(lines::next).isInstanceOf(EOFException.class);
    }

    @Test
    void onlyOneLineFeedIsTakenOff() throws IOException {
        assertThat(of("0007a\n\n").nextText()).contains("a\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0001", "0002", "0003", "fff1x", "ffff", "-001", " 005a", "000g", "\u00b9005", "+00a", "0x05"})
    void aLengthThatIsNoneIsRefused(String text) {
        assertThatThrownBy(of(text + "aaaaaaaa")::next).isInstanceOf(GitProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "000", "0005", "0009abc"})
    void anEndWithinALineIsAnEnd(String text) {
        assertThatThrownBy(of(text)::next).isInstanceOf(EOFException.class);
    }

    @Test
    void theLongestLineIsReadAndNoneIsSentThatIsLonger() throws IOException {
        byte[] longest = new byte[PktLines.MAX_LENGTH - 4];
        byte[] encoded = PktLines.encode(longest);
        assertThat(new String(encoded, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("fff0");
        assertThat(new PktLines(GitBytes.stream(encoded)).next()).get().isEqualTo(longest);
        assertThatThrownBy(() -> PktLines.encode(new byte[longest.length + 1]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
