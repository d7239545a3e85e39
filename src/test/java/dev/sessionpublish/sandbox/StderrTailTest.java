package dev.sessionpublish.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StderrTailTest {
    @ParameterizedTest
    @CsvSource({"ab,c,abc", "abcd,e,bcde", "ab,cdefghij,ghij", "abcd,'',abcd", "'',abcdefgh,efgh"})
    void theLastBytesAreKept(String first, String second, String kept) {
        StderrTail tail = new StderrTail(4);
        byte[] padded = ("__" + first + "__").getBytes(UTF_8);

        tail.write(padded, 2, first.length());
        tail.write(second.getBytes(UTF_8), 0, second.length());

        assertThat(tail.text()).isEqualTo(kept);
    }

    @Test
    void aCharacterCutAtTheFrontIsReplaced() {
        StderrTail tail = new StderrTail(2);
        byte[] bytes = "żółw".getBytes(UTF_8);

        tail.write(bytes, 0, bytes.length);

        assertThat(tail.text()).isEqualTo("\uFFFDw");
    }
}
