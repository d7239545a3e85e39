package dev.sessionpublish.forge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.PercentEncoding;
import dev.sessionpublish.outcome.HostileText;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PullRequestLinkTest {
    private static final RepositoryUrl REPOSITORY = new RepositoryUrl("github.com", "acme", "web");
    private static final String HOSTILE = "a'b\"c`id`$(touch${IFS}pwned)$HOME;x&y|z<w>#é%41+日本!1'''";

    @Test
    void theLinkOpensTheFormOfTheRightPairFilledIn() {
        assertThat(link("release/1.0", "session/fix-1", "Fix & ship: 100%", "Line 1\nÄ+B")
                        .url())
                .isEqualTo("https://github.com/acme/web/compare/release/1.0...session/fix-1?expand=1"
                        + "&title=Fix%20%26%20ship%3A%20100%25&body=Line%201%0A%C3%84%2BB");
    }

    @Test
    void whatIsSpecialInAUrlIsEncodedOnceInABranch() {
        assertThat(link("main", "a#b%2F+c&d/é", "", "").url())
                .isEqualTo("https://github.com/acme/web/compare/main...a%23b%252F%2Bc%26d/%C3%A9?expand=1");
    }

    /** The rest is as for GitHub; that the page takes it is tested against the forge itself. */
    @ParameterizedTest
    @EnumSource(names = {"GITEA", "FORGEJO"})
    void giteaAndForgejoHaveTheSamePageAndAToolOfTheirOwn(ForgeKind kind) {
        RepositoryUrl repository = new RepositoryUrl("git.example.com:3000", "acme", "web");
        PullRequestLink link = new PullRequestLink(
                kind, repository, BranchName.of("main"), BranchName.of("fix/1"), "It's \"it\"", "a\nb");

        assertThat(link.url())
                .isEqualTo("https://git.example.com:3000/acme/web/compare/main...fix/1?expand=1"
                        + "&title=It%27s%20%22it%22&body=a%0Ab");
        assertThat(link.command())
                .isEqualTo("tea pulls create --repo 'acme/web' --base 'main' --head 'fix/1'"
                        + " --title 'It'\\''s \"it\"' --description 'a\nb'");
    }

    @Test
    void whereThereIsLittleRoomBodyAndTitleAreLeftOutRatherThanTheLinkCut() {
        PullRequestLink full = link("main", "x", "Fix the login", "é👨‍👩‍👧".repeat(3_000));
        assertThat(full.shortUrl())
                .startsWith("https://github.com/acme/web/compare/main...x?expand=1&title=Fix%20the%20login&body=%C3%A9")
                .matches("[!-~]{600,900}");
        String branch = "é".repeat(120);
        assertThat(link(branch, branch, "Fix", "Body").shortUrl())
                .endsWith("..." + PercentEncoding.of(branch) + "?expand=1");
    }

    @Test
    void aLongBodyIsShortenedAtACharacterAndTheTitleStays() {
        String url = link("main", "x", "t", "é👨‍👩‍👧".repeat(3_000)).url();

        assertThat(url.length()).isBetween(7_900, 8_000);
        String body = query(url, "body");
        assertThat(body).matches("(é👨‍👩‍👧)*é?…").doesNotContain("\uFFFD");
        assertThat(query(url, "title")).isEqualTo("t");
    }

    @Test
    void aTitleThatFillsTheLinkLeavesNoBody() {
        String url = link("main", "x", "ü".repeat(5_000), "body").url();
        assertThat(url.length()).isBetween(7_900, 8_000);
        assertThat(query(url, "title")).matches("ü+…");
    }

    @Test
    void invisibleCharactersGo() {
        PullRequestLink link = link("main", "x", "a\u202Eb\u0000\nc", "d\u200B\u001B[31me\r\nf");
        assertThat(query(link.url(), "title")).isEqualTo("ab c");
        assertThat(query(link.url(), "body")).isEqualTo("de\nf");
        assertThat(link.command()).endsWith("--title 'ab c' --body 'de\nf'");
    }

    @Test
    void anyTextMakesABoundedLinkThatReadsBack() {
        HostileText.texts(61, 3_000).forEach(text -> {
            String head = BranchName.problem(text).isEmpty() ? text : HOSTILE;
            PullRequestLink link = link("main", head, text, text.repeat(40));

            URI url = URI.create(link.url());

            assertThat(link.url())
                    .hasSizeLessThanOrEqualTo(PullRequestLink.MAX_URL)
                    .matches("[!-~]+");
            assertThat(url.getHost()).isEqualTo("github.com");
            assertThat(url.getPath()).isEqualTo("/acme/web/compare/main..." + head);
            assertThat(url.getFragment()).isNull();
            assertThat(query(link.url(), "title")).isEqualTo(link.title());
            assertThat(link.command().getBytes(StandardCharsets.UTF_8))
                    .hasSizeLessThanOrEqualTo(PullRequestLink.MAX_COMMAND);
        });
    }

    @Test
    void aRealShellPassesEachArgumentByteForByte(@TempDir Path dir) throws Exception {
        List<PullRequestLink> links = new ArrayList<>();
        links.add(link(HOSTILE, HOSTILE, HOSTILE, HOSTILE + "\n\n-- \n" + HOSTILE + " \\ \t~ *"));
        links.add(link("main", "x", "--web", "'"));
        links.add(link("main", "x", "", ""));
        links.add(link("main", "x", "'".repeat(256), "'é".repeat(10_000)));
        HostileText.texts(62, 60).forEach(text -> links.add(link("main", HOSTILE, text, text + "\n" + text)));

        for (PullRequestLink link : links) {
            List<String> arguments = run(link.command(), dir);

            assertThat(arguments.subList(0, 9))
                    .containsExactly(
                            "pr",
                            "create",
                            "--repo",
                            "https://github.com/acme/web",
                            "--base",
                            link.base().value(),
                            "--head",
                            link.head().value(),
                            "--title");
            assertThat(arguments).hasSize(12);
            assertThat(arguments.get(9)).isEqualTo(link.title());
            assertThat(arguments.get(10)).isEqualTo("--body");
            assertThat(arguments.get(11))
                    .satisfiesAnyOf(body -> assertThat(body).isEqualTo(link.body()), body -> assertThat(body)
                            .endsWith("…")
                            .startsWith(link.body().substring(0, 1_000)));
        }
        assertThat(dir.resolve("pwned")).doesNotExist();
    }

    @Test
    void aCommandIsBoundedByItsBody() {
        PullRequestLink link = link("main", "x", "t", "'".repeat(10_000));
        assertThat(link.command().length()).isLessThanOrEqualTo(PullRequestLink.MAX_COMMAND);
        assertThat(link.command()).contains("--title 't'").endsWith("…'");
    }

    /** What a program named gh gets from a shell that is given the command. */
    private static List<String> run(String command, Path dir) throws IOException, InterruptedException {
        Path gh = dir.resolve("gh");
        Path out = dir.resolve("out");
        if (!Files.exists(gh)) {
            Files.writeString(gh, "#!/bin/sh\nprintf '%s\\0' \"$@\"\n");
            assertThat(gh.toFile().setExecutable(true)).isTrue();
        }
        Path script = dir.resolve("script");
        Files.writeString(script, command + "\n");
        ProcessBuilder shell = new ProcessBuilder("sh", script.toString());
        shell.directory(dir.toFile());
        shell.environment().put("PATH", dir + ":" + shell.environment().get("PATH"));
        Process process = shell.redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor()).isZero();
        String printed = Files.readString(out);
        return Arrays.asList(printed.substring(0, printed.length() - 1).split("\0", -1));
    }

    private static String query(String url, String parameter) {
        for (String part : url.substring(url.indexOf('?') + 1).split("&")) {
            if (part.startsWith(parameter + "=")) {
                return URLDecoder.decode(part.substring(parameter.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    private static PullRequestLink link(String base, String head, String title, String body) {
        return new PullRequestLink(
                ForgeKind.GITHUB, REPOSITORY, BranchName.of(clean(base)), BranchName.of(clean(head)), title, body);
    }

    /** Without what git refuses in a branch, so that the rest can be as hostile as git allows. */
    private static String clean(String name) {
        return name.replaceAll("[ ~^:?*\\[\\\\]", "");
    }
}
