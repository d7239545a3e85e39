package dev.sessionpublish.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.outcome.HostileText;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratedBranchTest {

    @ParameterizedTest
    @CsvSource({
        "Fix the login form, session/fix-the-login-form-",
        "'  Don''t  panic!! (#12) ', session/dont-panic-12-",
        "Größe ändern: ÅÆØ łódź, session/grosse-andern-aaeo-lodz-",
        "ﬁx ①, session/fix-1-",
        "日本語 README, session/readme-",
        "日本語, session/",
        "'', session/",
        "../../etc/passwd.lock, session/etc-passwd-lock-",
        "A title that goes on and on and on and never comes to its end, session/a-title-that-goes-on-and-on-and-on-and-",
    })
    void theTitleIsReadableInTheName(String title, String start) throws Exception {
        assertThat(GeneratedBranch.of("session/", title, "uid", "ns", "p").value())
                .startsWith(start)
                .matches(java.util.regex.Pattern.quote(start) + "[0-9a-f]{10}");
    }

    @Test
    void theSameObjectMeansTheSameBranchAndAnyOtherAnother() throws Exception {
        BranchName branch = GeneratedBranch.of("session/", "t", "uid", "ns", "p");

        assertThat(branch).isEqualTo(GeneratedBranch.of("session/", "t", "uid", "ns", "p"));
        assertThat(branch.value()).isEqualTo("session/t-" + branch.value().substring(10));
        assertThat(Set.of(
                        branch,
                        GeneratedBranch.of("session/", "t", "uid2", "ns", "p"),
                        GeneratedBranch.of("session/", "t", "uid", "ns2", "p"),
                        GeneratedBranch.of("session/", "t", "uid", "ns", "p2"),
                        GeneratedBranch.of("session/", "t", "uidn", "s", "p"),
                        GeneratedBranch.of("session/", "t", "uid", "nsp", "")))
                .hasSize(6);
    }

    @Test
    void thousandsOfSessionsDoNotMeet() throws Exception {
        Set<BranchName> seen = new HashSet<>();
        for (int n = 0; n < 20_000; n++) {
            assertThat(seen.add(GeneratedBranch.of("session/", "", "uid-" + n, "ns", "p")))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"session, session/x-", "session/, session/x-", "bot-, bot-x-", "'', x-", "a/b/, a/b/x-"})
    void aPrefixIsSeparatedFromTheRest(String prefix, String start) throws Exception {
        assertThat(GeneratedBranch.of(prefix, "x", "uid", "ns", "p").value()).startsWith(start);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "a//", "-x/", "a b/", "refs/heads/", ".x/", "a..", "x\u202E/", "x.lock/"})
    void aPrefixThatCannotBeginABranchIsRefused(String prefix) {
        assertThatThrownBy(() -> GeneratedBranch.of(prefix, "x", "uid", "ns", "p"))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(SharedReason.INVALID_BRANCH))
                .hasMessageStartingWith(
                        "The project's branchPrefix is not a valid start of a branch name: the branch name ");
    }

    @Test
    void anyTitleMakesAShortValidName() {
        HostileText.texts(32, 20_000).forEach(title -> {
            try {
                assertThat(GeneratedBranch.of("session/", title, "uid", "ns", "p")
                                .value())
                        .matches("session/([a-z0-9]+-)*[0-9a-f]{10}")
                        .hasSizeLessThanOrEqualTo(8 + 40 + 11);
            } catch (RefusedException e) {
                throw new AssertionError(title, e);
            }
        });
    }
}
