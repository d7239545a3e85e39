package dev.sessionpublish.publish.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.outcome.HostileText;
import dev.sessionpublish.publish.plan.PullRequestText.Commit;
import dev.sessionpublish.publish.plan.PullRequestText.Commits;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PullRequestTextTest {
    private static final String ZWSP = "&ZeroWidthSpace;";

    @Test
    void theTitleIsTheSpecsElseTheTasksElseTheNewestCommitsElseTheSessions() {
        assertThat(text("spec", null, "task", null, "newest", "older").title()).isEqualTo("spec");
        assertThat(text(" ", null, "task", null, "newest", "older").title()).isEqualTo("task");
        assertThat(text(null, null, null, null, "newest", "older").title()).isEqualTo("newest");
        assertThat(text(null, null, "\n", null, "only").title()).isEqualTo("only");
        assertThat(text(null, null, null, null).title()).isEqualTo("Agent updates for session s7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "---",
                "- - -",
                "***",
                "___",
                "===",
                "#",
                "## ##",
                ">",
                "> -",
                "-",
                "1.",
                "2)",
                "- [ ]",
                "* [x]",
                "```",
                "```java",
                "~~~ diff",
                "``` ```",
                "[]()",
                "[](https://example.com/a)",
                "![](<a b.png> \"title\")",
                "[ref]: https://example.com",
                "<!-- a comment -->",
                "<br>",
                "<details open></details>",
                "<p align=\"center\">",
                "&nbsp;",
                "&#8203;&#x200b;",
                "|---|:-:|",
                "**  **",
                "...",
                "???",
                "───",
                "█▒░",
                "\u2800",
                "\uFFFD",
                "\u200B\u200D",
                "\uFE0F",
                "\u3164",
                "\u0301",
                "\uD800"
            })
    void markupAloneIsNoTitle(String written) {
        assertThat(text(null, null, written, null, "newest").title()).isEqualTo("newest");
        assertThat(text(null, null, "task", null, written).title()).isEqualTo("task");
        assertThat(text(null, null, written, null, written).title()).isEqualTo("Agent updates for session s7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "7",
                "C++",
                "# Fix",
                "--- a",
                "Vec<u8>",
                "🚀",
                "→",
                "€",
                "修",
                "[a]()",
                "1. a",
                "`a`",
                "v1.",
                "https://example.com",
                "<https://example.com>",
                "[x] done",
                "a & b"
            })
    void aTitleWithSomethingToReadIsKept(String written) {
        assertThat(text(null, null, written, null, "newest").title()).isEqualTo(written);
    }

    @Test
    void markupThatLeavesNoRoomForTheTextIsNoTitle() {
        assertThat(text(null, null, "-".repeat(100) + " Fix", null, "newest").title())
                .isEqualTo("newest");
        assertThat(text(null, null, "<!-- " + "x".repeat(100) + " -->", null, "newest")
                        .title())
                .isEqualTo("newest");
    }

    @Test
    void theUsersOwnTitleMayBeMarkup() {
        assertThat(text("---", null, "task", null).title()).isEqualTo("---");
    }

    @Test
    void aDefaultedTitleHasSeventyTwoCharactersAndAWrittenOneTwoHundredFiftySix() {
        assertThat(text(null, null, "x".repeat(72), null).title()).isEqualTo("x".repeat(72));
        assertThat(text(null, null, "x".repeat(73), null).title()).isEqualTo("x".repeat(71) + "…");
        assertThat(text("x".repeat(256), null, null, null).title()).isEqualTo("x".repeat(256));
        assertThat(text("x".repeat(257), null, null, null).title()).isEqualTo("x".repeat(255) + "…");
        assertThat(text(null, null, "👨‍👩‍👧".repeat(20), null).title()).isEqualTo("👨‍👩‍👧".repeat(8) + "…");
    }

    @Test
    void aTitleIsOneLine() {
        assertThat(text("a\nb\u202E", null, null, null).title()).isEqualTo("a b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "thanks @octocat|thanks @ octocat",
                "ask @acme/team|ask @ acme/team",
                "mail me@example.com|mail me@example.com",
                "Fixes #12|Fixes # 12",
                "closes acme/web#12|closes acme/web# 12",
                "resolves GH-12|resolves GH 12",
                "merge !12|merge ! 12",
                "fix https://github.com/acme/web/issues/12|fix https://github.com/acme/web/issues/ 12",
                "fix https://github.com/acme/web/pull/12|fix https://github.com/acme/web/pull/ 12",
                "C# and F#|C# and F#",
            })
    void aDefaultedTitleNamesNobodyAndClosesNothing(String task, String title) {
        assertThat(text(null, null, task, null).title()).isEqualTo(title);
        assertThat(text(null, null, null, null, task).title()).isEqualTo(title);
        assertThat(text(task, null, null, null).title()).isEqualTo(task);
    }

    @Test
    void theBodyIsSummaryCommitsAndFooter() {
        assertThat(text(null, null, null, "# Done\n\n- the *form*\n- `code`\n", "Fix form", "Add form")
                        .body())
                .isEqualTo("""
                        > # Done
                        >
                        > - the *form*
                        > - `code`

                        Commits, newest first:

                        - abc1230 Fix form
                        - abc1231 Add form

                        ---
                        Published from session s7, requested by jo@&ZeroWidthSpace;example.com, as SessionPublish team/p1.
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@octocat",
                "hey @acme/team!",
                "fixes #12",
                "closes acme/web#12",
                "GH-12",
                "gh-12",
                "!12",
                "fixes https://github.com/acme/web/issues/12",
                "closes https://github.com/acme/web/pull/12",
                "\\@octocat",
                "&#64;octocat",
                "&commat;octocat",
                "fixes &#35;12",
                "fixes \\#12",
                "GH\\-12",
                "[x](https://github.com/acme/web/issues/12)",
                "<!-- -->@octocat",
                "@<!-- -->octocat"
            })
    void agentsTextInTheBodyNamesNobodyAndClosesNothing(String written) {
        for (String body : List.of(
                text(null, null, null, written).body(),
                text(null, null, null, null, written).body())) {
            String agents = body.substring(0, body.indexOf("\n---\n"));
            for (String seen : List.of(agents, rendered(agents))) {
                assertThat(seen)
                        .doesNotContainPattern("@[A-Za-z0-9]")
                        .doesNotContainPattern("#[0-9]")
                        .doesNotContainPattern("(?i)gh-[0-9]")
                        .doesNotContainPattern("![0-9]")
                        .doesNotContainPattern("(issues|pull)/[0-9]");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "</details><script>x</script>",
                "<!-- open",
                "```\nopen fence",
                "~~~\nopen",
                "<details>",
                "---",
                "> nested\nlazy",
                "\n\n# heading",
                "1. a\n\n   b",
                "[^1]: footnote",
                "![i](https://evil.example/x.png)",
                "<img src=x>",
                "=====",
                "| a |\n|---|",
                "\u2028# other line",
                "\r# other line",
                "\u0085# other line"
            })
    void agentsTextStaysInItsPlace(String written) {
        String summary = text(null, null, null, "first\n" + written + "\nlast").body();
        List<String> quoted =
                summary.substring(0, summary.indexOf("\n\n---\n")).lines().toList();
        assertThat(quoted)
                .allMatch(line -> line.startsWith(">"))
                .noneMatch(line -> line.matches(".*[\\r\\u2028\\u0085].*"));
        assertThat(summary).doesNotContain("<").doesNotContain("![").doesNotContain("[^");

        String commits = text(null, null, null, null, written).body();
        assertThat(commits.lines().filter(line -> !line.isEmpty()))
                .hasSize(4)
                .element(1)
                .asString()
                .startsWith("- abc1230 ");
        assertThat(commits).doesNotContain("<").doesNotContainPattern("(?<!\\\\)[`\\[\\]*]");
    }

    @Test
    void aSubjectShowsAsItWasWritten() {
        assertThat(text(null, null, null, null, "Use `x[i]` & a_b*c | <T> ~1 $2")
                        .body())
                .contains("- abc1230 Use \\`x\\[i\\]\\` &amp; a\\_b\\*c \\| &lt;T> \\~1 \\$2\n");
    }

    @Test
    void theUsersOwnTextPassesAsItIs() {
        String own = "Fixes #12, thanks @octocat\n\n<details>\n    code\n</details>";
        assertThat(text(null, own, null, "summary", "subject").body()).isEqualTo(own);
        assertThat(text(null, "a\u0000\u202Eb\r\nc", null, null).body()).isEqualTo("ab\nc");
        assertThat(text(null, "x".repeat(70_000), null, null).body())
                .hasSize(65_536)
                .endsWith("x…");
        assertThat(text(null, " \n", null, "summary").body()).startsWith("> summary");
    }

    @Test
    void longListsSayHowManyMoreThereAre() {
        List<Commit> fifty = IntStream.range(0, 60)
                .mapToObj(n -> new Commit("abc" + n, "subject " + n))
                .toList();
        String body = PullRequestText.of(source(null, null, null, null, new Commits(fifty, 1_234)))
                .body();
        assertThat(body).contains("- abc49 subject 49\n- … and 1184 more\n").doesNotContain("abc50");
    }

    @Test
    void theFooterIsNeverCutOff() {
        String worst = "@".repeat(100_000);
        String[] subjects = new String[60];
        Arrays.fill(subjects, worst);

        PullRequestText text = text(null, null, worst, worst, subjects);

        assertThat(text.body()).hasSizeLessThanOrEqualTo(65_536).endsWith("as SessionPublish team/p1.\n");
        assertThat(text.body().replace("@" + ZWSP, "")).doesNotContain("@").contains(" more\n");
    }

    @Test
    void anyTextMakesABoundedTitleAndBody() {
        Pattern reference = Pattern.compile("@[A-Za-z0-9]|#[0-9]|<|!\\[|\\[\\^");
        HostileText.texts(71, 5_000).forEach(each -> {
            PullRequestText text = text(null, null, each, each, each, each);
            assertThat(text.title()).isNotEmpty().hasSizeLessThanOrEqualTo(72).doesNotContain("\n");
            assertThat(text.body()).hasSizeLessThanOrEqualTo(65_536).endsWith("as SessionPublish team/p1.\n");
            assertThat(reference.matcher(text.body()).find()).as(text.body()).isFalse();
        });
    }

    /** What a Markdown reader makes of entities and escapes. */
    private static String rendered(String markdown) {
        return markdown.replaceAll("\\\\(\\p{Punct})", "$1")
                .replace(ZWSP, "\u200B")
                .replace("&lt;", "<")
                .replaceAll("&amp;", "&");
    }

    private static PullRequestText text(
            @Nullable String specTitle,
            @Nullable String specBody,
            @Nullable String task,
            @Nullable String summary,
            String... newestFirst) {
        List<Commit> commits = IntStream.range(0, newestFirst.length)
                .mapToObj(n -> new Commit("abc123" + n, newestFirst[n]))
                .toList();
        return PullRequestText.of(source(specTitle, specBody, task, summary, new Commits(commits, commits.size())));
    }

    private static PullRequestText.Source source(
            @Nullable String specTitle,
            @Nullable String specBody,
            @Nullable String task,
            @Nullable String summary,
            Commits commits) {
        return PullRequestTextSourceBuilder.builder()
                .specTitle(Optional.ofNullable(specTitle))
                .specBody(Optional.ofNullable(specBody))
                .taskTitle(Optional.ofNullable(task))
                .summary(Optional.ofNullable(summary))
                .commits(commits)
                .session("s7")
                .requestedBy(Optional.of("jo@example.com"))
                .namespace("team")
                .name("p1")
                .build();
    }
}
