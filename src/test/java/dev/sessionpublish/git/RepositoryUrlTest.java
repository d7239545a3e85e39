package dev.sessionpublish.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.outcome.HostileText;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryUrlTest {

    @ParameterizedTest
    @CsvSource({
        "https://github.com/acme/web, https://github.com/acme/web",
        "https://github.com/acme/web.git, https://github.com/acme/web",
        "https://github.com/acme/web/, https://github.com/acme/web",
        "https://github.com/acme/web.git/, https://github.com/acme/web",
        "HTTPS://GitHub.COM/Acme/Web, https://github.com/Acme/Web",
        "https://github.com:443/acme/web, https://github.com/acme/web",
        "https://git.example.com:8443/acme/web, https://git.example.com:8443/acme/web",
        "https://user:s3cret@github.com/acme/web, https://github.com/acme/web",
        "https://token@github.com/acme/web.git, https://github.com/acme/web",
        "https://127.0.0.1:3000/a/b, https://127.0.0.1:3000/a/b",
        "https://[::1]:3000/a/b, https://[::1]:3000/a/b",
        "https://xn--gthub-ota.com/a/b, https://xn--gthub-ota.com/a/b",
        "https://octo.ghe.com/a/b.c, https://octo.ghe.com/a/b.c",
        "https://github.com/acme/.github, https://github.com/acme/.github",
        "https://github.com/-a_/-b, https://github.com/-a_/-b",
    })
    void everySpellingOfAUrlHasOneCanonicalForm(String text, String web) throws Exception {
        RepositoryUrl url = RepositoryUrl.parse(text);

        assertThat(url.web()).isEqualTo(web).isEqualTo(url.toString());
        assertThat(url.git()).hasToString(web + ".git");
        assertThat(RepositoryUrl.parse(url.web())).isEqualTo(url);
        assertThat(RepositoryUrl.parse(url.git().toString())).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "github.com/a/b",
                "http://github.com/a/b",
                "file:///a/b",
                "ftp://h/a/b",
                "https:/github.com/a/b",
                "https:github.com/a/b",
                "https://",
                "https://github.com",
                "https://github.com/",
                "https://github.com/a",
                "https://github.com/a/",
                "https://github.com//b",
                "https://github.com/a//b",
                "https://github.com/a/b//",
                "https://github.com/a/b/c",
                "https://github.com/a/b/tree/main",
                "https://github.com/a/b?x=1",
                "https://github.com/a/b#readme",
                "https://github.com/a/..",
                "https://github.com/../b",
                "https://github.com/a/.",
                "https://github.com/./b",
                "https://github.com/a/../b",
                "https://github.com/a%2Fb",
                "https://github.com/a/%2e%2e",
                "https://github.com/a/b%00",
                "https://github.com/a\\b",
                "https://github.com\\@evil.example/a/b",
                "https://github.com/a/.git",
                "https://github.com/a/b.git.git",
                "https://github.com/a/b.GIT",
                "https://github.com/a/b c",
                "https://github.com/a/b\n",
                " https://github.com/a/b",
                "https://github.com/a/b\u0000",
                "https://gіthub.com/a/b",
                "https://github.com/a/bä",
                "https://github。com/a/b",
                "https://github.com./a/b",
                "https://.github.com/a/b",
                "https://git_hub.com/a/b",
                "https://-x.com/a/b",
                "https://github.com:/a/b",
                "https://github.com:0/a/b",
                "https://github.com:70000/a/b",
                "https://github.com:0443/a/b",
                "https://github.com:x/a/b",
                "https://u@v@github.com/a/b",
                "https:///a/b",
                "https://[::1/a/b",
                "https://[:::::::::]/a/b",
                "https://[::1]x/a/b",
                "https://github.com/a@b/c",
                "https://github.com/a:b/c",
                "https://github.com/a;x/b",
                "https://github.com/$(id)/b"
            })
    void whatTwoProgramsCouldReadDifferentlyIsRefused(String text) {
        assertThatThrownBy(() -> RepositoryUrl.parse(text))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(SharedReason.INVALID_REPO_URL))
                .hasMessageContaining("write it as https://HOST/OWNER/NAME");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "git@github.com:acme/web.git", "github.com:acme/web", "ssh://git@github.com/acme/web.git",
                "SSH://git@GitHub.com:22/acme/web", "git+ssh://git@github.com/acme/web", "git@github.com:/acme/web.git",
                "git://github.com/acme/web"
            })
    void anSshFormIsToldTheHttpsFormToWrite(String text) {
        assertThatThrownBy(() -> RepositoryUrl.parse(text))
                .hasMessageContaining("does not start with https://; write https://github.com/acme/web");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://me:hunter2@github.com/a/b/c", "http://me:hunter2@github.com/a/b", "https://hunter2@github.com",
                "ssh://me:hunter2@github.com/a/b", "https://me:hunter2@gi_thub.com/a/b", "https://x@hunter2@h/a/b"
            })
    void noMessageRepeatsUserinfo(String text) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> RepositoryUrl.parse(text));
        assertThat(refused.getMessage()).doesNotContain("hunter2");
    }

    @Test
    void aLookAlikeInTheUserinfoIsNotTheHost() throws Exception {
        assertThat(RepositoryUrl.parse("https://github.com@evil.example/a/b").authority())
                .isEqualTo("evil.example");
    }

    @Test
    void partsThatAreNotCanonicalMakeNoUrl() {
        for (RepositoryUrlParts bad : new RepositoryUrlParts[] {
            new RepositoryUrlParts("GitHub.com", "a", "b"),
            new RepositoryUrlParts("github.com:443", "a", "b"),
            new RepositoryUrlParts("github.com", "a/b", "c"),
            new RepositoryUrlParts("github.com", "a", "b.git"),
            new RepositoryUrlParts("github.com", "a", ".."),
        }) {
            assertThatThrownBy(() -> new RepositoryUrl(bad.authority, bad.owner, bad.name))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anyTextIsEitherACanonicalUrlOrRefusedInAShortSentence() {
        Stream.of(
                        HostileText.texts(21, 20_000),
                        HostileText.mutations("https://github.com/acme/web.git", 22, 30_000),
                        HostileText.mutations("git@github.com:acme/web.git", 23, 10_000),
                        HostileText.mutations("https://u:p@[::1]:8443/a/b/", 24, 10_000),
                        Stream.of("https://" + "a.".repeat(100_000), "git@" + "a".repeat(1_000_000)))
                .flatMap(each -> each)
                .forEach(text -> {
                    try {
                        RepositoryUrl url = RepositoryUrl.parse(text);
                        assertThat(url.git().getHost()).isNotEmpty();
                        assertThat(url.git().getUserInfo()).isNull();
                        assertThat(url.web()).matches("https://[a-z0-9.:\\[\\]-]+/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+");
                    } catch (RefusedException e) {
                        assertThat(e.reason()).isEqualTo(SharedReason.INVALID_REPO_URL);
                        assertThat(e.getMessage()).matches("The repository URL [ -~]{1,400}");
                    }
                });
    }

    private record RepositoryUrlParts(String authority, String owner, String name) {}
}
