package dev.sessionpublish.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.outcome.HostileText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BranchPatternsTest {

    @ParameterizedTest
    @CsvSource({
        "main, main",
        "main, MAIN",
        "Main, mAin",
        "release/*, release/1.0",
        "release/*, release/1/2",
        "release/**, release/1/2",
        "release/*, RELEASE/x",
        "*, a/b",
        "*-stable, x/1-stable",
        "r*e*s*, releases",
        "v?, v1",
        "v[0-9]*, v12",
        "v[!a-z], v1",
        "v[^a-z], v1",
        "[A-Z]x, bx",
        "refs/heads/main, main",
        "straße, STRASSE",
        "ÉTÉ, été",
        "ГЛАВНАЯ, главная",
        "stra?e, straße",
        "STRA?E, straße",
        "Σ*, Σα",
        "ΟΣ*, οσα",
        "ΜΑΣ, μασ",
        "MAİN, main",
        "MAIN, maın",
        "key, \u212AEY",
        "\u017Ftable, STABLE",
        "\uD801\uDC00x, \uD801\uDC28X",
        "[\u212A]ey, key",
        "[main, m",
        "v[a-], v-",
        "x[]]y, x]y"
    })
    void aPatternProtects(String pattern, String branch) {
        assertThat(BranchPatterns.of(List.of("other", pattern)).firstMatch(BranchName.of(branch)))
                .contains(pattern);
    }

    @ParameterizedTest
    @CsvSource({
        "main, main2",
        "main, xmain",
        "main, a/main",
        "release/*, release",
        "v?, v",
        "v?, v12",
        "v[0-9], va",
        "v[!0-9], v1",
        "'', main",
        "main*x, mainy",
        "ma.n, main",
        "$main, main",
        "a+, aa"
    })
    void aPatternProtectsNothingElse(String pattern, String branch) {
        assertThat(BranchPatterns.of(List.of(pattern)).matches(BranchName.of(branch)))
                .isFalse();
    }

    @Test
    void noPatternTakesLong() {
        BranchPatterns patterns = BranchPatterns.of(List.of("*a".repeat(2_000) + "b"));
        assertThat(patterns.matches(BranchName.of("a".repeat(244)))).isFalse();
    }

    @Test
    void anyTextIsAPatternAndEveryNameIsProtectedByItself() {
        HostileText.texts(31, 20_000).forEach(text -> {
            BranchPatterns.of(List.of(text)).matches(BranchName.of("session/x"));
            if (BranchName.problem(text).isEmpty()) {
                assertThat(BranchPatterns.of(List.of(text)).matches(BranchName.of(text)))
                        .as("%s", text)
                        .isTrue();
            }
        });
    }

    @Test
    void aBranchThatDiffersInCaseAloneIsTheSame() {
        assertThat(BranchPatterns.sameIgnoringCase(BranchName.of("Main"), BranchName.of("mAIN")))
                .isTrue();
        assertThat(BranchPatterns.sameIgnoringCase(BranchName.of("main"), BranchName.of("main2")))
                .isFalse();
    }
}
