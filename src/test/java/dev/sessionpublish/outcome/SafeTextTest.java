package dev.sessionpublish.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {
    private static final String FAMILY = "👨‍👩‍👧";

    @Test
    void lineBreaksTabsAndRunsOfSpaceBecomeOneSpaceInALine() {
        assertThat(SafeText.line("  a\r\nb\n\n\tc\u2028d\u0085e\u00A0 \u3000f  ", 100))
                .isEqualTo("a b c d e f");
    }

    @Test
    void aBlockKeepsItsLinesTabsAndIndentation() {
        assertThat(SafeText.block("\r\n\n  code\r\n\tmore\rlast\u2028end \n\n", 100))
                .isEqualTo("  code\n\tmore\nlast\nend");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000", "\u0007", "\u001B", "\u007F", "\u009B", "\u00AD", "\u034F", "\u061C", "\u115F", "\u180E",
                "\u200B", "\u200C", "\u200D", "\u200E", "\u202A", "\u202E", "\u2060", "\u2066", "\u2069", "\u3164",
                "\uFE0F\uFE0F\uFE0F\u0000", "\uFEFF", "\uFFA0", "\uFFFB", "\uFFFF", "\uDB40\uDC41",
                        "\uDB40\uDDEF\uDB40\uDDEF"
            })
    void whatCannotBeSeenIsRemoved(String invisible) {
        assertThat(SafeText.line(invisible + "ab" + "\u0000" + "c", 100)).isEqualTo("abc");
        assertThat(SafeText.line("a " + invisible + "b", 100)).isEqualTo("a b");
        assertThat(SafeText.block("a\n" + invisible + "b", 100)).isEqualTo("a\nb");
    }

    @Test
    void terminalColoursGoWholly() {
        assertThat(SafeText.line("\u001B[1;31merror:\u001B[0m no", 100)).isEqualTo("error: no");
    }

    @Test
    void emojiAndScriptsThatNeedJoinersStayWhole() {
        assertThat(SafeText.line(FAMILY + " ❤️ می\u200Cخواهم", 100)).isEqualTo(FAMILY + " ❤️ می\u200Cخواهم");
    }

    @Test
    void aRunOfVariationSelectorsCannotCarryHiddenText() {
        assertThat(SafeText.line("😀\uFE0F\uFE01\uDB40\uDD00\uDB40\uDD01!", 100))
                .isEqualTo("😀\uFE0F!");
    }

    @Test
    void loneSurrogatesAreReplaced() {
        assertThat(SafeText.line("a\uD83Db\uDE00", 100)).isEqualTo("a\uFFFDb\uFFFD");
    }

    @Test
    void aTextThatFitsIsNotCut() {
        assertThat(SafeText.line("äöü", 6)).isEqualTo("äöü");
        assertThat(SafeText.line("äöü", 5)).isEqualTo("ä…");
        assertThat(SafeText.line("äöü", 2)).isEqualTo("ä");
        assertThat(SafeText.line("äöü", 0)).isEmpty();
    }

    @Test
    void aCutNeverTearsACharacterThatAPersonSees() {
        for (String whole : new String[] {FAMILY, "🇩🇪", "👍🏽", "e\u0301", "❤️", "각"}) {
            int bytes = whole.getBytes(StandardCharsets.UTF_8).length;
            for (int max = 3; max < 3 * bytes; max++) {
                int fitting = (max - 3) / bytes;
                String expected = fitting == 0 ? SafeText.line(whole.repeat(3), max) : whole.repeat(fitting) + "…";
                assertThat(SafeText.line(whole.repeat(3), max)).isEqualTo(expected);
            }
        }
        assertThat(SafeText.line(FAMILY.repeat(2), 21)).isEqualTo(FAMILY + "…");
        assertThat(SafeText.line("🇩🇪🇫🇷🇮🇹", 14)).isEqualTo("🇩🇪…");
    }

    @Test
    void oneEndlessCharacterIsCutAllTheSame() {
        String zalgo = "a" + "\u0301".repeat(10_000);

        String line = SafeText.line(zalgo, 100);

        assertThat(line.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(95, 100);
        assertThat(line).startsWith("a\u0301").endsWith("…");
    }

    @Test
    void whateverComesInWhatGoesOutIsBoundedCleanAndStable() {
        HostileText.texts(1, 20_000).forEach(text -> {
            for (int max : new int[] {0, 1, 7, 30, 1_000}) {
                String line = SafeText.line(text, max);
                String block = SafeText.block(text, max);
                assertThat(line.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(max);
                assertThat(block.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(max);
                assertThat(line).doesNotContain("\n", "\t", "\u202E", "\u200B", "  ");
                assertThat(block).doesNotContain("\r", "\u202E", "\u200B");
                assertThat(SafeText.decode(line.getBytes(StandardCharsets.UTF_8)))
                        .isEqualTo(line);
                assertThat(SafeText.line(line, max)).isEqualTo(line);
                assertThat(SafeText.block(block, max)).isEqualTo(block);
            }
        });
    }

    @Test
    void malformedBytesBecomeReplacementCharacters() {
        assertThat(SafeText.decode(new byte[] {'a', (byte) 0xFF, 'b', (byte) 0xC3}))
                .isEqualTo("a\uFFFDb\uFFFD");
    }
}
