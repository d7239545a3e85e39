package dev.sessionpublish.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InfoRefsTest {
    private static final String SUFFIX = "/info/refs?service=git-receive-pack";
    private static final URI FROM = URI.create("https://git.example.com/acme/web.git");

    @ParameterizedTest
    @CsvSource({
        "https://git.example.com/acme/site.git, https://git.example.com/acme/site.git",
        "https://GIT.example.com/acme/site.git, https://GIT.example.com/acme/site.git",
        "https://git.example.com:443/acme/site.git, https://git.example.com:443/acme/site.git",
        "HTTPS://git.example.com/acme/site, HTTPS://git.example.com/acme/site",
        "/acme/site.git, https://git.example.com/acme/site.git",
        "//git.example.com/acme/site.git, https://git.example.com/acme/site.git"
    })
    void aRedirectOnTheSameHostIsFollowed(String location, URI to) {
        assertThat(InfoRefs.follow(FROM, SUFFIX, location + SUFFIX)).contains(to);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://git.example.com/acme/site.git",
                "http://git.example.com:443/acme/site.git",
                "https://git.example.com:8443/acme/site.git",
                "https://evil.example/acme/site.git",
                "https://git.example.com.evil.example/acme/site.git",
                "https://git.example.com@evil.example/acme/site.git",
                "https://user@git.example.com/acme/site.git",
                "https://git.example.com:443@evil.example/acme/site.git",
                "https://evil.example\\@git.example.com/acme/site.git",
                "//evil.example/acme/site.git",
                "ftp://git.example.com/acme/site.git",
                "https:acme/site.git",
                "https:///acme/site.git",
                "https://git.example.com:/acme/site.git",
                "https://git example.com/acme/site.git"
            })
    void aRedirectToAnotherHostPortOrSchemeIsNot(String location) {
        assertThat(InfoRefs.follow(FROM, SUFFIX, location + SUFFIX)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://git.example.com/login?next=/acme/web.git/info/refs",
                "https://git.example.com/acme/web.git/info/refs?service=git-upload-pack",
                "https://git.example.com/",
                ""
            })
    void aRedirectToWhatIsNoRepositoryIsNot(String location) {
        assertThat(InfoRefs.follow(FROM, SUFFIX, location)).isEmpty();
    }
}
