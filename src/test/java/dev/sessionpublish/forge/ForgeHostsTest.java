package dev.sessionpublish.forge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.outcome.HostileText;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForgeHostsTest {
    private static final Path FILE = Path.of("/etc/session-publish/forges.yaml");

    @Test
    void withoutAListThereIsGithubComAlone() {
        assertThat(ForgeHosts.DEFAULT.find("github.com")).contains(ForgeHost.GITHUB_COM);
        assertThat(ForgeHosts.DEFAULT.all()).hasSize(1);
        assertThat(ForgeHosts.DEFAULT.find("github.com.evil.example")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "github.com, GitHub, https://api.github.com",
        "acme.ghe.com, GitHub, https://api.acme.ghe.com",
        "GHE.example.com, github, https://ghe.example.com/api/v3",
        "git.example.com:8443, Gitea, https://git.example.com:8443/api/v1",
        "codeberg.org:443, Forgejo, https://codeberg.org/api/v1",
        "127.0.0.1:3000, gitea, https://127.0.0.1:3000/api/v1",
    })
    void eachKindHasItsUsualApi(String host, String kind, String api) {
        ForgeHosts hosts = ForgeHosts.parse("- {host: \"" + host + "\", kind: " + kind + "}\n", FILE);

        ForgeHost found = hosts.all().iterator().next();
        assertThat(found.apiUrl()).hasToString(api);
        assertThat(found.kind().name()).isEqualToIgnoringCase(kind);
        assertThat(hosts.find(found.authority())).contains(found);
    }

    @Test
    void aListSaysWhatIsUnusual() {
        ForgeHosts hosts = ForgeHosts.parse("""
                - host: github.com
                - host: git.example.com
                  kind: Forgejo
                  apiUrl: https://api.example.com/forge/v1/
                  caBundle: ca/private.pem
                - host: other.example.com
                  kind: GitHub
                  caBundle: /etc/ssl/other.pem
                """, FILE);

        assertThat(hosts.find("github.com")).contains(ForgeHost.GITHUB_COM);
        assertThat(hosts.find("git.example.com"))
                .contains(new ForgeHost(
                        "git.example.com",
                        ForgeKind.FORGEJO,
                        URI.create("https://api.example.com/forge/v1"),
                        Optional.of(Path.of("/etc/session-publish/ca/private.pem")),
                        Set.of("git.example.com")));
        assertThat(hosts.find("other.example.com").orElseThrow().caBundle()).contains(Path.of("/etc/ssl/other.pem"));
    }

    /** GitHub documents the storage's names for Git LFS in "Communicating with self-hosted runners". */
    @Test
    void githubComHasTheHostsOfItsLfsStorage() {
        assertThat(ForgeHosts.parse("- {host: github.com, lfsHosts: [lfs.example.com]}", FILE)
                        .find("github.com")
                        .orElseThrow()
                        .lfsHosts())
                .containsExactlyInAnyOrder(
                        "github.com",
                        "lfs.github.com",
                        "github-cloud.s3.amazonaws.com",
                        "github-cloud.githubusercontent.com",
                        "lfs.example.com");
    }

    @Test
    void theForgesOwnHostsAreThoseOfGitAndOfTheApi() {
        ForgeHost host = ForgeHosts.parse(
                        "- {host: 'git.example.com:8443', kind: Gitea, apiUrl: 'https://API.example.com/v1'}", FILE)
                .find("git.example.com:8443")
                .orElseThrow();
        assertThat(host.ownHosts()).containsExactlyInAnyOrder("git.example.com", "api.example.com");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|must be a YAML list",
                "[]|the list is empty; add at least one host",
                "github.com|must be a YAML list",
                "{host: github.com}|must be a YAML list",
                "- [|must be a YAML list",
                "-|entry 1: the entry is empty",
                "- {kind: GitHub}|entry 1: host is missing",
                "- {host: git.example.com}|entry 1: kind must be GitHub, Gitea or Forgejo",
                "- {host: git.example.com, kind: GitLab}|entry 1: kind must be",
                "- {host: github.com, kind: Gitea}|entry 1: kind of github.com must be GitHub",
                "- {host: 'https://github.com', kind: GitHub}|entry 1: host must be",
                "- {host: 'github.com/x', kind: GitHub}|entry 1: host must be",
                "- {host: github.com, insecure: true}|insecure",
                "- {host: github.com, apiUrl: 'http://api.github.com'}|entry 1: apiUrl must be an https URL",
                "- {host: github.com, apiUrl: 'https://u:p@api.github.com'}|entry 1: apiUrl must be an https URL",
                "- {host: github.com, apiUrl: 'https://h/?x'}|entry 1: apiUrl must be an https URL",
                "- {host: github.com, apiUrl: 'https://h h'}|entry 1: apiUrl must be an https URL",
            })
    void aMistakeIsToldWithFileAndEntry(String yaml, String part) {
        assertThatThrownBy(() -> ForgeHosts.parse(yaml, FILE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("/etc/session-publish/forges.yaml")
                .hasMessageContaining(part);
    }

    @Test
    void theSameHostTwiceIsAMistake() {
        assertThatThrownBy(() -> ForgeHosts.parse("[{host: github.com}, {host: 'GitHub.com:443'}]", FILE))
                .hasMessage("/etc/session-publish/forges.yaml, entry 2: host github.com is a duplicate;"
                        + " remove one of the entries");
    }

    @Test
    void anyTextIsAListOrAMistake() {
        String good = "- {host: github.com, kind: GitHub, apiUrl: 'https://api.github.com', caBundle: x.pem}";
        HostileText.mutations(good, 41, 5_000).forEach(text -> {
            try {
                assertThat(ForgeHosts.parse(text, FILE).all())
                        .allSatisfy(host -> assertThat(host.apiUrl()).hasScheme("https"));
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageStartingWith(FILE.toString());
            }
        });
    }
}
